"""Have a timetable computed, show it to the participants, take it back or put it aside."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.db import utcnow
from matchmaker.events.models import EventState, MatchmakingEvent
from matchmaker.events.services import move_event
from matchmaker.events.services.seats import hold_event
from matchmaker.events.words import EVENT_STATES
from matchmaker.jobs.services import promise
from matchmaker.meetings.changes import difference
from matchmaker.meetings.models import MeetingRequest, RequestState, TimetableState, TimetableVersion
from matchmaker.meetings.queries import (
    find_published,
    has_outcomes,
    is_overdue,
    latest_number,
    meetings_of_timetable,
    open_computation,
    placeable_requests,
    timetables_of,
)
from matchmaker.meetings.refusals import (
    BeingComputed,
    NoHall,
    NotADraft,
    NothingToPlace,
    NotPublished,
    OutcomesRecorded,
    TimetablingClosed,
)
from matchmaker.meetings.services.mending import carry_outcomes_over, make_fact
from matchmaker.meetings.services.telling import tell_changes, tell_participants, tell_taken_back
from matchmaker.meetings.words import TIMETABLE_STATES

COMPUTE = "compute timetable"
TIMETABLED_IN = (EventState.OPEN, EventState.TIMETABLING, EventState.TIMETABLED, EventState.RUNNING)


def start_timetable(
    session: Session, *, event: MatchmakingEvent, actor: User, locks_of: TimetableVersion | None = None
) -> TimetableVersion:
    """Promise a new version of an event's timetable, computed in the background.

    locks_of: the version whose locked meetings stay where they are.
    Raises TimetablingClosed, NoHall, BeingComputed and NothingToPlace.
    """
    insist_on_timetabling(session, event)
    if not event.slot_count or not event.table_count:
        raise NoHall
    if not placeable_requests(session, event):
        raise NothingToPlace
    version = new_version(session, event)
    payload = {"timetable_id": version.id} | ({"locks_of": locks_of.id} if locks_of else {})
    version.job = promise(session, COMPUTE, payload=payload, user_id=actor.id)
    record(session, actor=actor, action="compute timetable", subject=version, detail={"event": event.public_id})
    return version


def insist_on_timetabling(session: Session, event: MatchmakingEvent) -> None:
    """Go on alone, and only while timetables of this event are made. Raises TimetablingClosed and BeingComputed."""
    hold_event(session, event)
    if event.state not in TIMETABLED_IN:
        raise TimetablingClosed(now=EVENT_STATES[event.state])
    if open_computation(session, event) is not None:
        raise BeingComputed


def new_version(session: Session, event: MatchmakingEvent) -> TimetableVersion:
    """The next version of an event's timetable, to be computed; one whose worker died before stays unfinished."""
    for known in timetables_of(session, event):
        if known.state is TimetableState.COMPUTING and is_overdue(known):
            known.state = TimetableState.FAILED
    number = latest_number(session, event) + 1
    version = TimetableVersion(event=event, number=number, state=TimetableState.COMPUTING, stages=[], unplaced=[])
    session.add(version)
    session.flush()
    return version


def publish_timetable(session: Session, *, timetable: TimetableVersion, actor: User) -> None:
    """Show a draft to its participants in place of the one they saw before, and tell them what is new to them.

    Requests nobody answered lapse. Raises NotADraft when it was published meanwhile,
    OutcomesRecorded and TimetablingClosed; for a repair RepairOutdated.
    """
    event = timetable.event
    hold_event(session, event)
    if event.state not in TIMETABLED_IN:
        raise TimetablingClosed(now=EVENT_STATES[event.state])
    former = find_published(session, event)
    if former is timetable:
        raise NotADraft(now=TIMETABLE_STATES[timetable.state])
    known = [] if former is None else meetings_of_timetable(session, former)
    if timetable.repair is not None:
        carry_outcomes_over(session, repair=timetable.repair, published=former, known=known)
    elif former is not None and has_outcomes(session, former):
        raise OutcomesRecorded
    if former is not None:
        former.state = TimetableState.REPLACED
        session.flush()
    _become_published(session, timetable)
    if timetable.repair is not None:
        make_fact(session, repair=timetable.repair)
    _lapse(session, event)
    _move_to_timetabled(session, event, actor)
    detail = {"event": event.public_id, "number": timetable.number}
    record(session, actor=actor, action="publish timetable", subject=timetable, detail=detail)
    if former is None:
        tell_participants(session, timetable)
    else:
        tell_changes(session, timetable, difference(known, meetings_of_timetable(session, timetable)))


def _become_published(session: Session, timetable: TimetableVersion) -> None:
    changed = session.execute(
        update(TimetableVersion)
        .where(TimetableVersion.id == timetable.id, TimetableVersion.state == TimetableState.DRAFT)
        .values(state=TimetableState.PUBLISHED, published_at=utcnow(), version=TimetableVersion.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(timetable, ["state", "published_at", "version"])
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise NotADraft(now=TIMETABLE_STATES[timetable.state])


def _lapse(session: Session, event: MatchmakingEvent) -> None:
    session.execute(
        update(MeetingRequest)
        .where(MeetingRequest.event_id == event.id, MeetingRequest.state == RequestState.ASKED)
        .values(state=RequestState.LAPSED, version=MeetingRequest.version + 1)
        .execution_options(synchronize_session=False)
    )


def _move_to_timetabled(session: Session, event: MatchmakingEvent, actor: User) -> None:
    if event.state is EventState.OPEN:
        move_event(session, event=event, to=EventState.TIMETABLING, actor=actor)
    if event.state is EventState.TIMETABLING:
        move_event(session, event=event, to=EventState.TIMETABLED, actor=actor)


def unpublish_timetable(session: Session, *, timetable: TimetableVersion, actor: User) -> None:
    """Take a published timetable back to a draft and tell its participants.

    Raises NotPublished and OutcomesRecorded.
    """
    event = timetable.event
    hold_event(session, event)
    if timetable.state is not TimetableState.PUBLISHED:
        raise NotPublished
    if has_outcomes(session, timetable):
        raise OutcomesRecorded
    timetable.state, timetable.published_at = TimetableState.DRAFT, None
    if event.state is EventState.TIMETABLED:
        move_event(session, event=event, to=EventState.TIMETABLING, actor=actor)
    record(session, actor=actor, action="unpublish timetable", subject=timetable)
    tell_taken_back(session, timetable)


def discard_timetable(session: Session, *, timetable: TimetableVersion, actor: User) -> None:
    """Put a draft aside; it can be taken up again. Raises NotADraft."""
    _turn(timetable, TimetableState.DRAFT, TimetableState.DISCARDED)
    record(session, actor=actor, action="discard timetable", subject=timetable)


def take_up_timetable(session: Session, *, timetable: TimetableVersion, actor: User) -> None:
    """Make a discarded version a draft again. Raises NotADraft."""
    _turn(timetable, TimetableState.DISCARDED, TimetableState.DRAFT)
    record(session, actor=actor, action="take up timetable", subject=timetable)


def _turn(timetable: TimetableVersion, now: TimetableState, then: TimetableState) -> None:
    if timetable.state is not now:
        raise NotADraft(now=TIMETABLE_STATES[timetable.state])
    timetable.state = then
