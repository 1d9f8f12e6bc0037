"""Requests to talk, read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import User
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import SEATED, MatchmakingEvent
from matchmaker.events.policies import is_coming, may_register
from matchmaker.events.queries import coming_events, registrations_at, seated_enterprise_ids, today
from matchmaker.events.transitions import ASKABLE
from matchmaker.meetings.models import (
    MeetingRequest,
    RequestState,
)
from matchmaker.web.visibility import everyones

_OF_EVENT = "the caller runs or computes this event"
_OWN = "they are the enterprise's own"
_LOOKED_AT = 40  # coming events
REQUEST_FACTS = (
    joinedload(MeetingRequest.event),
    joinedload(MeetingRequest.asker).joinedload(Enterprise.region),
    joinedload(MeetingRequest.asked).joinedload(Enterprise.region),
)


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
        .options(*REQUEST_FACTS)
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


def requests_with_ids(session: Session, ids: Sequence[int]) -> dict[int, MeetingRequest]:
    """Requests by id, with their parties."""
    statement = select(MeetingRequest).options(*REQUEST_FACTS).where(MeetingRequest.id.in_(ids))
    return {each.id: each for each in session.scalars(everyones(statement, because=_OF_EVENT))}


def unanswered_count(session: Session, event: MatchmakingEvent) -> int:
    """How many requests of an event wait for an answer."""
    statement = select(func.count(MeetingRequest.id)).where(
        MeetingRequest.event_id == event.id, MeetingRequest.state == RequestState.ASKED
    )
    return session.scalar(everyones(statement, because=_OF_EVENT)) or 0


def seated_firms(session: Session, event: MatchmakingEvent) -> list[Enterprise]:
    """The enterprises with a seat at an event, by name."""
    statement = (
        select(Enterprise)
        .where(Enterprise.id.in_(seated_enterprise_ids(session, event)))
        .order_by(Enterprise.name, Enterprise.id)
    )
    return list(session.scalars(everyones(statement, because=_OF_EVENT)))
