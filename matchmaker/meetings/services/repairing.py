"""Something happened to a published timetable: preview what would change, and take an applied repair back.

Applying is publishing the previewed version.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.db import utcnow
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import MatchmakingEvent
from matchmaker.events.queries import seated_enterprise_ids
from matchmaker.events.services.seats import hold_event
from matchmaker.jobs.services import promise
from matchmaker.meetings.changes import difference
from matchmaker.meetings.models import (
    Meeting,
    MeetingRequest,
    Repair,
    RequestState,
    Table,
    TimetableState,
    TimetableVersion,
    TroubleKind,
)
from matchmaker.meetings.queries import find_published, find_request_between, meetings_of_timetable
from matchmaker.meetings.refusals import (
    AlreadyAsked,
    AskingOneself,
    NoSeats,
    NothingPublished,
    NotPublished,
    OutcomesRecorded,
)
from matchmaker.meetings.services.mending import unmake_fact
from matchmaker.meetings.services.publishing import COMPUTE, insist_on_timetabling, new_version
from matchmaker.meetings.services.telling import tell_changes
from matchmaker.meetings.words import REQUEST_STATES

_OVER = (RequestState.WITHDRAWN, RequestState.LAPSED, RequestState.DECLINED)


def mend_firm_away(
    session: Session, *, event: MatchmakingEvent, firm: Enterprise, slots: Sequence[int], actor: User
) -> TimetableVersion:
    """Preview what changes when a firm is late, or leaves: it is away in these slots (by number)."""
    trouble = {"enterprise_id": firm.id, "slots": sorted(slots)}
    return _start(session, event, TroubleKind.FIRM_AWAY, trouble, actor)


def mend_table_lost(
    session: Session, *, event: MatchmakingEvent, table: Table, slots: Sequence[int], actor: User
) -> TimetableVersion:
    """Preview what changes when nobody can sit at a table in these slots (by number)."""
    return _start(session, event, TroubleKind.TABLE_LOST, {"table": table.number, "slots": sorted(slots)}, actor)


def mend_called_off(session: Session, *, meeting: Meeting, actor: User) -> TimetableVersion:
    """Preview what changes when a published meeting is called off."""
    trouble = {"request_id": meeting.request_id}
    return _start(session, meeting.request.event, TroubleKind.CALLED_OFF, trouble, actor)


def mend_newcomers(session: Session, *, event: MatchmakingEvent, actor: User) -> TimetableVersion:
    """Preview where talks agreed since publication would find a place, without moving anybody."""
    return _start(session, event, TroubleKind.NEWCOMERS, {}, actor)


def _start(
    session: Session, event: MatchmakingEvent, kind: TroubleKind, trouble: dict[str, Any], actor: User
) -> TimetableVersion:
    """Promise a version that mends the published one, which stays as it is.

    Raises NothingPublished, TimetablingClosed and BeingComputed.
    """
    insist_on_timetabling(session, event)
    published = find_published(session, event)
    if published is None:
        raise NothingPublished
    version = new_version(session, event)
    session.add(Repair(timetable=version, base=published, kind=kind, trouble=trouble))
    version.job = promise(session, COMPUTE, payload={"timetable_id": version.id}, user_id=actor.id)
    detail = {"event": event.public_id, "kind": kind.value, "of": published.number}
    record(session, actor=actor, action="repair timetable", subject=version, detail=detail)
    return version


def undo_repair(session: Session, *, timetable: TimetableVersion, actor: User) -> TimetableVersion:
    """Put the version a repair replaced back in its place, and tell those whose appointments change again.

    Returns the version that is published now. Raises NotPublished, and OutcomesRecorded when
    something was recorded of a talk since.
    """
    event, repair = timetable.event, timetable.repair
    hold_event(session, event)
    if repair is None or timetable.state is not TimetableState.PUBLISHED:
        raise NotPublished
    before, after = meetings_of_timetable(session, timetable), meetings_of_timetable(session, repair.base)
    known = {meeting.request_id: meeting.state for meeting in after}
    if any(meeting.is_over and known.get(meeting.request_id) is not meeting.state for meeting in before):
        raise OutcomesRecorded
    timetable.state, timetable.published_at = TimetableState.DRAFT, None
    session.flush()
    repair.base.state = TimetableState.PUBLISHED
    unmake_fact(session, repair=repair)
    detail = {"event": event.public_id, "number": timetable.number, "back_to": repair.base.number}
    record(session, actor=actor, action="undo repair", subject=timetable, detail=detail)
    tell_changes(session, repair.base, difference(before, after))
    return repair.base


def add_agreed_meeting(
    session: Session, *, event: MatchmakingEvent, asker: Enterprise, asked: Enterprise, preference: int, actor: User
) -> MeetingRequest:
    """Write down a talk two firms agreed to at the venue; the next repair finds it a place.

    Raises AskingOneself, NoSeats and AlreadyAsked.
    """
    if asker.id == asked.id:
        raise AskingOneself
    if not {asker.id, asked.id} <= seated_enterprise_ids(session, event):
        raise NoSeats
    ways = ((asker, asked), (asked, asker))
    known = [each for one, other in ways if (each := find_request_between(session, event, asker=one, asked=other))]
    if standing := next((each for each in known if each.state not in _OVER), None):
        raise AlreadyAsked(now=REQUEST_STATES[standing.state])
    request = known[0] if known else MeetingRequest(event=event, asker=asker, asked=asked)
    request.state, request.preference, request.answered_at = RequestState.ACCEPTED, preference, utcnow()
    session.add(request)
    session.flush()
    record(session, actor=actor, action="add agreed meeting", subject=request, detail={"event": event.public_id})
    return request
