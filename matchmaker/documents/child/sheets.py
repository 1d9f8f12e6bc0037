"""The sheets of an .xlsx as plain values."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from typing import IO

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from matchmaker.documents.refusals import Reason, Refusal
from matchmaker.documents.values import Limits

_EXACT = 2**53  # beyond this a spreadsheet's number has lost digits and stays a float
_MERGES = 1_000


def sheets(source: IO[bytes], limits: Limits) -> Iterator[tuple[str, CalamineSheet]]:
    """The visible worksheets with their names, in order."""
    book = CalamineWorkbook.from_filelike(source)
    names = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
    ]
    if len(names) > limits.sheets:
        raise Refusal(Reason.TOO_MANY_SHEETS, limit=limits.sheets)
    for name in names:
        yield name, book.get_sheet_by_name(name)


def rows(sheet: CalamineSheet) -> Iterator[list[object]]:
    """Every row from the first on, its cells beginning in column A."""
    left = [None] * (sheet.start[1] if sheet.start else 0)
    for cells in sheet.iter_rows():
        yield [*left, *(_plain(cell) for cell in cells)]


def merges(sheet: CalamineSheet) -> list[list[int]]:
    """The corners of the merged ranges, counted from 1."""
    ranges = (sheet.merged_cell_ranges or [])[:_MERGES]
    return [[first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1] for first, last in ranges]


def _plain(value: object) -> object:
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value.is_integer() and abs(value) < _EXACT else value
    if isinstance(value, datetime.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"day": value.isoformat()}
    if isinstance(value, datetime.time | datetime.timedelta):
        return str(value)
    return value
