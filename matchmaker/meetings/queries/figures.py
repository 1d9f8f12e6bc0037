"""What an event's talks came to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.events.models import MatchmakingEvent
from matchmaker.meetings.models import (
    Meeting,
    MeetingOutcome,
    MeetingRequest,
    MeetingState,
    RequestState,
    TimetableState,
    TimetableVersion,
)
from matchmaker.web.visibility import everyones

_OF_EVENT = "the caller runs or computes this event"


@dataclass(frozen=True, slots=True)
class MeetingFigures:
    """What an event's talks came to: requests, those both sides wanted, and the published ones by what happened."""

    asked: int
    accepted: int
    scheduled: int
    held: int
    missed: int
    intents: int
    follow_ups: int


def figures_of(session: Session, event: MatchmakingEvent) -> MeetingFigures:
    """What an event's requests and published meetings came to."""
    by_state = select(MeetingRequest.state, func.count(MeetingRequest.id)).where(MeetingRequest.event_id == event.id)
    asked = dict(session.execute(everyones(by_state.group_by(MeetingRequest.state), because=_OF_EVENT)).all())
    happened = _outcome_counts(session, event)
    held = {outcome: count for (state, outcome), count in happened.items() if state is MeetingState.HELD}
    return MeetingFigures(
        asked=sum(asked.values()),
        accepted=asked.get(RequestState.ACCEPTED, 0),
        scheduled=sum(happened.values()),
        held=sum(held.values()),
        missed=sum(count for (state, _), count in happened.items() if state is MeetingState.MISSED),
        intents=held.get(MeetingOutcome.INTENT, 0),
        follow_ups=held.get(MeetingOutcome.FOLLOW_UP, 0),
    )


def _outcome_counts(session: Session, event: MatchmakingEvent) -> dict[tuple[MeetingState, MeetingOutcome | None], int]:
    statement = (
        select(Meeting.state, Meeting.outcome, func.count(Meeting.id))
        .join(Meeting.timetable)
        .where(TimetableVersion.event_id == event.id, TimetableVersion.state == TimetableState.PUBLISHED)
        .group_by(Meeting.state, Meeting.outcome)
    )
    rows = session.execute(everyones(statement, because=_OF_EVENT)).all()
    return {(state, outcome): count for state, outcome, count in rows}
