"""Who may do what with an event they can see."""

from __future__ import annotations

from matchmaker.accounts.models import Office, OfficeLevel, Role, User
from matchmaker.events.models import EventState, MatchmakingEvent, Registration, RegistrationState

_NOT_COMING = (RegistrationState.INVITED, RegistrationState.REFUSED, RegistrationState.CANCELLED)
_HEIGHT = {OfficeLevel.PROVINCE: 2, OfficeLevel.PREFECTURE: 1, OfficeLevel.COUNTY: 0}


def may_run(user: User | None, event: MatchmakingEvent) -> bool:
    """Whether somebody organises this event: for the office that holds it, as an organiser."""
    return user is not None and user.role is Role.ORGANISER and _office_id(user) == event.organiser_id


def may_approve(user: User | None, event: MatchmakingEvent) -> bool:
    """Whether somebody may approve this event's plan and close-out.

    That is an official of another office, not below the organiser's and reaching its region;
    over a provincial organiser, which nobody stands above, the auditors.
    """
    if user is None or user.office is None or user.office.id == event.organiser_id:
        return False
    if event.organiser.level is OfficeLevel.PROVINCE:
        return user.office.level is OfficeLevel.PROVINCE and user.role in (Role.OFFICIAL, Role.AUDITOR)
    return user.role is Role.OFFICIAL and _stands_over(user.office, event)


def _stands_over(office: Office, event: MatchmakingEvent) -> bool:
    if _HEIGHT[office.level] < _HEIGHT[event.organiser.level]:
        return False
    return office.level is OfficeLevel.PROVINCE or office.region_id in (event.region_id, event.region.parent_id)


def _office_id(user: User) -> int | None:
    return user.office.id if user.office else None


def is_coming(registration: Registration | None) -> bool:
    """Whether a registration is in the running: decided for, waiting or not decided yet."""
    return registration is not None and registration.state not in _NOT_COMING


def may_register(event: MatchmakingEvent, registration: Registration | None) -> bool:
    """Whether an enterprise with this registration, or none, may still ask for a place."""
    if event.state is not EventState.OPEN or is_coming(registration):
        return False
    return registration is None or registration.state is not RegistrationState.REFUSED
