"""Letters, the paper they are written on, and the mail server they are handed to."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr
from types import TracebackType
from typing import Final, Self

from jinja2 import Environment, FileSystemLoader

from matchmaker.db import utcnow
from matchmaker.i18n import gettext, ngettext
from matchmaker.settings import ROOT, MailServer

_PATIENCE: Final = 10  # seconds the server may take for one answer
_LONGEST_LINE: Final = 900  # so that an address in a header is never folded
_FOR_GOOD: Final = 500  # SMTP replies from here on will be the same tomorrow


class ServerAway(Exception):
    """The mail server cannot be reached or does not let us in; no letter is to blame."""


class LetterRefused(Exception):
    """The server did not take one letter, for now or for good."""

    def __init__(self, *, is_final: bool) -> None:
        self.is_final = is_final
        super().__init__()


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is written, as text and as HTML, and the address that stops such letters, if there are more."""

    to: str
    subject: str
    text: str
    html: str
    stop_url: str = ""


def paper(*, autoescape: bool) -> Environment:
    """Templates as the pages have them; a letter is written where no request is."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=autoescape,  # noqa: S701 -- off for plain text only
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment


def message_of(letter: Letter, *, server: MailServer, dedup: str) -> Message:
    """The letter as it travels; sent again it has the same number, so that a reader's program shows it once.

    The older of Python's two ways to write headers: the newer loses spaces where it folds a Chinese subject.
    """
    message = MIMEMultipart("alternative", policy=compat32.clone(max_line_length=_LONGEST_LINE))
    name, address = parseaddr(server.sender)
    message["From"] = formataddr((str(Header(name, "utf-8")), address)) if name else address
    message["To"], message["Subject"] = letter.to, Header(letter.subject, "utf-8", header_name="Subject").encode()
    message["Date"] = format_datetime(utcnow())
    message["Message-ID"] = f"<{hashlib.sha256(dedup.encode()).hexdigest()[:40]}@{server.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.stop_url:
        message["List-Unsubscribe"] = f"<{letter.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.attach(MIMEText(letter.text, "plain", "utf-8"))
    message.attach(MIMEText(letter.html, "html", "utf-8"))
    return message


class PostOffice:
    """One conversation with the mail server, for as many letters as there are."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Connect and sign in. Raises ServerAway."""
        try:
            self._line = self._connect()
        except (OSError, smtplib.SMTPException) as fault:
            raise ServerAway(type(fault).__name__) from fault
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Say goodbye; a server that has gone already is not missed."""
        if self._line is not None:
            try:
                self._line.quit()
            except (OSError, smtplib.SMTPException):
                self._line.close()

    def hand_over(self, message: Message) -> None:
        """Send one letter. Raises LetterRefused and ServerAway."""
        assert self._line is not None  # noqa: S101 -- as `with` promises
        try:
            self._line.send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = [code for code, _reason in refusal.recipients.values()]
            raise LetterRefused(is_final=min(codes) >= _FOR_GOOD) from None
        except smtplib.SMTPServerDisconnected as fault:
            raise ServerAway(type(fault).__name__) from fault
        except smtplib.SMTPResponseException as refusal:
            raise LetterRefused(is_final=refusal.smtp_code >= _FOR_GOOD) from None
        except smtplib.SMTPException:
            raise LetterRefused(is_final=True) from None
        except OSError as fault:
            raise ServerAway(type(fault).__name__) from fault

    def _connect(self) -> smtplib.SMTP:
        server, trust = self._server, ssl.create_default_context()
        if server.encryption == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_PATIENCE, context=trust)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=_PATIENCE)
        try:
            if server.encryption == "starttls":
                line.starttls(context=trust)
            if server.user:
                line.login(server.user, server.password.get_secret_value())
        except BaseException:
            line.close()
            raise
        return line
