"""The sender's own workbook given back with what is wrong in it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from matchmaker.documents.reading import opened
from matchmaker.documents.sandbox import run_apart
from matchmaker.documents.values import Limits

MARKING_LIMITS = Limits(memory_bytes=3 << 29, cpu_seconds=120, wall_seconds=240)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to be said about a cell, or about its whole row when `column` is None; counted from 1."""

    row: int
    column: int | None
    text: str


@dataclass(frozen=True, slots=True)
class MarkedSheet:
    """What is to be said on one sheet.

    head_row: where the column titles stand. reason_column: where the reasons go, an empty column
    or the one an earlier marking filled.
    """

    name: str
    head_row: int
    reason_column: int
    marks: tuple[Mark, ...]


def mark_workbook(
    source: Path | bytes,
    sheets: Sequence[MarkedSheet],
    target: IO[bytes],
    *,
    title: str,
    limits: Limits = MARKING_LIMITS,
) -> None:
    """Write the .xlsx to `target`, its own formats kept, faulty cells red with a comment, reasons in a column.

    Formulas become the values they had: nothing that leaves us is live. Raises UnreadableWorkbook
    when the file is too big to be kept as it is; the caller may then write its rows anew.
    """
    request = {
        "title": title,
        "sheets": [
            {
                "name": sheet.name,
                "head_row": sheet.head_row,
                "reason_column": sheet.reason_column,
                "marks": [[mark.row, mark.column, mark.text] for mark in sheet.marks],
            }
            for sheet in sheets
        ],
    }
    with opened(source, limits) as file, tempfile.TemporaryFile() as reply:
        run_apart("mark", file, reply, limits=limits, request=request)
        shutil.copyfileobj(reply, target)
