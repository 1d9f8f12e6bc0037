"""The one writer of workbooks and .csv files: whatever the text, none of it runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from matchmaker.documents.neutral import neutralise

OutValue = str | int | float | bool | Decimal | date | None  # a datetime is a date
_LONGEST_TEXT = 32_000  # a spreadsheet's cell holds 32,767 characters
_EXACT = 10**15  # a spreadsheet keeps fifteen digits of a number
_LAST_ROW = 1_048_575
_DATE, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


@dataclass(frozen=True, slots=True)
class OutColumn:
    """One column of a sheet to be written.

    choices: offered in a drop-down; with `only_choices` anything else is refused by the spreadsheet.
    is_text: the cells are formatted as text, so that a long code keeps its digits.
    """

    title: str
    width: int = 14
    note: str = ""
    choices: tuple[str, ...] = ()
    only_choices: bool = False
    is_text: bool = False
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class OutSheet:
    """One sheet to be written; the rows may be a generator and are written as they come."""

    name: str
    columns: tuple[OutColumn, ...]
    rows: Iterable[Sequence[OutValue]] = ()


def write_workbook(sheets: Sequence[OutSheet], target: Path | IO[bytes]) -> None:
    """Write an .xlsx in constant memory."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options) as book:
        writer = _Writer(book)
        for sheet in sheets:
            writer.write(sheet)
        writer.write_choices()


def write_csv(titles: Sequence[str], rows: Iterable[Sequence[OutValue]], target: Path | IO[bytes]) -> None:
    """Write a .csv in UTF-8 with its mark, which every spreadsheet opens with the right characters."""
    if isinstance(target, Path):
        with target.open("wb") as file:
            write_csv(titles, rows, file)
        return
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([neutralise(title) for title in titles])
    writer.writerows([_in_csv(value) for value in row] for row in rows)
    text.detach()


def _in_csv(value: OutValue) -> str | int | float | Decimal | None:
    if isinstance(value, str):
        return neutralise(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else value


class _Writer:
    """A workbook being written, with its formats and the lists its drop-downs point to."""

    def __init__(self, book: Any) -> None:
        self.book = book
        head = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#E8EEF4"}
        self.head = book.add_format(head)
        self.required = book.add_format(head | {"font_color": "#B42318"})
        self.text = book.add_format({"num_format": "@"})
        self.day = book.add_format({"num_format": _DATE})
        self.moment = book.add_format({"num_format": _MOMENT})
        self.lists: dict[tuple[str, ...], str] = {}

    def write(self, sheet: OutSheet) -> None:
        """Write one sheet: its head, its drop-downs, its rows in order."""
        page = self.book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        for index, column in enumerate(sheet.columns):
            page.set_column(index, index, column.width, self.text if column.is_text else None)
            if column.title:
                page.write_string(
                    0, index, neutralise(column.title), self.required if column.is_required else self.head
                )
            if column.note:
                page.write_comment(0, index, neutralise(column.note), {"x_scale": 2})
            if column.choices:
                self._offer(page, index, column)
        for number, row in enumerate(sheet.rows, start=1):
            for index, value in enumerate(row):
                self._write_cell(page, number, index, value)

    def _offer(self, page: Any, index: int, column: OutColumn) -> None:
        name = self.lists.setdefault(column.choices, f"=选项!${chr(ord('A') + len(self.lists))}$1")
        source = f"{name}:{name.removeprefix('=选项!').removesuffix('1')}{len(column.choices)}"
        page.data_validation(
            1, index, _LAST_ROW, index,
            {
                "validate": "list",
                "source": source,
                "error_type": "stop" if column.only_choices else "information",
                "error_title": column.title[:32],
            },
        )  # fmt: skip

    def _write_cell(self, page: Any, row: int, index: int, value: OutValue) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            page.write_boolean(row, index, value)
        elif isinstance(value, datetime):
            page.write_datetime(row, index, value.replace(tzinfo=None), self.moment)
        elif isinstance(value, date):
            page.write_datetime(row, index, value, self.day)
        elif isinstance(value, str):
            page.write_string(row, index, _fitted(neutralise(value)))
        elif -_EXACT < value < _EXACT:
            page.write_number(row, index, value)
        else:
            page.write_string(row, index, neutralise(str(value)))

    def write_choices(self) -> None:
        """Write the hidden sheet that the drop-downs point to."""
        if not self.lists:
            return
        page = self.book.add_worksheet("选项")
        page.hide()
        columns = list(self.lists)
        for row in range(max(len(choices) for choices in columns)):
            for index, choices in enumerate(columns):
                if row < len(choices):
                    page.write_string(row, index, neutralise(choices[row]))


def _fitted(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"
