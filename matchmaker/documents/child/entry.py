"""The child's beginning and end: bind itself, do one task, say how it went."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Mapping
from typing import IO, Any

from matchmaker.documents.refusals import Reason, Refusal
from matchmaker.documents.values import Limits


def main() -> None:
    """Do the task named on the command line under the limits of the order."""
    task, order_fd, reply_fd = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    with os.fdopen(order_fd, "rb") as file:
        order = json.load(file)
    limits = Limits(**order["limits"])
    _bind(limits)
    with os.fdopen(0, "rb") as source, os.fdopen(reply_fd, "wb") as reply:
        verdict = _attempt(task, source, reply, limits, order["request"])
    sys.stdout.write(json.dumps(verdict))


def _bind(limits: Limits) -> None:
    """From here on the kernel refuses what is too much."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.reply_bytes, limits.reply_bytes))


def _attempt(
    task: str, source: IO[bytes], reply: IO[bytes], limits: Limits, request: Mapping[str, Any]
) -> Mapping[str, object]:
    try:
        _do(task, source, reply, limits, request)
        reply.flush()
    except Refusal as refusal:
        return {"reason": refusal.reason, "details": refusal.details}
    except (MemoryError, OSError):
        return {"reason": Reason.TOO_SLOW, "details": {}}
    except BaseException:  # noqa: BLE001 -- a parser that panics has met a file it cannot read
        return {"reason": Reason.DAMAGED, "details": {}}
    return {}


def _do(task: str, source: IO[bytes], reply: IO[bytes], limits: Limits, request: Mapping[str, Any]) -> None:
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would load it for nothing, at a cost in memory
    if task == "read":
        from matchmaker.documents.child.telling import tell  # noqa: PLC0415 -- slow import

        tell(source, reply, str(request["filename"]), limits)
    else:
        from matchmaker.documents.child.marking import mark  # noqa: PLC0415 -- slow import

        mark(source, reply, request, limits)
