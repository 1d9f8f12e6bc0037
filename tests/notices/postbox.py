"""A mail server of the tests' own, on a loopback port: takes letters, or refuses them as it is told."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


class _Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a client that sends plain letters needs."""

    server: Postbox

    def handle(self) -> None:
        self._say("220 postbox")
        while line := self.rfile.readline():
            if not self._answer(line.decode("ascii").strip()):
                return

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def _answer(self, said: str) -> bool:
        verb = said[:4].upper()
        if verb == "RCPT":
            self._say(self.server.reply_to_recipient)
        elif verb == "DATA":
            self._take()
        else:
            self._say("221 bye" if verb == "QUIT" else "250 ok")
        return verb != "QUIT"

    def _take(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.server.hangs_up:
            return
        self.server.letters.append(message_from_bytes(b"".join(lines), policy=default))
        self._say("250 taken")


class Postbox(socketserver.ThreadingTCPServer):
    """The letters it took; `reply_to_recipient` and `hangs_up` make it refuse or break off."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.letters: list[EmailMessage] = []
        self.reply_to_recipient = "250 ok"
        self.hangs_up = False
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def close(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
