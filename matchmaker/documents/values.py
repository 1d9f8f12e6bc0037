"""What a workbook is once it has been read: sheets, rows and plain cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

CellValue = str | int | float | bool | date | None  # a datetime is a date


class FileKind(StrEnum):
    """The two formats we take."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a stranger's file is read before it is refused."""

    file_bytes: int = 20_000_000
    members: int = 2_000
    unpacked_bytes: int = 200_000_000
    sheets: int = 50
    rows: int = 200_000
    last_row: int = 1_048_576
    columns: int = 100
    cells: int = 2_500_000
    characters: int = 40_000_000
    memory_bytes: int = 1 << 30
    reply_bytes: int = 300_000_000
    cpu_seconds: int = 8
    wall_seconds: int = 30


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, its corners counted from 1 and included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def address(self) -> str:
        """The range as a spreadsheet writes it: A3:B5."""
        first = f"{column_letters(self.first_column)}{self.first_row}"
        return f"{first}:{column_letters(self.last_column)}{self.last_row}"


@dataclass(frozen=True, slots=True)
class Hole:
    """A cell, counted from 1, that holds an error or a formula whose result was never saved."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row with something in it; `number` is the one its author sees, `cells` begin in column A."""

    number: int
    cells: tuple[CellValue, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet; empty rows are left out and trailing empty cells are cut off."""

    name: str
    rows: tuple[Row, ...]
    merges: tuple[Merge, ...] = ()
    holes: tuple[Hole, ...] = ()


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file as it was read; a .csv is a workbook of one sheet in which every cell is text."""

    kind: FileKind
    sheets: tuple[Sheet, ...]


def column_letters(column: int) -> str:
    """The letters of a column counted from 1: 1 → A, 28 → AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The column, counted from 1, that the letters name: AB → 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
