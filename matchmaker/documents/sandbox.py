"""A stranger's file is opened in a child process that may use little memory, time and disk.

The child has no environment, hence none of our secrets; it reads its standard input, writes
one reply file, and tells its verdict in JSON. Whatever kills it is a refusal of the file.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO

from matchmaker.documents.errors import UnreadableWorkbook
from matchmaker.documents.refusals import Reason
from matchmaker.documents.values import Limits

_ROOT = str(Path(__file__).resolve().parents[2])
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from matchmaker.documents.child.entry import main; main()"


def run_apart(
    task: str, source: IO[bytes], reply: IO[bytes], *, limits: Limits, request: Mapping[str, object] | None = None
) -> None:
    """Let the child do `task` on `source` and write to `reply`, both real files.

    Raises UnreadableWorkbook when the child refuses, dies or does not end in time.
    """
    with tempfile.TemporaryFile() as verdict, tempfile.TemporaryFile() as order:
        order.write(json.dumps({"limits": asdict(limits), "request": request or {}}).encode())
        for file in (source, order):
            file.seek(0)
        _wait(_start(task, source, reply, verdict, order), limits)
        _judge(verdict)
    reply.seek(0)


def _start(
    task: str, source: IO[bytes], reply: IO[bytes], verdict: IO[bytes], order: IO[bytes]
) -> subprocess.Popen[bytes]:
    reply.flush()
    order.flush()
    return subprocess.Popen(  # noqa: S603 -- our own interpreter and our own module
        [sys.executable, "-I", "-c", _BOOT, _ROOT, task, str(order.fileno()), str(reply.fileno())],
        stdin=source,
        stdout=verdict,
        stderr=subprocess.DEVNULL,
        pass_fds=(order.fileno(), reply.fileno()),
        env={},
        cwd="/",
    )


def _wait(child: subprocess.Popen[bytes], limits: Limits) -> None:
    with child:
        try:
            child.wait(limits.wall_seconds)
        except subprocess.TimeoutExpired:
            child.kill()


def _judge(verdict: IO[bytes]) -> None:
    """No verdict means that the child was killed: by its memory, its time, or a fault of the parser."""
    verdict.seek(0)
    line = verdict.read(10_000)
    if not line:
        raise UnreadableWorkbook(Reason.TOO_SLOW)
    answer = json.loads(line)
    if "reason" in answer:
        raise UnreadableWorkbook(Reason(answer["reason"]), **answer["details"])
