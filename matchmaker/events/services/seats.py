"""The seats of an event: given one at a time, never one too many."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker.events.models import MatchmakingEvent
from matchmaker.web.visibility import everyones


def hold_event(session: Session, event: MatchmakingEvent) -> None:
    """Let nobody else give or take seats of this event until this transaction ends, and read how many are taken."""
    own = select(MatchmakingEvent.id).where(MatchmakingEvent.id == event.id).with_for_update(key_share=True)
    session.scalar(everyones(own, because="the caller has found it"))
    session.expire(event, ["taken", "capacity", "state"])


def take_seat(session: Session, event: MatchmakingEvent) -> bool:
    """Take one seat; False when the last one is gone."""
    return _count(session, event, MatchmakingEvent.taken < MatchmakingEvent.capacity, by=1)


def give_back_seat(session: Session, event: MatchmakingEvent) -> None:
    """Give one seat back."""
    _count(session, event, MatchmakingEvent.taken > 0, by=-1)


def _count(session: Session, event: MatchmakingEvent, only_if: object, *, by: int) -> bool:
    changed = session.execute(
        update(MatchmakingEvent)
        .where(MatchmakingEvent.id == event.id, only_if)  # type: ignore[arg-type]
        .values(taken=MatchmakingEvent.taken + by)
        .execution_options(synchronize_session=False)
    )
    session.expire(event, ["taken"])
    return bool(changed.rowcount)  # type: ignore[attr-defined]
