"""Which firms are seen: who stands among the first places of kept lists."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.matching.models import Suggestion
from matchmaker.matching.trying import FIRST
from matchmaker.web.visibility import everyones


def seen_often(session: Session, firms: Collection[int], *, at_least: int) -> set[int]:
    """Which of these firms stood among the first ten of at least so many kept lists."""
    statement = (
        select(Suggestion.enterprise_id)
        .where(Suggestion.enterprise_id.in_(firms), Suggestion.rank <= FIRST)
        .group_by(Suggestion.enterprise_id)
        .having(func.count(Suggestion.id) >= at_least)
    )
    return set(session.scalars(everyones(statement, because="how often a firm is seen is counted, not shown")))
