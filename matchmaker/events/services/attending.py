"""Who came: check-ins on the day, and the end of the event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.db import utcnow
from matchmaker.events.models import CheckIn, EventState, MatchmakingEvent, Registration, RegistrationState
from matchmaker.events.queries import find_check_in, state_before_check_in, today
from matchmaker.events.refusals import CheckInClosed, CheckInNotOpen, NoSeat, NotYetHeld, RegistrationCannotMove
from matchmaker.events.services.planning import move_event
from matchmaker.events.services.seats import hold_event
from matchmaker.events.transitions import BEFORE_THE_DAY, TAKING_CHECK_INS, may_become
from matchmaker.events.words import EVENT_STATES, REGISTRATION_STATES


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """An enterprise's check-in, and whether this was its first."""

    check_in: CheckIn
    is_first: bool


def check_in(session: Session, *, registration: Registration, actor: User, at: datetime | None = None) -> CheckedIn:
    """Record that a registered enterprise is there; the first check-in of the event starts it.

    at: the device's time where it was taken without a network. A second check-in adds
    nothing and returns the first. Raises CheckInNotOpen, CheckInClosed and NoSeat.
    """
    event = registration.event
    _insist_on_taking(event)
    if (known := find_check_in(session, event, registration.enterprise_id)) is not None:
        return CheckedIn(known, is_first=False)
    if not may_become(registration.state, RegistrationState.CHECKED_IN):
        raise NoSeat(now=REGISTRATION_STATES[registration.state])
    row = _add_once(session, registration, at or utcnow(), actor)
    if row is None:
        return CheckedIn(_known(session, registration), is_first=False)
    _start(session, event, actor)
    was, registration.state = registration.state, RegistrationState.CHECKED_IN
    record(session, actor=actor, action="check in", subject=registration, detail={"was": was.value})
    return CheckedIn(row, is_first=True)


def _start(session: Session, event: MatchmakingEvent, actor: User) -> None:
    """Let the event run, unless the first guest of another door started it a moment ago."""
    if event.state not in BEFORE_THE_DAY:
        return
    hold_event(session, event)
    session.expire(event, ["version"])
    if event.state in BEFORE_THE_DAY:
        move_event(session, event=event, to=EventState.RUNNING, actor=actor)


def _insist_on_taking(event: MatchmakingEvent) -> None:
    if event.state not in TAKING_CHECK_INS:
        raise CheckInClosed(now=EVENT_STATES[event.state])
    if event.held_on > today():
        raise CheckInNotOpen(day=f"{event.held_on:%Y-%m-%d}")


def _add_once(session: Session, registration: Registration, at: datetime, actor: User) -> CheckIn | None:
    """The new row, or None when another device was quicker by a moment."""
    row = CheckIn(
        event_id=registration.event_id,
        enterprise_id=registration.enterprise_id,
        side=registration.side,
        at=at,
        user_id=actor.id,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    return row


def _known(session: Session, registration: Registration) -> CheckIn:
    known = find_check_in(session, registration.event, registration.enterprise_id)
    if known is None:
        raise RuntimeError("a check-in was refused as a repeat but none is there")
    return known


def undo_check_in(session: Session, *, registration: Registration, actor: User) -> None:
    """Take back a mistaken tap; the audit record keeps both. Raises CheckInClosed and RegistrationCannotMove."""
    _insist_on_taking(registration.event)
    row = find_check_in(session, registration.event, registration.enterprise_id)
    if row is None or registration.state is not RegistrationState.CHECKED_IN:
        raise RegistrationCannotMove(
            now=REGISTRATION_STATES[registration.state], then=REGISTRATION_STATES[RegistrationState.APPROVED]
        )
    was = state_before_check_in(session, registration)
    registration.state = (
        was if was in (RegistrationState.APPROVED, RegistrationState.CONFIRMED) else RegistrationState.APPROVED
    )
    session.delete(row)
    record(session, actor=actor, action="undo check in", subject=registration, detail={"at": row.at.isoformat()})


def finish_event(session: Session, *, event: MatchmakingEvent, actor: User) -> int:
    """End an event; whoever had a seat and did not come is absent. Returns how many are.

    Raises NotYetHeld before the event's day, and EventCannotMove.
    """
    if event.held_on > today():
        raise NotYetHeld(day=f"{event.held_on:%Y-%m-%d}")
    if event.state in BEFORE_THE_DAY:
        move_event(session, event=event, to=EventState.RUNNING, actor=actor)
    move_event(session, event=event, to=EventState.HELD, actor=actor)
    seated = (RegistrationState.APPROVED, RegistrationState.CONFIRMED)
    absent = session.execute(
        update(Registration)
        .where(Registration.event_id == event.id, Registration.state.in_(seated))
        .values(state=RegistrationState.ABSENT, version=Registration.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return int(absent.rowcount)  # type: ignore[attr-defined]
