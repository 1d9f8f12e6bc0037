"""The background work of timetabling: read the event, solve it as plain values, write a draft."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.events.models import MatchmakingEvent
from matchmaker.events.queries import seated_enterprise_ids
from matchmaker.i18n import gettext as _
from matchmaker.jobs.models import Job
from matchmaker.jobs.services import Progress, release
from matchmaker.meetings.models import (
    Appointment,
    Meeting,
    MeetingRequest,
    Slot,
    Table,
    TimetableState,
    TimetableVersion,
)
from matchmaker.meetings.queries import accepted_requests, slots_of, tables_of
from matchmaker.meetings.timetable import (
    Assignment,
    Instance,
    Participant,
    Request,
    Stage,
    StageName,
    Timetable,
    Unplaced,
    solve,
)
from matchmaker.meetings.timetable import Table as HallTable
from matchmaker.meetings.words import NO_SEAT
from matchmaker.notices.services import tell

WORK = 8.0
SECONDS = 20


@dataclass(frozen=True, slots=True)
class Brief:
    """An event as plain values: whose numbers the instance's positions stand for, and what cannot be placed at all."""

    instance: Instance
    requests: tuple[int, ...]
    firms: tuple[int, ...]
    left_out: tuple[dict[str, Any], ...]


def compute_timetable(session: Session, job: Job, report: Progress) -> dict[str, Any]:
    """Compute the draft that a job was promised for; done twice it changes nothing.

    Stopping the job keeps the best timetable found so far.
    """
    timetable = session.get_one(TimetableVersion, job.payload["timetable_id"])
    if timetable.state is not TimetableState.COMPUTING:
        return {}
    event = timetable.event
    brief = read_brief(session, event)
    release(session)
    watch = Watch(report, len(brief.requests))
    answer = solve(brief.instance, work=WORK, out_of_time=watch.is_out_of_time, progress=watch.note)
    write_draft(session, timetable, brief, answer)
    title = _("“%(title)s”排期已算好，请查看", title=event.title)
    tell(session, title=title, path=f"/events/{event.public_id}/timetable", user_id=job.user_id)
    return {"placed": len(answer.assignments), "curve": watch.curve}


def read_brief(session: Session, event: MatchmakingEvent) -> Brief:
    """The requests both sides accepted, of enterprises that have a seat."""
    seated = seated_enterprise_ids(session, event)
    accepted = accepted_requests(session, event)
    placeable = [each for each in accepted if {each.asker_id, each.asked_id} <= seated]
    firms = tuple(sorted({firm for each in placeable for firm in (each.asker_id, each.asked_id)}))
    position = {firm: number for number, firm in enumerate(firms)}
    instance = Instance(
        slots=event.slot_count,
        participants=(Participant(),) * len(firms),
        tables=(HallTable(),) * event.table_count,
        meetings=tuple(
            Request(a=position[each.asker_id], b=position[each.asked_id], utility=each.preference) for each in placeable
        ),
        name=event.public_id,
    )
    left_out = tuple(_without_seat(each, seated) for each in accepted if each not in placeable)
    return Brief(instance, tuple(each.id for each in placeable), firms, left_out)


def _without_seat(request: MeetingRequest, seated: set[int]) -> dict[str, Any]:
    missing = [firm for firm in (request.asker_id, request.asked_id) if firm not in seated]
    return {"request_id": request.id, "cause": NO_SEAT, "firm_ids": missing, "slots": []}


def write_draft(session: Session, timetable: TimetableVersion, brief: Brief, answer: Timetable) -> None:
    """Turn what was arranged into meetings, each with a seat for both sides."""
    slots, tables = _hall(session, timetable.event)
    firms_of = [(brief.firms[request.a], brief.firms[request.b]) for request in brief.instance.meetings]
    for held in early(answer.assignments):
        slot = slots[held.slot]
        meeting = Meeting(
            timetable=timetable, request_id=brief.requests[held.meeting], slot=slot, table=tables[held.table]
        )
        meeting.appointments = [
            Appointment(timetable_id=timetable.id, slot_id=slot.id, enterprise_id=firm)
            for firm in firms_of[held.meeting]
        ]
        session.add(meeting)
    timetable.stages = [_stage_data(stage) for stage in answer.stages]
    timetable.unplaced = [*brief.left_out, *(_unplaced_data(brief, left) for left in answer.unplaced)]
    timetable.state = TimetableState.DRAFT


def early(assignments: Sequence[Assignment]) -> list[Assignment]:
    """The same timetable begun with the first slot, forwards or backwards, whichever lets people leave sooner.

    Everybody is there all day, so neither changes what any aim reached.
    """
    if not assignments:
        return []
    first, last = (pick(held.slot for held in assignments) for pick in (min, max))
    forwards = [Assignment(held.meeting, held.slot - first, held.table) for held in assignments]
    backwards = [Assignment(held.meeting, last - held.slot, held.table) for held in assignments]
    return min(forwards, backwards, key=lambda plan: sum(held.slot for held in plan))


def _hall(session: Session, event: MatchmakingEvent) -> tuple[list[Slot], list[Table]]:
    """The event's slots and tables, made or moved to where its facts put them."""
    known_slots = {slot.number: slot for slot in slots_of(session, event)}
    known_tables = {table.number: table for table in tables_of(session, event)}
    length = timedelta(minutes=event.slot_minutes)
    slots = []
    for number in range(1, event.slot_count + 1):
        slot = known_slots.get(number) or Slot(event_id=event.id, number=number)
        slot.starts_at = event.starts_at + (number - 1) * length
        slot.ends_at = slot.starts_at + length
        slots.append(slot)
    tables = [
        known_tables.get(number) or Table(event_id=event.id, number=number)
        for number in range(1, event.table_count + 1)
    ]
    session.add_all([*slots, *tables])
    session.flush()
    return slots, tables


def _stage_data(stage: Stage) -> dict[str, Any]:
    return {"name": stage.name.value, "value": stage.value, "bound": stage.bound, "proved": stage.proved}


def _unplaced_data(brief: Brief, left: Unplaced) -> dict[str, Any]:
    return {
        "request_id": brief.requests[left.meeting],
        "cause": left.cause.value,
        "firm_ids": [brief.firms[firm] for firm in left.firms],
        "slots": [slot + 1 for slot in left.slots],
    }


@dataclass
class Watch:
    """Looks at the clock for the solver, reports about once a second, and notes how the value rose."""

    report: Progress
    meetings: int
    seconds: float = SECONDS
    curve: list[list[float]] = field(default_factory=list)
    _started: float = field(default_factory=time.monotonic)
    _told: float = 0.0
    _is_over: bool = False
    _words: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_out_of_time(self) -> bool:
        """Whether the search must end; the solver asks from its own thread."""
        elapsed = time.monotonic() - self._started
        if elapsed >= self.seconds:
            self._is_over = True
        elif elapsed - self._told >= 1 and self._lock.acquire(blocking=False):
            try:
                self._told = elapsed
                self._is_over |= not self.report(int(elapsed), int(self.seconds), self._words)
            finally:
                self._lock.release()
        return self._is_over

    def note(self, stage: Stage) -> None:
        """A better value was found."""
        if stage.name is StageName.UTILITY:
            elapsed = round(time.monotonic() - self._started, 1)
            self.curve.append([elapsed, stage.value, stage.bound])
            self._words = _("意愿值 %(value)s，上界 %(bound)s", value=stage.value, bound=stage.bound)
