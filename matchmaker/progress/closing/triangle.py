"""The revision triangle: what was said of each month at each freezing, and today.

Plain values in, plain values out: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.progress.closing.reckoning import NOTHING, Months

TODAY = "today"


@dataclass(frozen=True, slots=True)
class Column:
    """One occasion on which something was said: the freezing of a month, or today; with what was frozen by then."""

    key: str
    frozen: frozenset[str]
    months: Months


@dataclass(frozen=True, slots=True)
class Cell:
    """What was said of a month on one occasion; change is None where it was said for the first time."""

    column: str
    amount: int
    change: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A month with a cell for each column, None where nothing was published of it yet."""

    month: str
    cells: Sequence[Cell | None]


def triangle(columns: Sequence[Column], open_months: Sequence[str]) -> list[Row]:
    """A row for every month frozen by the last column and for the open ones, which only the last column tells of."""
    frozen = columns[-1].frozen if columns else frozenset()
    return [Row(month, _cells(month, columns)) for month in sorted({*frozen, *open_months})]


def _cells(month: str, columns: Sequence[Column]) -> list[Cell | None]:
    cells: list[Cell | None] = []
    for column in columns:
        if month not in column.frozen and column.key != TODAY:
            cells.append(None)
            continue
        amount, last = column.months.get(month, NOTHING).net, cells[-1] if cells else None
        cells.append(Cell(column.key, amount, None if last is None else amount - last.amount))
    return cells


def sums(rows: Sequence[Row]) -> list[int]:
    """What each column comes to."""
    columns = zip(*(row.cells for row in rows), strict=True)
    return [sum(cell.amount for cell in cells if cell is not None) for cells in columns]
