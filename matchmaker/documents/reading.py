"""Reading a workbook somebody sent us."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from matchmaker.documents.errors import UnreadableWorkbook
from matchmaker.documents.refusals import Reason
from matchmaker.documents.sandbox import run_apart
from matchmaker.documents.values import CellValue, FileKind, Hole, Limits, Merge, Row, Sheet, Workbook

_LIMITS = Limits()
_SHARED_LENGTH = 60  # texts up to this length are kept once however often they occur


def read_workbook(source: Path | bytes, filename: str, limits: Limits = _LIMITS) -> Workbook:
    """The plain values of an .xlsx or .csv file, parsed in a child process.

    filename: the name its sender gave it; its extension must agree with the content.
    Raises UnreadableWorkbook, whose `message` is for the sender.
    """
    with opened(source, limits) as file, tempfile.TemporaryFile() as reply:
        run_apart("read", file, reply, limits=limits, request={"filename": filename})
        return _decode(reply)


@contextmanager
def opened(source: Path | bytes, limits: Limits) -> Iterator[IO[bytes]]:
    """The source as a real file of a size we accept."""
    with source.open("rb") if isinstance(source, Path) else _spooled(source) as file:
        size = os.fstat(file.fileno()).st_size
        if not size:
            raise UnreadableWorkbook(Reason.EMPTY)
        if size > limits.file_bytes:
            raise UnreadableWorkbook(Reason.FILE_TOO_BIG, megabytes=limits.file_bytes // 1_000_000)
        yield file


def _spooled(content: bytes) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- `opened` closes it
    file.write(content)
    file.flush()
    return file


def _decode(lines: IO[bytes]) -> Workbook:
    kind = FileKind(json.loads(lines.readline())["kind"])
    sheets: list[Sheet] = []
    shared: dict[str, str] = {}
    rows: list[Row] = []
    for line in lines:
        message: Any = json.loads(line)
        if isinstance(message, list):
            rows.append(Row(message[0], tuple([_value(cell, shared) for cell in message[1]])))
        else:
            merges = tuple(Merge(*corners) for corners in message["merges"])
            holes = tuple(Hole(*cell) for cell in message["holes"])
            sheets.append(Sheet(message["sheet"], tuple(rows), merges, holes))
            rows = []
    return Workbook(kind, tuple(sheets))


def _value(cell: Any, shared: dict[str, str]) -> CellValue:
    if isinstance(cell, str):
        return shared.setdefault(cell, cell) if len(cell) <= _SHARED_LENGTH else cell
    if isinstance(cell, dict):
        return datetime.fromisoformat(cell["moment"]) if "moment" in cell else date.fromisoformat(cell["day"])
    value: CellValue = cell
    return value
