"""Who sees which events, registrations and check-ins."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from matchmaker.accounts.models import User
from matchmaker.accounts.scopes import in_region_of, is_office, sees_everything
from matchmaker.events.models import PUBLISHED_STATES, CheckIn, EventState, MatchmakingEvent, Registration
from matchmaker.web.visibility import scope

_CALLED_OFF = (EventState.CANCELLED, EventState.POSTPONED)


@scope(MatchmakingEvent)
def _events(user: User | None) -> ColumnElement[bool]:
    """Everybody sees published events; offices see the rest of their own and of their region.

    A firm that registered still reads that an event was called off or put off.
    """
    published = MatchmakingEvent.state.in_(PUBLISHED_STATES)
    if is_office(user):
        return or_(published, runs_event(user))
    if user is None or user.enterprise_id is None:
        return published
    registered = select(Registration.event_id).where(Registration.enterprise_id == user.enterprise_id)
    return or_(published, and_(MatchmakingEvent.state.in_(_CALLED_OFF), MatchmakingEvent.id.in_(registered)))


def runs_event(user: User | None) -> ColumnElement[bool]:
    """Whether an event is organised by the user's office or held in its region."""
    if sees_everything(user):
        return true()
    if user is None or user.office is None:
        return false()
    return or_(MatchmakingEvent.organiser_id == user.office.id, in_region_of(user, MatchmakingEvent.region_id))


@scope(Registration)
def _registrations(user: User | None) -> ColumnElement[bool]:
    """A firm sees its own registrations; an office those of the events it runs."""
    if user is None:
        return false()
    if sees_everything(user):
        return true()
    if is_office(user):
        return Registration.event_id.in_(select(MatchmakingEvent.id).where(runs_event(user)))
    return Registration.enterprise_id == user.enterprise_id


@scope(CheckIn)
def _check_ins(user: User | None) -> ColumnElement[bool]:
    """As registrations."""
    if user is None:
        return false()
    if sees_everything(user):
        return true()
    if is_office(user):
        return CheckIn.event_id.in_(select(MatchmakingEvent.id).where(runs_event(user)))
    return CheckIn.enterprise_id == user.enterprise_id
