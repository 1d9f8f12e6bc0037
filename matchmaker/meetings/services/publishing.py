"""Have a timetable computed, show it to the participants, take it back."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.db import SHANGHAI, utcnow
from matchmaker.events.models import EventState, MatchmakingEvent
from matchmaker.events.services import move_event
from matchmaker.events.services.seats import hold_event
from matchmaker.events.words import EVENT_STATES
from matchmaker.i18n import gettext as _
from matchmaker.jobs.services import promise
from matchmaker.meetings.models import (
    Meeting,
    MeetingRequest,
    RequestState,
    TimetableState,
    TimetableVersion,
)
from matchmaker.meetings.queries import (
    find_published,
    has_outcomes,
    latest_number,
    meetings_of_timetable,
    open_computation,
    placeable_requests,
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
from matchmaker.meetings.words import TIMETABLE_STATES
from matchmaker.notices.services import tell

COMPUTE = "compute timetable"
TIMETABLED_IN = (EventState.OPEN, EventState.TIMETABLING, EventState.TIMETABLED, EventState.RUNNING)


def start_timetable(session: Session, *, event: MatchmakingEvent, actor: User) -> TimetableVersion:
    """Promise a new version of an event's timetable, computed in the background.

    Raises TimetablingClosed, NoHall, BeingComputed and NothingToPlace.
    """
    hold_event(session, event)
    if event.state not in TIMETABLED_IN:
        raise TimetablingClosed(now=EVENT_STATES[event.state])
    if not event.slot_count or not event.table_count:
        raise NoHall
    if open_computation(session, event) is not None:
        raise BeingComputed
    if not placeable_requests(session, event):
        raise NothingToPlace
    version = TimetableVersion(
        event=event, number=latest_number(session, event) + 1, state=TimetableState.COMPUTING, stages=[], unplaced=[]
    )
    session.add(version)
    session.flush()
    version.job = promise(session, COMPUTE, payload={"timetable_id": version.id}, user_id=actor.id)
    record(session, actor=actor, action="compute timetable", subject=version, detail={"event": event.public_id})
    return version


def publish_timetable(session: Session, *, timetable: TimetableVersion, actor: User) -> None:
    """Show a draft to its participants in place of the one they saw before, and tell them their times.

    Requests nobody answered lapse. Raises NotADraft when it was published meanwhile,
    OutcomesRecorded and TimetablingClosed.
    """
    event = timetable.event
    hold_event(session, event)
    if event.state not in TIMETABLED_IN:
        raise TimetablingClosed(now=EVENT_STATES[event.state])
    former = find_published(session, event)
    if former is not None and has_outcomes(session, former):
        raise OutcomesRecorded
    if former is not None and former is not timetable:
        former.state = TimetableState.REPLACED
        session.flush()
    _become_published(session, timetable)
    _lapse(session, event)
    _move_to_timetabled(session, event, actor)
    detail = {"event": event.public_id, "number": timetable.number}
    record(session, actor=actor, action="publish timetable", subject=timetable, detail=detail)
    _tell_participants(session, timetable)


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


def _tell_participants(session: Session, timetable: TimetableVersion) -> None:
    """One notice for each participant, with each of its talks."""
    lines: dict[int, list[str]] = defaultdict(list)
    for meeting in meetings_of_timetable(session, timetable):
        request = meeting.request
        for own, other in ((request.asker_id, request.asked), (request.asked_id, request.asker)):
            lines[own].append(_line(meeting, other.display_name))
    title = _("“%(title)s”排期已发布", title=timetable.event.title)
    for enterprise_id, talks in lines.items():
        tell(session, title=title, body="；".join(talks), path="/meetings", enterprise_id=enterprise_id)


def _line(meeting: Meeting, other: str) -> str:
    time = f"{meeting.slot.starts_at.astimezone(SHANGHAI):%H:%M}"
    return str(_("%(time)s 在 %(table)s 号桌与%(other)s洽谈", time=time, table=meeting.table.number, other=other))


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
    title = _("“%(title)s”排期已撤回，请等待新的排期", title=event.title)
    for enterprise_id in {
        side for meeting in meetings_of_timetable(session, timetable) for side in _sides(meeting.request)
    }:
        tell(session, title=title, path="/meetings", enterprise_id=enterprise_id)


def _sides(request: MeetingRequest) -> tuple[int, int]:
    return request.asker_id, request.asked_id
