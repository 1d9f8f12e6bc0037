"""From an address to a row, or to “no such page”."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from matchmaker.db import Base
from matchmaker.errors import Stale
from matchmaker.web.database import get_session

Row = TypeVar("Row", bound=Base)


def find_or_404(statement: Select[Row], public_id: str, *, session: Session | None = None) -> Row:
    """The row of a scoped statement with this public id; foreign and absent look the same."""
    model: Any = statement.column_descriptions[0]["entity"]
    row = (session or get_session()).scalar(statement.where(model.public_id == public_id))
    if row is None:
        raise NotFound
    return row


def expect_version(row: Base, seen: int | None) -> None:
    """Refuse an edit made on an older reading of the row. Raises Stale."""
    if seen is not None and seen != row.version:  # type: ignore[attr-defined]
        raise Stale
