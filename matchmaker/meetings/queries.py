"""Requests, timetables and meetings, read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from matchmaker.accounts.models import User
from matchmaker.db import utcnow
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import SEATED, MatchmakingEvent
from matchmaker.events.policies import is_coming, may_register
from matchmaker.events.queries import coming_events, registrations_at, seated_enterprise_ids, today
from matchmaker.events.transitions import ASKABLE
from matchmaker.jobs.models import Job, JobState
from matchmaker.meetings.models import (
    Meeting,
    MeetingOutcome,
    MeetingRequest,
    MeetingState,
    RequestState,
    Slot,
    Table,
    TimetableState,
    TimetableVersion,
)
from matchmaker.web.visibility import everyones

_OF_EVENT = "the caller runs or computes this event"
_OWN = "they are the enterprise's own"
_LOOKED_AT = 40  # coming events
_LASTING = timedelta(hours=1)  # a meeting stays the next one while it goes on
_REQUEST_FACTS = (
    joinedload(MeetingRequest.event),
    joinedload(MeetingRequest.asker).joinedload(Enterprise.region),
    joinedload(MeetingRequest.asked).joinedload(Enterprise.region),
)


@dataclass(frozen=True, slots=True)
class MeetingFigures:
    """What an event's talks came to: requests, those both sides wanted, and the published ones by what happened."""

    asked: int
    accepted: int
    scheduled: int
    held: int
    missed: int
    intents: int
    follow_ups: int


@dataclass(frozen=True, slots=True)
class AskableEvent:
    """An event at which one firm could talk to another, and what stands in the way."""

    event: MatchmakingEvent
    must_register: bool  # the asker has no place yet but may ask for one
    both_seated: bool
    request: MeetingRequest | None  # what the two already asked of one another there


def askable_events(session: Session, user: User, asked: Enterprise) -> list[AskableEvent]:
    """The coming events where both firms come or may still register, those where both have a seat first."""
    if user.enterprise_id is None:
        return []
    events = [each for each in coming_events(session, user, limit=_LOOKED_AT) if each.state in ASKABLE]
    ours = registrations_at(session, events, user.enterprise_id)
    theirs = registrations_at(session, events, asked.id)
    known = requests_between(session, user.enterprise_id, asked.id)
    found = []
    for event in events:
        own, other = ours.get(event.id), theirs.get(event.id)
        if all(is_coming(each) or may_register(event, each) for each in (own, other)):
            seated = all(each is not None and each.state in SEATED for each in (own, other))
            found.append(AskableEvent(event, not is_coming(own), seated, known.get(event.id)))
    return sorted(found, key=lambda each: not each.both_seated)


def find_request_between(
    session: Session, event: MatchmakingEvent, *, asker: Enterprise, asked: Enterprise
) -> MeetingRequest | None:
    """What one enterprise asked of another at an event."""
    statement = select(MeetingRequest).where(
        MeetingRequest.event_id == event.id,
        MeetingRequest.asker_id == asker.id,
        MeetingRequest.asked_id == asked.id,
    )
    return session.scalar(everyones(statement, because="the caller speaks for one of the two"))


def requests_between(session: Session, one_id: int, other_id: int) -> dict[int, MeetingRequest]:
    """What two enterprises asked of one another, by event id; what still stands goes before what is over."""
    pair = (one_id, other_id)
    statement = select(MeetingRequest).where(MeetingRequest.asker_id.in_(pair), MeetingRequest.asked_id.in_(pair))
    found = list(session.scalars(everyones(statement, because="the caller speaks for one of the two")))
    standing = (RequestState.ASKED, RequestState.ACCEPTED)
    return {each.event_id: each for each in sorted(found, key=lambda each: (each.state in standing, each.id))}


def open_requests_for(session: Session, enterprise_id: int) -> list[MeetingRequest]:
    """Requests an enterprise has not answered and still can, the longest waiting first."""
    answerable = select(MatchmakingEvent.id).where(
        MatchmakingEvent.state.in_(ASKABLE), MatchmakingEvent.held_on >= today()
    )
    return _requests(
        session,
        MeetingRequest.asked_id == enterprise_id,
        MeetingRequest.state == RequestState.ASKED,
        MeetingRequest.event_id.in_(answerable),
    )


def requests_to(session: Session, enterprise_id: int) -> list[MeetingRequest]:
    """Requests an enterprise was asked, whatever became of them."""
    return _requests(session, MeetingRequest.asked_id == enterprise_id)


def requests_by(session: Session, enterprise_id: int) -> list[MeetingRequest]:
    """Requests an enterprise made."""
    return _requests(session, MeetingRequest.asker_id == enterprise_id)


def _requests(session: Session, *conditions: ColumnElement[bool]) -> list[MeetingRequest]:
    statement = (
        select(MeetingRequest)
        .options(*_REQUEST_FACTS)
        .where(*conditions)
        .order_by(MeetingRequest.created_at, MeetingRequest.id)
    )
    return list(session.scalars(everyones(statement, because=_OWN)))


def accepted_requests(session: Session, event: MatchmakingEvent) -> list[MeetingRequest]:
    """The talks both sides want at an event."""
    statement = (
        select(MeetingRequest)
        .where(MeetingRequest.event_id == event.id, MeetingRequest.state == RequestState.ACCEPTED)
        .order_by(MeetingRequest.id)
    )
    return list(session.scalars(everyones(statement, because=_OF_EVENT)))


def placeable_requests(session: Session, event: MatchmakingEvent) -> list[MeetingRequest]:
    """The talks both sides want and have seats for."""
    seated = seated_enterprise_ids(session, event)
    return [each for each in accepted_requests(session, event) if {each.asker_id, each.asked_id} <= seated]


def is_in_published_timetable(session: Session, request: MeetingRequest) -> bool:
    """Whether a request has its time and table."""
    statement = (
        select(Meeting.id)
        .join(Meeting.timetable)
        .where(Meeting.request_id == request.id, TimetableVersion.state == TimetableState.PUBLISHED)
    )
    return session.scalar(everyones(statement, because="the caller may see the request")) is not None


def open_computation(session: Session, event: MatchmakingEvent) -> TimetableVersion | None:
    """The version of an event's timetable that is being computed."""
    statement = (
        select(TimetableVersion)
        .join(Job, Job.id == TimetableVersion.job_id)
        .where(
            TimetableVersion.event_id == event.id,
            TimetableVersion.state == TimetableState.COMPUTING,
            Job.state.in_((JobState.QUEUED, JobState.RUNNING)),
        )
    )
    return session.scalar(everyones(statement, because=_OF_EVENT))


def latest_number(session: Session, event: MatchmakingEvent) -> int:
    """The number of an event's latest version, 0 for none."""
    statement = select(func.max(TimetableVersion.number)).where(TimetableVersion.event_id == event.id)
    return session.scalar(everyones(statement, because=_OF_EVENT)) or 0


def timetables_of(session: Session, event: MatchmakingEvent) -> list[TimetableVersion]:
    """Every version of an event's timetable, the latest first."""
    statement = (
        select(TimetableVersion)
        .options(joinedload(TimetableVersion.job))
        .where(TimetableVersion.event_id == event.id)
        .order_by(TimetableVersion.number.desc())
    )
    return list(session.scalars(everyones(statement, because=_OF_EVENT)))


def find_published(session: Session, event: MatchmakingEvent) -> TimetableVersion | None:
    """The timetable the participants of an event see."""
    statement = select(TimetableVersion).where(
        TimetableVersion.event_id == event.id, TimetableVersion.state == TimetableState.PUBLISHED
    )
    return session.scalar(everyones(statement, because=_OF_EVENT))


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
            contains_eager(Meeting.request).options(*_REQUEST_FACTS),
        )
        .order_by(Slot.starts_at, Meeting.table_id, Meeting.id)
    )


def meetings_of_timetable(session: Session, timetable: TimetableVersion) -> list[Meeting]:
    """The meetings of one version, by time and table."""
    statement = _meetings().where(Meeting.timetable_id == timetable.id)
    return list(session.scalars(everyones(statement, because="the caller may see the version")))


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


def slots_of(session: Session, event: MatchmakingEvent) -> list[Slot]:
    """An event's slots, in order."""
    return list(session.scalars(select(Slot).where(Slot.event_id == event.id).order_by(Slot.number)))


def tables_of(session: Session, event: MatchmakingEvent) -> list[Table]:
    """An event's tables, in order."""
    return list(session.scalars(select(Table).where(Table.event_id == event.id).order_by(Table.number)))


def requests_with_ids(session: Session, ids: Sequence[int]) -> dict[int, MeetingRequest]:
    """Requests by id, with their parties."""
    statement = select(MeetingRequest).options(*_REQUEST_FACTS).where(MeetingRequest.id.in_(ids))
    return {each.id: each for each in session.scalars(everyones(statement, because=_OF_EVENT))}


def figures_of(session: Session, event: MatchmakingEvent) -> MeetingFigures:
    """What an event's requests and published meetings came to."""
    by_state = select(MeetingRequest.state, func.count(MeetingRequest.id)).where(MeetingRequest.event_id == event.id)
    asked = dict(session.execute(everyones(by_state.group_by(MeetingRequest.state), because=_OF_EVENT)).all())
    happened = _outcome_counts(session, event)
    held = {outcome: count for (state, outcome), count in happened.items() if state is MeetingState.HELD}
    return MeetingFigures(
        asked=sum(asked.values()),
        accepted=asked.get(RequestState.ACCEPTED, 0),
        scheduled=sum(happened.values()),
        held=sum(held.values()),
        missed=sum(count for (state, _), count in happened.items() if state is MeetingState.MISSED),
        intents=held.get(MeetingOutcome.INTENT, 0),
        follow_ups=held.get(MeetingOutcome.FOLLOW_UP, 0),
    )


def _outcome_counts(session: Session, event: MatchmakingEvent) -> dict[tuple[MeetingState, MeetingOutcome | None], int]:
    statement = (
        select(Meeting.state, Meeting.outcome, func.count(Meeting.id))
        .join(Meeting.timetable)
        .where(TimetableVersion.event_id == event.id, TimetableVersion.state == TimetableState.PUBLISHED)
        .group_by(Meeting.state, Meeting.outcome)
    )
    rows = session.execute(everyones(statement, because=_OF_EVENT)).all()
    return {(state, outcome): count for state, outcome, count in rows}


def unanswered_count(session: Session, event: MatchmakingEvent) -> int:
    """How many requests of an event wait for an answer."""
    statement = select(func.count(MeetingRequest.id)).where(
        MeetingRequest.event_id == event.id, MeetingRequest.state == RequestState.ASKED
    )
    return session.scalar(everyones(statement, because=_OF_EVENT)) or 0
