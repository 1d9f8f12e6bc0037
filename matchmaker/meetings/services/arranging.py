"""Arrange a draft by hand: lock meetings, move them, take the last move back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.events.services.seats import hold_event
from matchmaker.i18n import gettext as _
from matchmaker.meetings.models import Meeting, Slot, Table, TimetableState, TimetableVersion
from matchmaker.meetings.places import Hall
from matchmaker.meetings.queries import hall_of, meetings_of_timetable
from matchmaker.meetings.refusals import CannotMoveThere, MeetingLocked, NoMoveToUndo, OnlyDraftsArranged
from matchmaker.meetings.timetable import Assignment, Instance, Participant, Request, StageName, measuring
from matchmaker.meetings.words import TIMETABLE_STATES
from matchmaker.web.formats import clock


def lock_meeting(session: Session, *, meeting: Meeting, is_locked: bool, actor: User) -> None:
    """Keep a meeting of a draft where it is when the timetable is computed anew, or let go of it.

    Raises OnlyDraftsArranged.
    """
    _insist_on_draft(session, meeting.timetable)
    meeting.is_locked = is_locked
    action = "lock meeting" if is_locked else "unlock meeting"
    record(session, actor=actor, action=action, subject=meeting)


def move_meeting(session: Session, *, meeting: Meeting, slot: Slot, table: Table, actor: User) -> None:
    """Hold a meeting of a draft in another slot or at another table.

    Raises OnlyDraftsArranged, MeetingLocked, and CannotMoveThere with the reason and the nearest free place.
    """
    timetable = meeting.timetable
    _insist_on_draft(session, timetable)
    if meeting.is_locked:
        raise MeetingLocked
    _insist_on_free(hall_of(session, timetable), meeting, slot, table)
    timetable.last_move = {
        "meeting_id": meeting.id,
        "slot": meeting.slot.number,
        "table": meeting.table.number,
    }
    _put(session, meeting, slot, table, actor)


def undo_move(session: Session, *, timetable: TimetableVersion, actor: User) -> Meeting:
    """Put the meeting moved last back where it had been, and return it.

    Raises OnlyDraftsArranged, NoMoveToUndo, and CannotMoveThere when its place was taken meanwhile.
    """
    _insist_on_draft(session, timetable)
    was, hall = timetable.last_move, hall_of(session, timetable)
    meeting = next((each for each in hall.meetings if each.id == was.get("meeting_id")), None)
    if meeting is None:
        raise NoMoveToUndo
    slot = next(each for each in hall.slots if each.number == was["slot"])
    table = next(each for each in hall.tables if each.number == was["table"])
    _insist_on_free(hall, meeting, slot, table)
    timetable.last_move = {}
    _put(session, meeting, slot, table, actor)
    return meeting


def _insist_on_draft(session: Session, timetable: TimetableVersion) -> None:
    hold_event(session, timetable.event)
    if timetable.state is not TimetableState.DRAFT:
        raise OnlyDraftsArranged(now=TIMETABLE_STATES[timetable.state])


def _insist_on_free(hall: Hall, meeting: Meeting, slot: Slot, table: Table) -> None:
    why = hall.obstacles(meeting).get((slot.number, table.number), "")
    if why:
        near = hall.nearest(meeting, (slot.number, table.number))
        raise CannotMoveThere(why=why, near=_place_words(hall, near))


def _place_words(hall: Hall, place: tuple[int, int] | None) -> str:
    times = {slot.number: clock(slot.starts_at) for slot in hall.slots}
    return "—" if place is None else str(_("%(table)s 号桌 %(time)s", table=place[1], time=times[place[0]]))


def _put(session: Session, meeting: Meeting, slot: Slot, table: Table, actor: User) -> None:
    detail = {
        "from": [meeting.slot.number, meeting.table.number],
        "to": [slot.number, table.number],
    }
    meeting.slot, meeting.table = slot, table
    for appointment in meeting.appointments:
        appointment.slot_id = slot.id
    session.flush()
    _measure_again(session, meeting.timetable)
    record(session, actor=actor, action="move meeting", subject=meeting, detail=detail)


def _measure_again(session: Session, timetable: TimetableVersion) -> None:
    """A move by hand changes breaks and changes of table; nothing is known of how few the latter could be now."""
    meetings = meetings_of_timetable(session, timetable)
    position = {firm: number for number, firm in enumerate(sorted({f for m in meetings for f in _firms(m)}))}
    instance = Instance(
        slots=max((meeting.slot.number for meeting in meetings), default=0),
        participants=(Participant(),) * len(position),
        meetings=tuple(
            Request(a=position[each.request.asker_id], b=position[each.request.asked_id]) for each in meetings
        ),
    )
    held = [Assignment(n, each.slot.number - 1, each.table.number - 1) for n, each in enumerate(meetings)]
    breaks = sum(measuring.breaks_of(instance, {each.meeting: each.slot for each in held}))
    values = {StageName.BREAKS.value: breaks, StageName.TABLE_MOVES.value: measuring.table_moves(instance, held)}
    timetable.stages = [
        stage
        | {"value": values[stage["name"]], "bound": _bound(stage), "proved": values[stage["name"]] == _bound(stage)}
        if stage["name"] in values
        else stage
        for stage in timetable.stages
    ]


def _bound(stage: dict[str, object]) -> object:
    return 0 if stage["name"] == StageName.TABLE_MOVES.value else stage["bound"]


def _firms(meeting: Meeting) -> tuple[int, int]:
    return meeting.request.asker_id, meeting.request.asked_id
