"""Places at an event: asked for, given while seats last, confirmed, given back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.db import utcnow
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import SEATED, EventState, MatchmakingEvent, Registration, RegistrationState, Side
from matchmaker.events.queries import find_registration, first_waiting
from matchmaker.events.refusals import (
    AlreadyRegistered,
    EventFull,
    ReasonMissing,
    RegistrationCannotMove,
    RegistrationClosed,
    TooLateToCancel,
    WasRefused,
)
from matchmaker.events.services.seats import give_back_seat, hold_event, take_seat
from matchmaker.events.transitions import BEFORE_THE_DAY, UNDER_REVIEW, may_become
from matchmaker.events.words import EVENT_STATES, REGISTRATION_STATES
from matchmaker.i18n import gettext as _
from matchmaker.notices.services import tell

_CANCELLABLE = (EventState.PREPARING, EventState.POSTPONED, *BEFORE_THE_DAY)


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision about several registrations; what was no longer up for decision is skipped."""

    approved: int = 0
    waiting: int = 0
    skipped: int = 0


def apply_to_event(
    session: Session, *, event: MatchmakingEvent, enterprise: Enterprise, side: Side, note: str = "", actor: User
) -> Registration:
    """Ask for a place at an event; an invited enterprise answers its invitation by it.

    Raises RegistrationClosed, AlreadyRegistered and WasRefused.
    """
    if event.state is not EventState.OPEN:
        raise RegistrationClosed(now=EVENT_STATES[event.state])
    registration = find_registration(session, event, enterprise.id)
    if registration is None:
        registration = Registration(event=event, enterprise=enterprise, side=side, state=RegistrationState.APPLIED)
        session.add(registration)
    else:
        _insist_on_applying_again(registration)
        registration.state, registration.decided_at = RegistrationState.APPLIED, None
    registration.side, registration.note, registration.applied_at = side, note, utcnow()
    session.flush()
    record(session, actor=actor, action="apply", subject=registration, detail={"event": event.public_id})
    return registration


def _insist_on_applying_again(registration: Registration) -> None:
    if registration.state is RegistrationState.REFUSED:
        raise WasRefused
    if not may_become(registration.state, RegistrationState.APPLIED):
        raise AlreadyRegistered(now=REGISTRATION_STATES[registration.state])


def approve_registration(session: Session, *, registration: Registration, actor: User) -> None:
    """Give a registration a seat. Raises EventFull when none is left, and RegistrationCannotMove."""
    _insist_on_becoming(registration, RegistrationState.APPROVED)
    hold_event(session, registration.event)
    if not take_seat(session, registration.event):
        raise EventFull
    _decide(session, registration, RegistrationState.APPROVED, actor=actor)
    _tell(session, registration, _("“%(title)s”报名已通过，请确认参加", title=registration.event.title))


def put_on_waiting_list(session: Session, *, registration: Registration, actor: User) -> None:
    """Let a registration wait for a seat, behind those who applied before it. Raises RegistrationCannotMove."""
    _decide(session, registration, RegistrationState.WAITING, actor=actor)
    _tell(session, registration, _("“%(title)s”名额已满，贵公司进入候补", title=registration.event.title))


def approve_registrations(
    session: Session, *, event: MatchmakingEvent, registrations: Sequence[Registration], actor: User
) -> Decided:
    """Give seats in the order of the line while they last; the rest wait. Those already decided are left alone."""
    hold_event(session, event)
    approved = waiting = 0
    decidable = [each for each in registrations if may_become(each.state, RegistrationState.APPROVED)]
    for registration in sorted(decidable, key=lambda each: (each.applied_at, each.id)):
        try:
            approve_registration(session, registration=registration, actor=actor)
            approved += 1
        except EventFull:
            if registration.state is not RegistrationState.WAITING:
                put_on_waiting_list(session, registration=registration, actor=actor)
            waiting += 1
    return Decided(approved, waiting, len(registrations) - len(decidable))


def refuse_registrations(
    session: Session, *, registrations: Sequence[Registration], reason: str, actor: User
) -> Decided:
    """Refuse registrations under review or waiting; the enterprises read the reason. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    decidable = [each for each in registrations if may_become(each.state, RegistrationState.REFUSED)]
    for registration in decidable:
        registration.reason = reason
        _decide(session, registration, RegistrationState.REFUSED, actor=actor)
        _tell(session, registration, _("“%(title)s”报名未通过", title=registration.event.title), reason)
    return Decided(skipped=len(registrations) - len(decidable))


def confirm_registration(session: Session, *, registration: Registration, actor: User) -> None:
    """Say that the enterprise will come. Raises RegistrationCannotMove."""
    _insist_on_becoming(registration, RegistrationState.CONFIRMED)
    registration.state = RegistrationState.CONFIRMED
    record(session, actor=actor, action="confirm registration", subject=registration)


def cancel_registration(session: Session, *, registration: Registration, actor: User) -> None:
    """Give a place up; its seat goes to the first who waits.

    Raises TooLateToCancel once the event runs, and RegistrationCannotMove.
    """
    event = registration.event
    hold_event(session, event)
    if event.state not in _CANCELLABLE:
        raise TooLateToCancel(now=EVENT_STATES[event.state])
    _insist_on_becoming(registration, RegistrationState.CANCELLED)
    had_seat = registration.state in SEATED
    registration.state = RegistrationState.CANCELLED
    session.flush()
    if had_seat:
        give_back_seat(session, event)
    record(session, actor=actor, action="cancel registration", subject=registration)
    promote_waiting(session, event=event, actor=actor)


def promote_waiting(session: Session, *, event: MatchmakingEvent, actor: User) -> int:
    """Give free seats to those who wait, first come first served; returns how many moved up."""
    promoted = 0
    while event.seats_left > 0 and (registration := first_waiting(session, event)) is not None:
        if not take_seat(session, event):
            break
        _decide(session, registration, RegistrationState.APPROVED, actor=actor)
        _tell(session, registration, _("“%(title)s”候补已递补，请确认参加", title=event.title))
        promoted += 1
    return promoted


def _insist_on_becoming(registration: Registration, then: RegistrationState) -> None:
    if not may_become(registration.state, then):
        raise RegistrationCannotMove(now=REGISTRATION_STATES[registration.state], then=REGISTRATION_STATES[then])


def _decide(session: Session, registration: Registration, then: RegistrationState, *, actor: User) -> None:
    _insist_on_becoming(registration, then)
    was = registration.state
    registration.state, registration.decided_at = then, utcnow()
    session.flush()
    detail = {"from": was.value, "to": then.value, "reviewed": was in UNDER_REVIEW}
    record(session, actor=actor, action="decide registration", subject=registration, detail=detail)


def _tell(session: Session, registration: Registration, title: str, body: str = "") -> None:
    path = f"/events/{registration.event.public_id}"
    tell(session, title=title, body=body, path=path, enterprise_id=registration.enterprise_id)
