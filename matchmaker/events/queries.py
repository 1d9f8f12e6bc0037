"""Events, registrations and check-ins, read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import AuditEntry, Office, User
from matchmaker.chains.models import Chain
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import (
    PUBLISHED_STATES,
    SEATED,
    CheckIn,
    EventState,
    MatchmakingEvent,
    Registration,
    RegistrationState,
    Side,
)
from matchmaker.events.transitions import BEFORE_THE_DAY, OVER, UNDER_REVIEW
from matchmaker.programmes.models import Programme
from matchmaker.web.visibility import everyones, visible

_OWN = "the caller may see this event"
_FACTS = (
    joinedload(MatchmakingEvent.region),
    joinedload(MatchmakingEvent.chain),
    joinedload(MatchmakingEvent.organiser),
)


@dataclass(frozen=True, slots=True)
class CalendarFilter:
    """What a reader of the calendar asked for; `when` is coming, past or all."""

    when: str = "coming"
    chain: str = ""
    region_ids: tuple[int, ...] = ()
    state: EventState | None = None
    text: str = ""
    organiser_id: int | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was there (R4): distinct enterprises, and how many on each side."""

    enterprises: int
    buyers: int
    sellers: int


def today() -> date:
    """The Shanghai date of this moment."""
    return shanghai_day(utcnow())


def calendar_of(user: User | None, wanted: CalendarFilter) -> Select[MatchmakingEvent]:
    """The events a reader may see and asked for; coming ones soonest first, past ones latest first."""
    statement = visible(MatchmakingEvent, user).options(*_FACTS).where(*_conditions(wanted))
    order = MatchmakingEvent.starts_at if wanted.when == "coming" else MatchmakingEvent.starts_at.desc()
    return statement.order_by(order, MatchmakingEvent.id)


def _conditions(wanted: CalendarFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.when == "coming":
        conditions += [MatchmakingEvent.held_on >= today(), MatchmakingEvent.state != EventState.CANCELLED]
    elif wanted.when == "past":
        conditions.append(MatchmakingEvent.held_on < today())
    if wanted.chain:
        conditions.append(MatchmakingEvent.chain_id.in_(select(Chain.id).where(Chain.code == wanted.chain)))
    if wanted.region_ids:
        conditions.append(MatchmakingEvent.region_id.in_(wanted.region_ids))
    if wanted.state:
        conditions.append(MatchmakingEvent.state == wanted.state)
    if wanted.text:
        conditions.append(
            or_(
                MatchmakingEvent.title.contains(wanted.text, autoescape=True),
                MatchmakingEvent.venue.contains(wanted.text, autoescape=True),
            )
        )
    if wanted.organiser_id is not None:
        conditions.append(MatchmakingEvent.organiser_id == wanted.organiser_id)
    return conditions


def coming_events(session: Session, user: User | None, *, limit: int = 5) -> list[MatchmakingEvent]:
    """The next published events that are not over, soonest first."""
    statement = (
        visible(MatchmakingEvent, user)
        .options(*_FACTS)
        .where(MatchmakingEvent.state.in_((*BEFORE_THE_DAY, EventState.RUNNING)), MatchmakingEvent.held_on >= today())
        .order_by(MatchmakingEvent.starts_at, MatchmakingEvent.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def held_events(session: Session, user: User | None, *, limit: int = 5) -> list[MatchmakingEvent]:
    """Events that took place, latest first, whether or not their close-out is approved."""
    statement = (
        visible(MatchmakingEvent, user)
        .options(*_FACTS)
        .where(MatchmakingEvent.state.in_(OVER))
        .order_by(MatchmakingEvent.starts_at.desc(), MatchmakingEvent.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def events_of(session: Session, enterprise: Enterprise) -> list[Registration]:
    """An enterprise's registrations with their events, latest event first."""
    statement = (
        select(Registration)
        .join(Registration.event)
        .options(joinedload(Registration.event).options(*_FACTS))
        .where(Registration.enterprise_id == enterprise.id)
        .order_by(MatchmakingEvent.starts_at.desc(), Registration.id)
    )
    return list(session.scalars(everyones(statement, because="they are the enterprise's own")))


def events_run_by(session: Session, office: Office) -> list[MatchmakingEvent]:
    """What an office still has to see through, soonest first: everything before approval and not cancelled."""
    finished = (EventState.APPROVED, EventState.CANCELLED)
    statement = (
        select(MatchmakingEvent)
        .options(*_FACTS)
        .where(MatchmakingEvent.organiser_id == office.id, MatchmakingEvent.state.not_in(finished))
        .order_by(MatchmakingEvent.starts_at, MatchmakingEvent.id)
    )
    return list(session.scalars(everyones(statement, because="they are the office's own")))


def waiting_for(session: Session, office: Office) -> list[Registration]:
    """Registrations an office has to review, the longest waiting first."""
    statement = (
        select(Registration)
        .join(Registration.event)
        .options(joinedload(Registration.event), joinedload(Registration.enterprise))
        .where(
            MatchmakingEvent.organiser_id == office.id,
            MatchmakingEvent.state.in_(BEFORE_THE_DAY),
            Registration.state.in_(UNDER_REVIEW),
        )
        .order_by(Registration.applied_at, Registration.id)
    )
    return list(session.scalars(everyones(statement, because="they ask this office")))


def closeouts_waiting(session: Session, user: User) -> list[MatchmakingEvent]:
    """Close-outs in this person's sight that wait for an office other than theirs' organiser, oldest first."""
    own = user.office.id if user.office else None
    statement = (
        visible(MatchmakingEvent, user)
        .options(*_FACTS)
        .where(MatchmakingEvent.state == EventState.CLOSING, MatchmakingEvent.organiser_id != own)
        .order_by(MatchmakingEvent.starts_at, MatchmakingEvent.id)
    )
    return list(session.scalars(statement))


def special_events(session: Session, user: User | None, event: MatchmakingEvent) -> list[MatchmakingEvent]:
    """The special events held under a main stage."""
    statement = visible(MatchmakingEvent, user).options(*_FACTS).where(MatchmakingEvent.parent_id == event.id)
    return list(session.scalars(statement.order_by(MatchmakingEvent.starts_at, MatchmakingEvent.id)))


def find_programme(session: Session, year: int) -> Programme | None:
    """The programme of a year."""
    return session.scalar(select(Programme).where(Programme.year == year))


def find_registration(session: Session, event: MatchmakingEvent, enterprise_id: int | None) -> Registration | None:
    """An enterprise's registration at an event, whatever its state."""
    if enterprise_id is None:
        return None
    statement = select(Registration).where(
        Registration.event_id == event.id, Registration.enterprise_id == enterprise_id
    )
    return session.scalar(everyones(statement, because="one enterprise's own registration"))


def registrations_at(
    session: Session, events: Iterable[MatchmakingEvent], enterprise_id: int | None
) -> dict[int, Registration]:
    """One enterprise's registrations at several events, by event id."""
    if enterprise_id is None:
        return {}
    statement = select(Registration).where(
        Registration.enterprise_id == enterprise_id, Registration.event_id.in_([event.id for event in events])
    )
    found = session.scalars(everyones(statement, because="one enterprise's own registrations"))
    return {registration.event_id: registration for registration in found}


def registrations_of(
    event: MatchmakingEvent, *, states: Sequence[RegistrationState] = (), text: str = ""
) -> Select[Registration]:
    """An event's registrations in these states (all when empty), in the order of the line."""
    statement = (
        select(Registration)
        .join(Registration.enterprise)
        .options(joinedload(Registration.enterprise).joinedload(Enterprise.region))
        .where(Registration.event_id == event.id)
        .order_by(Registration.applied_at, Registration.id)
    )
    if states:
        statement = statement.where(Registration.state.in_(states))
    if text:
        needle = text.casefold()
        statement = statement.where(
            or_(
                Enterprise.name.contains(text, autoescape=True),
                Enterprise.search_text.contains(needle, autoescape=True),
            )
        )
    return everyones(statement, because=_OWN)


def chosen_registrations(session: Session, event: MatchmakingEvent, public_ids: Sequence[str]) -> list[Registration]:
    """The registrations picked on a page, in the order of the line."""
    return list(session.scalars(registrations_of(event).where(Registration.public_id.in_(public_ids))))


def registration_counts(session: Session, event: MatchmakingEvent) -> dict[RegistrationState, int]:
    """How many registrations an event has in each state."""
    statement = (
        select(Registration.state, func.count(Registration.id))
        .where(Registration.event_id == event.id)
        .group_by(Registration.state)
    )
    return dict(session.execute(everyones(statement, because=_OWN)).all())


def seated_enterprise_ids(session: Session, event: MatchmakingEvent) -> set[int]:
    """The enterprises with a seat at an event."""
    statement = select(Registration.enterprise_id).where(
        Registration.event_id == event.id, Registration.state.in_(SEATED)
    )
    return set(session.scalars(everyones(statement, because=_OWN)))


def first_waiting(session: Session, event: MatchmakingEvent) -> Registration | None:
    """The registration at the head of the waiting list."""
    return session.scalar(registrations_of(event, states=(RegistrationState.WAITING,)).limit(1))


def find_check_in(session: Session, event: MatchmakingEvent, enterprise_id: int) -> CheckIn | None:
    """An enterprise's check-in at an event."""
    statement = select(CheckIn).where(CheckIn.event_id == event.id, CheckIn.enterprise_id == enterprise_id)
    return session.scalar(everyones(statement, because=_OWN))


def check_ins_of(session: Session, event: MatchmakingEvent) -> dict[int, CheckIn]:
    """An event's check-ins, by enterprise."""
    statement = select(CheckIn).where(CheckIn.event_id == event.id)
    return {each.enterprise_id: each for each in session.scalars(everyones(statement, because=_OWN))}


def attendance_of(session: Session, event: MatchmakingEvent) -> Attendance:
    """How many enterprises were at an event."""
    statement = select(CheckIn.side, func.count(CheckIn.id)).where(CheckIn.event_id == event.id).group_by(CheckIn.side)
    counts = dict(session.execute(everyones(statement, because=_OWN)).all())
    buyers, sellers = counts.get(Side.BUYER, 0), counts.get(Side.SELLER, 0)
    return Attendance(enterprises=buyers + sellers, buyers=buyers, sellers=sellers)


def state_before_check_in(session: Session, registration: Registration) -> RegistrationState:
    """What a registration was when it was checked in, from the audit record."""
    statement = (
        select(AuditEntry.detail)
        .where(AuditEntry.subject_id == registration.public_id, AuditEntry.action == "check in")
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    detail = session.scalar(statement) or {}
    return RegistrationState(detail.get("was", RegistrationState.APPROVED.value))


def is_published(event: MatchmakingEvent) -> bool:
    """Whether everybody sees the event."""
    return event.state in PUBLISHED_STATES
