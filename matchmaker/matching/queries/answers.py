"""The lists that somebody answered, with all that was said and all that came of them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from matchmaker.matching.models import Feedback, MatchRun, Suggestion, Verdict
from matchmaker.web.visibility import everyones

_AT_ONCE = 50
_WHY = "what was answered teaches the weights and is shown to nobody"


def answered_count(session: Session) -> int:
    """How many lists somebody answered."""
    statement = select(func.count(MatchRun.id)).where(MatchRun.id.in_(_answered()))
    return session.scalar(everyones(statement, because=_WHY)) or 0


def answered_runs(session: Session) -> Iterator[MatchRun]:
    """Every list somebody answered, oldest first, a few at a time so that any number fits in memory."""
    places = selectinload(MatchRun.suggestions)
    statement = (
        select(MatchRun)
        .where(MatchRun.id.in_(_answered()))
        .options(places.selectinload(Suggestion.feedback), places.selectinload(Suggestion.outcomes))
        .order_by(MatchRun.created_at, MatchRun.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    yield from session.scalars(everyones(statement, because=_WHY))


def standing_answer(suggestion: Suggestion) -> Feedback | None:
    """The latest answer to a suggestion, unless it was taken back."""
    latest = suggestion.feedback[-1] if suggestion.feedback else None
    return None if latest is None or latest.verdict is Verdict.TAKEN_BACK else latest


def _answered() -> Select[int]:
    return select(Suggestion.run_id).where(or_(Suggestion.feedback.any(), Suggestion.outcomes.any()))
