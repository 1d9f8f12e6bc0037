"""A workbook with its faulty cells marked and the reasons written beside its rows."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import IO, Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from matchmaker.documents.child import archive
from matchmaker.documents.neutral import neutralise
from matchmaker.documents.values import Limits

_RED = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
_BOLD = Font(bold=True, color="FFB42318")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_REASON_WIDTH = 60
_LONGEST_COMMENT = 2_000
_LONGEST_TEXT = 32_000


def mark(source: IO[bytes], reply: IO[bytes], request: Mapping[str, Any], limits: Limits) -> None:
    """Mark the workbook as requested and write it to the reply."""
    archive.inspect(source, limits)
    book = openpyxl.load_workbook(source, data_only=True, keep_links=False)
    for page in book.worksheets:
        _disarm(page)
    for sheet in request["sheets"]:
        if sheet["name"] in book.sheetnames:
            _mark_sheet(book[sheet["name"]], sheet, request["title"])
    content = io.BytesIO()
    book.save(content)
    reply.write(content.getvalue())


def _disarm(page: Any) -> None:
    """Keep every text a text: what begins like a formula is guarded before it leaves us again."""
    for cell in _filled(page):
        if isinstance(cell.value, str):
            cell.value = neutralise(cell.value)
            cell.data_type = "s"


def _filled(page: Any) -> Iterator[Cell]:
    for row in page.iter_rows():
        yield from (cell for cell in row if isinstance(cell, Cell) and cell.value is not None)


def _mark_sheet(page: Any, sheet: Mapping[str, Any], title: str) -> None:
    head_row, column = sheet["head_row"], sheet["reason_column"]
    if page.cell(head_row, column).value is not None:
        _forget_earlier(page, head_row, column, title)
    reasons: dict[int, list[str]] = {head_row: []}
    for row, faulty, text in sheet["marks"]:
        reasons.setdefault(max(row, head_row), []).append(text)
        if faulty:
            _mark_cell(page, row, faulty, text, title)
    for row, texts in reasons.items():
        _write(page, row, column, "\n".join([title, *texts] if row == head_row else texts))
    page.cell(head_row, column).font = _BOLD
    page.column_dimensions[get_column_letter(column)].width = _REASON_WIDTH


def _forget_earlier(page: Any, head_row: int, column: int, author: str) -> None:
    """Take away what an earlier marking wrote: its reasons, its comments and its red."""
    for (cell,) in page.iter_rows(min_row=head_row, min_col=column, max_col=column):
        if isinstance(cell, Cell):
            cell.value = None
    for row in page.iter_rows(min_row=head_row):
        for cell in row:
            if cell.comment and cell.comment.author == author:
                cell.comment, cell.fill = None, PatternFill()


def _mark_cell(page: Any, row: int, column: int, text: str, author: str) -> None:
    cell = page.cell(row, column)
    cell.fill = _RED
    if isinstance(cell, Cell):  # the covered cells of a merged range take no comment
        earlier = f"{cell.comment.text}\n" if cell.comment else ""
        cell.comment = Comment((earlier + text)[:_LONGEST_COMMENT], author, width=320, height=120)


def _write(page: Any, row: int, column: int, text: str) -> None:
    cell = page.cell(row, column)
    if isinstance(cell, Cell):
        cell.value = neutralise(text[:_LONGEST_TEXT])
        cell.data_type = "s"
        cell.alignment = _WRAPPED
