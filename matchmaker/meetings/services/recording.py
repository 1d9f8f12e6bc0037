"""What came of a meeting."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.events.models import EventState
from matchmaker.matching import services as matching
from matchmaker.matching.models import Outcome
from matchmaker.meetings.models import Meeting, MeetingOutcome, MeetingState, TimetableState
from matchmaker.meetings.refusals import MissedHasNoOutcome, NotPublished, TooEarlyForOutcome

_BEGUN = (EventState.RUNNING, EventState.HELD, EventState.CLOSING, EventState.APPROVED)


def record_outcome(
    session: Session, *, meeting: Meeting, was_held: bool, outcome: MeetingOutcome | None, actor: User
) -> None:
    """Say whether a meeting took place and what came of it; a later word replaces an earlier one.

    Raises TooEarlyForOutcome, NotPublished and MissedHasNoOutcome.
    """
    if meeting.timetable.state is not TimetableState.PUBLISHED:
        raise NotPublished
    if meeting.timetable.event.state not in _BEGUN:
        raise TooEarlyForOutcome
    if was_held is (outcome is None):
        raise MissedHasNoOutcome
    meeting.state = MeetingState.HELD if was_held else MeetingState.MISSED
    meeting.outcome = outcome
    if meeting.request.suggestion is not None:
        told = Outcome(outcome.value) if outcome else Outcome.MISSED
        matching.record_outcome(session, suggestion=meeting.request.suggestion, outcome=told)
    detail = {"state": meeting.state.value, "outcome": outcome.value if outcome else None}
    record(session, actor=actor, action="record outcome", subject=meeting, detail=detail)
