"""The sender's workbook given back with a 原因 column and its faulty cells marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import IO

from matchmaker.documents.errors import UnreadableWorkbook
from matchmaker.documents.marking import Mark, MarkedSheet, mark_workbook
from matchmaker.documents.values import FileKind, Row, Sheet, Workbook
from matchmaker.documents.writing import OutColumn, OutSheet, OutValue, write_workbook
from matchmaker.imports.checking import Checked, Fault, Layout
from matchmaker.imports.columns import REASON_TITLE

_KEPT_CELLS = 400_000  # beyond this, keeping the author's formats costs more memory and minutes than it is worth
_WIDTH = 18
_REASON_WIDTH = 60


def annotate(source: Path | bytes, workbook: Workbook, checked: Checked, target: IO[bytes]) -> None:
    """Write the annotated copy, always an .xlsx, to `target`.

    workbook, checked: what reading and checking `source` gave. An .xlsx keeps its own formats unless it
    is very large; a .csv and a very large .xlsx are written anew with the same rows.
    """
    if workbook.kind is FileKind.XLSX and _cells(workbook) <= _KEPT_CELLS:
        try:
            mark_workbook(source, _marked_sheets(workbook, checked), target, title=REASON_TITLE)
        except UnreadableWorkbook:
            pass  # what could be read but not kept as it was is written anew below
        else:
            return
    write_workbook([_anew(sheet, _layout(sheet, checked), checked.faults) for sheet in workbook.sheets], target)


def _cells(workbook: Workbook) -> int:
    return sum(len(row.cells) for sheet in workbook.sheets for row in sheet.rows)


def _marked_sheets(workbook: Workbook, checked: Checked) -> list[MarkedSheet]:
    layouts = [_layout(sheet, checked) for sheet in workbook.sheets]
    return [
        MarkedSheet(layout.sheet, layout.head_row, layout.reason_column, marks)
        for layout in layouts
        if (marks := tuple(_marks(layout.sheet, checked.faults)))
    ]


def _layout(sheet: Sheet, checked: Checked) -> Layout:
    """Where reasons go; a sheet that was not recognised has them behind everything else."""
    found = next((layout for layout in checked.layouts if layout.sheet == sheet.name), None)
    behind = max((len(row.cells) for row in sheet.rows), default=0) + 1
    return found or Layout(sheet.name, "", sheet.rows[0].number if sheet.rows else 1, behind)


def _marks(name: str, faults: Iterable[Fault]) -> Iterator[Mark]:
    for fault in faults:
        if fault.sheet == name:
            yield Mark(fault.row, fault.column_number, _sentence(fault))


def _sentence(fault: Fault) -> str:
    return f"{fault.column}：{fault.message}" if fault.column else fault.message


def _anew(sheet: Sheet, layout: Layout, faults: Sequence[Fault]) -> OutSheet:
    """The same rows at the same numbers, reasons in their column."""
    reasons = {
        row: "\n".join(_sentence(fault) for fault in found)
        for row, found in groupby((fault for fault in faults if fault.sheet == sheet.name), key=lambda fault: fault.row)
    }
    head = sheet.rows[0] if sheet.rows and sheet.rows[0].number == 1 else Row(1, ())
    titles = list(_with_reason(head, layout, reasons))
    columns = tuple(
        OutColumn("" if title is None else str(title), _REASON_WIDTH if number == layout.reason_column else _WIDTH)
        for number, title in enumerate(titles, start=1)
    )
    return OutSheet(sheet.name[:31], columns, _placed(sheet, layout, reasons))


def _placed(sheet: Sheet, layout: Layout, reasons: dict[int, str]) -> Iterator[Sequence[OutValue]]:
    """Every row from the second on, empty ones included, so that the numbers in the reasons stay true."""
    number = 1
    for row in sheet.rows:
        if row.number == 1:
            continue
        while number < row.number - 1:
            number += 1
            yield ()
        number = row.number
        yield _with_reason(row, layout, reasons)


def _with_reason(row: Row, layout: Layout, reasons: dict[int, str]) -> list[OutValue]:
    cells: list[OutValue] = [*row.cells, *[None] * (layout.reason_column - len(row.cells))]
    reason = reasons.get(row.number, "")
    if row.number == layout.head_row:
        reason = "\n".join(part for part in (REASON_TITLE, reason) if part)
    cells[layout.reason_column - 1] = reason or None
    return cells
