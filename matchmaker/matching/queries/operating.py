"""What an operator at a terminal asks for: firms by any name, and kept lists by their number."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.enterprises.models import Enterprise, Need
from matchmaker.enterprises.naming import search_pattern
from matchmaker.matching.models import MatchRun, Suggestion
from matchmaker.web.visibility import everyones

_WHY = "an operator of the installation sees all of it"


def firms_called(session: Session, word: str, *, limit: int = 6) -> list[Enterprise]:
    """The firms a word names: by address, code or exact name, else by any part of a name."""
    exact = or_(
        Enterprise.public_id == word,
        Enterprise.credit_code == word.upper(),
        Enterprise.name == word,
        Enterprise.short_name == word,
    )
    statement = select(Enterprise).options(joinedload(Enterprise.region)).order_by(Enterprise.id).limit(limit)
    found = list(session.scalars(everyones(statement.where(exact), because=_WHY)))
    if found:
        return found
    like = Enterprise.search_text.like(search_pattern(word), escape="\\")
    return list(session.scalars(everyones(statement.where(like), because=_WHY)))


def need_of(session: Session, enterprise: Enterprise, public_id: str) -> Need | None:
    """One need of a firm."""
    statement = select(Need).where(Need.enterprise_id == enterprise.id, Need.public_id == public_id)
    return session.scalar(everyones(statement, because=_WHY))


def run_numbered(session: Session, public_id: str) -> MatchRun | None:
    """A kept list by its number."""
    statement = select(MatchRun).where(MatchRun.public_id == public_id)
    return session.scalar(everyones(statement, because=_WHY))


def suggestions_of(session: Session, run: MatchRun, *, limit: int) -> list[Suggestion]:
    """The first of a kept list, with their firms."""
    statement = (
        select(Suggestion)
        .where(Suggestion.run_id == run.id)
        .options(joinedload(Suggestion.enterprise).joinedload(Enterprise.region))
        .order_by(Suggestion.rank)
        .limit(limit)
    )
    return list(session.scalars(everyones(statement, because=_WHY)))
