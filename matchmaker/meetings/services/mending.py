"""A repair becomes valid: outcomes already known go with it, and what it answers becomes a fact of the event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.events.models import MatchmakingEvent
from matchmaker.meetings.models import (
    Availability,
    Meeting,
    MeetingRequest,
    MeetingState,
    Repair,
    RequestState,
    TimetableVersion,
    TroubleKind,
)
from matchmaker.meetings.queries import find_availability, find_table, meetings_of_timetable
from matchmaker.meetings.refusals import RepairOutdated


def carry_outcomes_over(
    session: Session, *, repair: Repair, published: TimetableVersion | None, known: Sequence[Meeting]
) -> None:
    """Give the mended version what was recorded of the published one since it was computed.

    Raises RepairOutdated when it mends another version than the published one, or would move a talk that took place.
    """
    if published is None or published.id != repair.base_id:
        raise RepairOutdated
    mended = {meeting.request_id: meeting for meeting in meetings_of_timetable(session, repair.timetable)}
    for meeting in known:
        if meeting.state is MeetingState.SCHEDULED:
            continue
        own = mended.get(meeting.request_id)
        if own is None and meeting.state is MeetingState.MISSED:
            continue
        if own is None or (own.slot_id, own.table_id) != (meeting.slot_id, meeting.table_id):
            raise RepairOutdated
        own.state, own.outcome = meeting.state, meeting.outcome


def make_fact(session: Session, *, repair: Repair) -> None:
    """Write down among the event's limits what the repair answers, and remember what that changed."""
    event, trouble = repair.timetable.event, repair.trouble
    if repair.kind is TroubleKind.FIRM_AWAY:
        row = find_availability(session, event, trouble["enterprise_id"])
        if row is None:
            row = Availability(event=event, enterprise_id=trouble["enterprise_id"], absent_slots=[])
            session.add(row)
        new, row.absent_slots = _added(row.absent_slots, trouble)
    elif repair.kind is TroubleKind.TABLE_LOST:
        table = find_table(session, event, trouble["table"])
        if table is None:
            raise RepairOutdated
        new, table.closed_slots = _added(table.closed_slots, trouble)
    else:
        new = []
        _call_off(session, trouble)
    repair.trouble = {**trouble, "added": new}


def unmake_fact(session: Session, *, repair: Repair) -> None:
    """Take back exactly what publishing the repair changed."""
    event, trouble = repair.timetable.event, repair.trouble
    added = set(trouble.get("added", ()))
    if repair.kind is TroubleKind.FIRM_AWAY:
        row = find_availability(session, event, trouble["enterprise_id"])
        if row is not None:
            row.absent_slots = [number for number in row.absent_slots if number not in added]
    elif repair.kind is TroubleKind.TABLE_LOST:
        _open_again(session, event, trouble["table"], added)
    elif "request_id" in trouble:
        session.get_one(MeetingRequest, trouble["request_id"]).state = RequestState.ACCEPTED


def _open_again(session: Session, event: MatchmakingEvent, number: int, slots: set[int]) -> None:
    table = find_table(session, event, number)
    if table is not None:
        table.closed_slots = [slot for slot in table.closed_slots if slot not in slots]


def _added(known: list[Any], trouble: Mapping[str, Any]) -> tuple[list[int], list[int]]:
    """The slots that are new, and all of them."""
    new = sorted(set(trouble["slots"]) - set(known))
    return new, sorted({*known, *new})


def _call_off(session: Session, trouble: Mapping[str, Any]) -> None:
    if "request_id" in trouble:
        session.get_one(MeetingRequest, trouble["request_id"]).state = RequestState.WITHDRAWN
