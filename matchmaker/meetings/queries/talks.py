"""Meetings with their times and tables, read."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from matchmaker.db import utcnow
from matchmaker.events.models import MatchmakingEvent
from matchmaker.meetings.models import (
    Meeting,
    MeetingRequest,
    MeetingState,
    Slot,
    TimetableState,
    TimetableVersion,
)
from matchmaker.meetings.queries.asking import REQUEST_FACTS
from matchmaker.web.visibility import everyones

_OF_EVENT = "the caller runs or computes this event"
_OWN = "they are the enterprise's own"
_LASTING = timedelta(hours=1)  # a meeting stays the next one while it goes on


def is_in_published_timetable(session: Session, request: MeetingRequest) -> bool:
    """Whether a request has its time and table."""
    statement = (
        select(Meeting.id)
        .join(Meeting.timetable)
        .where(Meeting.request_id == request.id, TimetableVersion.state == TimetableState.PUBLISHED)
    )
    return session.scalar(everyones(statement, because="the caller may see the request")) is not None


def has_outcomes(session: Session, timetable: TimetableVersion) -> bool:
    """Whether anything was recorded of its meetings."""
    statement = select(Meeting.id).where(Meeting.timetable_id == timetable.id, Meeting.state != MeetingState.SCHEDULED)
    return session.scalar(everyones(statement.limit(1), because=_OF_EVENT)) is not None


def _meetings() -> Select[Meeting]:
    """Meetings with everything a line about one says."""
    return (
        select(Meeting)
        .join(Meeting.slot)
        .join(Meeting.request)
        .options(
            contains_eager(Meeting.slot),
            joinedload(Meeting.table),
            joinedload(Meeting.timetable),
            contains_eager(Meeting.request).options(*REQUEST_FACTS),
        )
        .order_by(Slot.starts_at, Meeting.table_id, Meeting.id)
    )


def meetings_of_timetable(session: Session, timetable: TimetableVersion) -> list[Meeting]:
    """The meetings of one version, by time and table."""
    statement = _meetings().where(Meeting.timetable_id == timetable.id)
    return list(session.scalars(everyones(statement, because="the caller may see the version")))


def locked_meetings_of(session: Session, timetable_id: int) -> list[Meeting]:
    """The meetings of a version that stay where they are when it is computed anew."""
    statement = _meetings().where(Meeting.timetable_id == timetable_id, Meeting.is_locked)
    return list(session.scalars(everyones(statement, because="the caller runs or computes this event")))


def placed_counts(session: Session, event: MatchmakingEvent) -> dict[int, int]:
    """How many meetings each version of an event's timetable holds."""
    statement = (
        select(Meeting.timetable_id, func.count(Meeting.id))
        .join(Meeting.timetable)
        .where(TimetableVersion.event_id == event.id)
        .group_by(Meeting.timetable_id)
    )
    rows = session.execute(everyones(statement, because="the caller runs or computes this event")).all()
    return dict(rows)


def meetings_of(session: Session, enterprise_id: int, *, event: MatchmakingEvent | None = None) -> list[Meeting]:
    """An enterprise's meetings in published timetables, earliest first."""
    return list(session.scalars(_published_meetings(enterprise_id, event)))


def next_meeting(session: Session, enterprise_id: int) -> Meeting | None:
    """The meeting an enterprise has next, or is in."""
    statement = _published_meetings(enterprise_id).where(
        Slot.ends_at > utcnow() - _LASTING, Meeting.state == MeetingState.SCHEDULED
    )
    return session.scalar(statement.limit(1))


def _published_meetings(enterprise_id: int, event: MatchmakingEvent | None = None) -> Select[Meeting]:
    statement = (
        _meetings()
        .join(Meeting.timetable)
        .where(
            TimetableVersion.state == TimetableState.PUBLISHED,
            or_(MeetingRequest.asker_id == enterprise_id, MeetingRequest.asked_id == enterprise_id),
        )
    )
    if event is not None:
        statement = statement.where(MeetingRequest.event_id == event.id)
    return everyones(statement, because=_OWN)
