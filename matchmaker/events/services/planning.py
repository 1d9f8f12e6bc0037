"""Plan an event, change its facts, and lead it from state to state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Office, OfficeLevel, User
from matchmaker.accounts.services import record
from matchmaker.chains.models import Chain
from matchmaker.db import shanghai_day
from matchmaker.events.hours import Day
from matchmaker.events.models import SEATED, EventState, MatchmakingEvent, Registration, RegistrationState
from matchmaker.events.queries import find_programme
from matchmaker.events.refusals import (
    CapacityTooSmall,
    EventCannotMove,
    EventNotEditable,
    LunchMisplaced,
    NoProgramme,
    ReasonMissing,
    RegionOutOfReach,
    TimetableIsOut,
)
from matchmaker.events.services.registering import promote_waiting
from matchmaker.events.services.seats import hold_event
from matchmaker.events.transitions import EDITABLE, UNDER_REVIEW, may_move
from matchmaker.events.words import EVENT_STATES, LUNCH_FAULTS
from matchmaker.i18n import gettext as _
from matchmaker.notices.services import tell
from matchmaker.programmes.models import Programme
from matchmaker.regions.models import Region
from matchmaker.web.visibility import everyones

_BOUND_BY_TIMETABLE = ("starts_at", "slot_minutes", "slot_count", "lunch_starts_at", "lunch_ends_at", "table_count")
_STILL_INTERESTED = (*SEATED, *UNDER_REVIEW, RegistrationState.WAITING, RegistrationState.INVITED)


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What an organiser decides about an event."""

    title: str
    summary: str
    chain: Chain | None
    region: Region
    venue: str
    starts_at: datetime
    slot_minutes: int
    slot_count: int
    table_count: int
    capacity: int
    own_matching: bool
    lunch_starts_at: datetime | None = None
    lunch_ends_at: datetime | None = None

    @property
    def day(self) -> Day:
        """The day these facts lay out."""
        return Day(self.starts_at, self.slot_minutes, self.slot_count, self.lunch_starts_at, self.lunch_ends_at)


def plan_event(session: Session, *, organiser: Office, facts: EventFacts, actor: User) -> MatchmakingEvent:
    """Write down a planned event of an office. Raises NoProgramme, RegionOutOfReach and LunchMisplaced."""
    _insist_on_reach(organiser, facts.region)
    _insist_on_lunch(facts)
    event = MatchmakingEvent(
        organiser=organiser, state=EventState.PLANNED, programme=_programme_for(session, facts.starts_at)
    )
    _set_facts(event, facts)
    session.add(event)
    record(session, actor=actor, action="plan event", subject=event, detail={"office": organiser.public_id})
    return event


def revise_event(session: Session, *, event: MatchmakingEvent, facts: EventFacts, actor: User) -> None:
    """Change an event's facts; seats won by a larger hall go to the waiting list.

    Raises EventNotEditable, TimetableIsOut, CapacityTooSmall, NoProgramme, RegionOutOfReach and LunchMisplaced.
    """
    hold_event(session, event)
    if event.state not in EDITABLE:
        raise EventNotEditable(now=EVENT_STATES[event.state])
    if event.state is EventState.TIMETABLED and any(
        getattr(event, name) != getattr(facts, name) for name in _BOUND_BY_TIMETABLE
    ):
        raise TimetableIsOut
    if facts.capacity < event.taken:
        raise CapacityTooSmall(taken=event.taken)
    _insist_on_reach(event.organiser, facts.region)
    _insist_on_lunch(facts)
    event.programme = _programme_for(session, facts.starts_at)
    _set_facts(event, facts)
    record(session, actor=actor, action="revise event", subject=event, detail={"capacity": facts.capacity})
    promote_waiting(session, event=event, actor=actor)


def _set_facts(event: MatchmakingEvent, facts: EventFacts) -> None:
    event.title, event.summary, event.venue = facts.title, facts.summary, facts.venue
    event.chain, event.region = facts.chain, facts.region
    event.starts_at, event.held_on = facts.starts_at, shanghai_day(facts.starts_at)
    event.slot_minutes, event.slot_count, event.table_count = facts.slot_minutes, facts.slot_count, facts.table_count
    event.lunch_starts_at, event.lunch_ends_at = facts.lunch_starts_at, facts.lunch_ends_at
    event.capacity, event.own_matching = facts.capacity, facts.own_matching


def _programme_for(session: Session, starts_at: datetime) -> Programme:
    year = shanghai_day(starts_at).year
    programme = find_programme(session, year)
    if programme is None:
        raise NoProgramme(year=year)
    return programme


def _insist_on_reach(office: Office, region: Region) -> None:
    if office.level is not OfficeLevel.PROVINCE and office.region_id not in (region.id, region.parent_id):
        raise RegionOutOfReach


def _insist_on_lunch(facts: EventFacts) -> None:
    if fault := facts.day.fault:
        raise LunchMisplaced(why=LUNCH_FAULTS[fault])


def move_event(session: Session, *, event: MatchmakingEvent, to: EventState, actor: User | None) -> None:
    """Lead an event to another state. Raises EventCannotMove when the table of transitions has no such step."""
    was = event.state
    if not may_move(was, to):
        raise EventCannotMove(now=EVENT_STATES[was], then=EVENT_STATES[to])
    event.state = to
    record(session, actor=actor, action="move event", subject=event, detail={"from": was.value, "to": to.value})


def submit_event(session: Session, *, event: MatchmakingEvent, actor: User) -> None:
    """Submit a plan to the office above; nobody stands above the province, which goes on to prepare."""
    above = event.organiser.level is not OfficeLevel.PROVINCE
    move_event(session, event=event, to=EventState.SUBMITTED if above else EventState.PREPARING, actor=actor)


def approve_plan(session: Session, *, event: MatchmakingEvent, actor: User) -> None:
    """Let an organiser go on with what it submitted."""
    _insist_on(event, EventState.SUBMITTED, EventState.PREPARING)
    move_event(session, event=event, to=EventState.PREPARING, actor=actor)
    _tell_organiser(session, event, _("“%(title)s”已获同意，可以发布", title=event.title))


def return_plan(session: Session, *, event: MatchmakingEvent, reason: str, actor: User) -> None:
    """Give a plan back to its organiser. Raises ReasonMissing."""
    _insist_on(event, EventState.SUBMITTED, EventState.PLANNED)
    _insist_on_reason(reason)
    move_event(session, event=event, to=EventState.PLANNED, actor=actor)
    _tell_organiser(session, event, _("“%(title)s”已退回", title=event.title), reason)


def publish_event(session: Session, *, event: MatchmakingEvent, actor: User) -> None:
    """Open an event for registration; from now on everybody sees it."""
    move_event(session, event=event, to=EventState.OPEN, actor=actor)


def postpone_event(session: Session, *, event: MatchmakingEvent, reason: str, actor: User) -> None:
    """Put an event off; registrations keep their places. Raises ReasonMissing."""
    _insist_on_reason(reason)
    move_event(session, event=event, to=EventState.POSTPONED, actor=actor)
    _tell_registered(session, event, _("“%(title)s”改期，报名保留", title=event.title), reason)


def cancel_event(session: Session, *, event: MatchmakingEvent, reason: str, actor: User) -> None:
    """Call an event off for good and tell everybody who registered. Raises ReasonMissing."""
    _insist_on_reason(reason)
    move_event(session, event=event, to=EventState.CANCELLED, actor=actor)
    _tell_registered(session, event, _("“%(title)s”已取消", title=event.title), reason)


def _insist_on(event: MatchmakingEvent, state: EventState, to: EventState) -> None:
    if event.state is not state:
        raise EventCannotMove(now=EVENT_STATES[event.state], then=EVENT_STATES[to])


def _insist_on_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing


def _tell_organiser(session: Session, event: MatchmakingEvent, title: str, body: str = "") -> None:
    tell(session, title=title, body=body, path=f"/events/{event.public_id}", office_id=event.organiser_id)


def _tell_registered(session: Session, event: MatchmakingEvent, title: str, body: str) -> None:
    statement = select(Registration.enterprise_id).where(
        Registration.event_id == event.id, Registration.state.in_(_STILL_INTERESTED)
    )
    for enterprise_id in session.scalars(everyones(statement, because="everybody registered is told")):
        tell(session, title=title, body=body, path=f"/events/{event.public_id}", enterprise_id=enterprise_id)
