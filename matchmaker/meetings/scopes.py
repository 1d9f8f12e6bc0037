"""Who sees which requests, timetables and meetings."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from matchmaker.accounts.models import User
from matchmaker.accounts.scopes import is_office, sees_everything
from matchmaker.events.models import MatchmakingEvent
from matchmaker.events.scopes import runs_event
from matchmaker.meetings.models import (
    Appointment,
    Availability,
    Meeting,
    MeetingRequest,
    Repair,
    TimetableState,
    TimetableVersion,
)
from matchmaker.web.visibility import scope


@scope(MeetingRequest)
def _requests(user: User | None) -> ColumnElement[bool]:
    """Both parties of a request see it, and the offices that run its event."""
    if user is None:
        return false()
    if sees_everything(user):
        return true()
    if is_office(user):
        return MeetingRequest.event_id.in_(select(MatchmakingEvent.id).where(runs_event(user)))
    return or_(MeetingRequest.asker_id == user.enterprise_id, MeetingRequest.asked_id == user.enterprise_id)


@scope(TimetableVersion)
def _timetables(user: User | None) -> ColumnElement[bool]:
    """Firms see published timetables they appear in; the offices that run the event see every version."""
    if user is None:
        return false()
    if sees_everything(user):
        return true()
    if is_office(user):
        return TimetableVersion.event_id.in_(select(MatchmakingEvent.id).where(runs_event(user)))
    appearing = select(Appointment.timetable_id).where(Appointment.enterprise_id == user.enterprise_id)
    return and_(TimetableVersion.state == TimetableState.PUBLISHED, TimetableVersion.id.in_(appearing))


@scope(Meeting)
def _meetings(user: User | None) -> ColumnElement[bool]:
    """A firm sees its own published meetings; the offices that run the event see all."""
    if user is None:
        return false()
    if sees_everything(user):
        return true()
    if is_office(user):
        versions = select(TimetableVersion.id).where(
            TimetableVersion.event_id.in_(select(MatchmakingEvent.id).where(runs_event(user)))
        )
        return Meeting.timetable_id.in_(versions)
    published = select(TimetableVersion.id).where(TimetableVersion.state == TimetableState.PUBLISHED)
    own = select(Appointment.meeting_id).where(Appointment.enterprise_id == user.enterprise_id)
    return and_(Meeting.timetable_id.in_(published), Meeting.id.in_(own))


@scope(Availability)
def _availabilities(user: User | None) -> ColumnElement[bool]:
    """When a firm is away is known to itself and to the offices that run the event."""
    if user is None:
        return false()
    if sees_everything(user):
        return true()
    if is_office(user):
        return Availability.event_id.in_(select(MatchmakingEvent.id).where(runs_event(user)))
    return Availability.enterprise_id == user.enterprise_id


@scope(Repair)
def _repairs(user: User | None) -> ColumnElement[bool]:
    """What a version mends is known to those who see every version."""
    if user is None or not is_office(user):
        return false()
    if sees_everything(user):
        return true()
    versions = select(TimetableVersion.id).where(
        TimetableVersion.event_id.in_(select(MatchmakingEvent.id).where(runs_event(user)))
    )
    return Repair.timetable_id.in_(versions)
