"""Lists for programs: a slice at a time, in an order that stays, by a cursor nobody needs to understand.

The cursor names the last row of the slice before. Rows are never removed, so a program that
reads on meets every row once, however many were added meanwhile.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

Row = TypeVar("Row")
MOST = 100
_ID = re.compile(r"[0-9a-z]{20}", re.ASCII)


class BadCursor(ValueError):
    """The text is no cursor of ours."""


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """Some rows of a list, and the cursor of those after them, if there are any."""

    rows: list[Row]
    cursor: str | None


def slice_of(
    session: Session,
    statement: Select[Row],
    *,
    limit: int,
    cursor: str | None = None,
    by: InstrumentedAttribute[Any] | None = None,
    descending: bool = True,
) -> Slice[Row]:
    """The next rows of a statement, ordered by one column that is never null (else by age) and then by age.

    Raises BadCursor.
    """
    model: Any = statement.column_descriptions[0]["entity"]
    columns = [model.id] if by is None else [by, model.id]
    wanted = statement.order_by(None).order_by(*(each.desc() if descending else each.asc() for each in columns))
    if cursor is not None:
        wanted = wanted.where(_after(model, columns, _opened(cursor), descending=descending))
    rows = list(session.scalars(wanted.limit(limit + 1)).unique())
    more = len(rows) > limit
    last: Any = rows[limit - 1] if more else None
    return Slice(rows[:limit], _closed(last.public_id) if more else None)


def _after(model: Any, columns: list[Any], public_id: str, *, descending: bool) -> ColumnElement[bool]:
    """Whether a row comes after the named one: by the first column that differs."""
    condition: ColumnElement[bool] | None = None
    for column in reversed(columns):
        named = select(column).where(model.public_id == public_id).correlate(None).scalar_subquery()
        beyond = column < named if descending else column > named
        condition = beyond if condition is None else or_(beyond, and_(column == named, condition))
    assert condition is not None  # noqa: S101 -- there is always the age
    return condition


def _closed(public_id: str) -> str:
    return base64.urlsafe_b64encode(f"1.{public_id}".encode()).decode().rstrip("=")


def _opened(cursor: str) -> str:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        raise BadCursor from None
    version, _dot, public_id = text.partition(".")
    if version != "1" or not _ID.fullmatch(public_id):
        raise BadCursor
    return public_id
