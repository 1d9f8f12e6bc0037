"""A page of a long list whose rows are wide: sorted and cut as bare ids, loaded afterwards."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from matchmaker.db import Base
from matchmaker.web.pagination import PAGE_SIZE, Page
from matchmaker.web.visibility import everyones

Row = TypeVar("Row", bound=Base)


def page_by_ids(
    session: Session, statement: Select[Row], order: tuple[Any, ...], *options: Any, number: int, size: int = PAGE_SIZE
) -> Page[Row]:
    """One page of a scoped statement's rows in this order, loaded with these options; past the end the last page."""
    model: Any = statement.column_descriptions[0]["entity"]
    ids = statement.with_only_columns(model.id)
    counted = select(func.count()).select_from(ids.subquery())
    total = session.scalar(everyones(counted, because="the list it counts is scoped")) or 0
    number = min(number, max(1, -(-total // size)))
    chosen = list(session.scalars(ids.order_by(*order).limit(size).offset((number - 1) * size)))
    return Page(rows_by_ids(session, model, chosen, *options), number, size, total)


def rows_by_ids(session: Session, model: Any, chosen: list[int], *options: Any) -> list[Any]:
    """The rows with these ids, in the order of the ids."""
    statement = select(model).where(model.id.in_(chosen)).options(*options)
    found = {row.id: row for row in session.scalars(everyones(statement, because="the ids were scoped")).unique()}
    return [found[row_id] for row_id in chosen if row_id in found]
