"""Lists a page at a time: by number for people, by cursor for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

Row = TypeVar("Row")
PAGE_SIZE = 20
FARTHEST = 5_000


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list: its rows, its number from 1, and how many rows there are in all."""

    rows: list[Row]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The position of the first row, from 1; 0 on an empty list."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The position of the last row."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def links(self) -> list[int | None]:
        """The page numbers to offer; None stands for a gap."""
        near = {1, self.pages, *range(max(1, self.number - 1), min(self.pages, self.number + 1) + 1)}
        links: list[int | None] = []
        for number in sorted(near):
            if links and links[-1] is not None and number - links[-1] > 1:
                links.append(None)
            links.append(number)
        return links


def page_number(text: str | None) -> int:
    """The page asked for in an address; anything unreadable is the first."""
    if text is None or not text.isascii() or not text.isdigit():
        return 1
    return min(max(1, int(text[:6])), FARTHEST)


def paginate(session: Session, statement: Select[Row], *, number: int, size: int = PAGE_SIZE) -> Page[Row]:
    """One page of a statement's rows; past the end it is the last page."""
    counted = select(func.count()).select_from(statement.order_by(None).options().subquery())
    total = session.scalar(counted.execution_options(scope="the list it counts is scoped")) or 0
    number = min(number, max(1, -(-total // size)))
    rows: list[Any] = list(session.scalars(statement.limit(size).offset((number - 1) * size)).unique())
    return Page(rows, number, size, total)
