"""The background work of timetabling: read the event, solve it as plain values, write a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.db import utcnow
from matchmaker.i18n import gettext as _
from matchmaker.jobs.models import Job
from matchmaker.jobs.services import Reporter, release
from matchmaker.meetings.models import Appointment, Meeting, TimetableState, TimetableVersion
from matchmaker.meetings.queries import locked_meetings_of, meetings_of_timetable
from matchmaker.meetings.services.briefing import Brief, read_brief, read_repair_brief, seat_of
from matchmaker.meetings.services.halls import set_up_hall
from matchmaker.meetings.services.watching import Watch
from matchmaker.meetings.timetable import (
    Assignment,
    Change,
    Remedy,
    Rule,
    RuleKind,
    Stage,
    Status,
    Timetable,
    Unplaced,
    clashes,
    repair,
    solve,
)
from matchmaker.notices.services import tell

WORK = 8.0
REPAIR_WORK = 3.0
CLASH_WORK = 2.0


def compute_timetable(session: Session, job: Job, report: Reporter) -> dict[str, Any]:
    """Compute the draft that a job was promised for; done twice it changes nothing.

    Stopping the job keeps the best timetable found so far.
    """
    timetable = session.get_one(TimetableVersion, job.payload["timetable_id"])
    if timetable.state is not TimetableState.COMPUTING:
        return {}
    event = timetable.event
    kept, brief = _read(session, timetable, job.payload.get("locks_of"))
    is_repair = timetable.repair is not None
    release(session)
    watch = Watch(report)
    if is_repair:
        answer = _mend(brief, watch)
    else:
        answer = solve(brief.instance, work=WORK, out_of_time=watch.is_out_of_time, progress=watch.note)
        timetable.clashes = _clashes(brief, answer)
    write_draft(session, timetable, brief, answer, kept=kept)
    title = _("“%(title)s”排期已算好，请查看", title=event.title)
    tell(session, title=title, path=f"/events/{event.public_id}/timetable", user_id=job.user_id)
    return {"placed": len(answer.assignments), **watch.known()}


def _read(session: Session, timetable: TimetableVersion, locks_of: int | None) -> tuple[list[Meeting], Brief]:
    """The meetings whose marks live on, and the event as plain values."""
    if (mending := timetable.repair) is not None:
        published = meetings_of_timetable(session, mending.base)
        return published, read_repair_brief(
            session, timetable.event, published=published, kind=mending.kind, trouble=mending.trouble, now=utcnow()
        )
    locked = locked_meetings_of(session, locks_of) if locks_of is not None else []
    return locked, read_brief(session, timetable.event, locked=locked)


def _clashes(brief: Brief, answer: Timetable) -> list[dict[str, Any]]:
    """Where not every locked meeting can stay, the rules that clash."""
    if answer.status is not Status.INFEASIBLE:
        return []
    found = clashes(brief.instance, work=CLASH_WORK)
    return [] if found is None else [_rule_data(brief, rule) for rule in found.rules]


_OF_FIRM = (RuleKind.UNAVAILABLE, RuleKind.CAP, RuleKind.BOOTH)
_OF_MEETING = (RuleKind.REQUIRED, RuleKind.FIXED_SLOT, RuleKind.FIXED_TABLE, RuleKind.GROUP, RuleKind.ORDER)


def _rule_data(brief: Brief, rule: Rule) -> dict[str, Any]:
    return {
        "kind": rule.kind.value,
        "firm_id": brief.firms[rule.number] if rule.kind in _OF_FIRM else None,
        "request_id": brief.requests[rule.number] if rule.kind in _OF_MEETING else None,
        "other_id": brief.requests[rule.other] if rule.kind is RuleKind.ORDER else None,
        "table": rule.number + 1 if rule.kind is RuleKind.CLOSED else None,
    }


def _mend(brief: Brief, watch: Watch) -> Timetable:
    mended = repair(
        brief.instance,
        brief.published,
        cancelled=brief.cancelled,
        work=REPAIR_WORK,
        out_of_time=watch.is_out_of_time,
        progress=watch.note,
    )
    return mended.timetable


def write_draft(
    session: Session, timetable: TimetableVersion, brief: Brief, answer: Timetable, *, kept: Sequence[Meeting] = ()
) -> None:
    """Turn what was arranged into meetings, each with a seat for both sides.

    kept: meetings of an earlier version; where one keeps its place, its lock and its outcome live on.
    """
    instance = brief.instance
    slots, tables = set_up_hall(session, timetable.event, slots=instance.slots, tables=len(instance.tables))
    before = {meeting.request_id: meeting for meeting in kept}
    for held in early(answer.assignments) if brief.is_free and not brief.published else answer.assignments:
        request = instance.meetings[held.meeting]
        meeting = Meeting(
            timetable=timetable,
            request_id=brief.requests[held.meeting],
            slot=slots[held.slot],
            table=tables[held.table],
        )
        meeting.appointments = [
            Appointment(timetable_id=timetable.id, slot_id=slots[held.slot].id, enterprise_id=brief.firms[firm])
            for firm in request.sides
        ]
        former = before.get(meeting.request_id)
        if former is not None and seat_of(former) == (held.slot, held.table):
            meeting.is_locked, meeting.state, meeting.outcome = former.is_locked, former.state, former.outcome
        session.add(meeting)
    timetable.stages = [_stage_data(stage) for stage in answer.stages]
    timetable.unplaced = [*brief.left_out, *(_unplaced_data(brief, left) for left in answer.unplaced)]
    timetable.state = TimetableState.DRAFT


def early(assignments: Sequence[Assignment]) -> list[Assignment]:
    """The same timetable begun with the first slot, forwards or backwards, whichever lets people leave sooner.

    Only where everybody is there all day: then neither changes what any aim reached.
    """
    if not assignments:
        return []
    first, last = (pick(held.slot for held in assignments) for pick in (min, max))
    forwards = [Assignment(held.meeting, held.slot - first, held.table) for held in assignments]
    backwards = [Assignment(held.meeting, last - held.slot, held.table) for held in assignments]
    return min(forwards, backwards, key=lambda plan: sum(held.slot for held in plan))


def _stage_data(stage: Stage) -> dict[str, Any]:
    return {"name": stage.name.value, "value": stage.value, "bound": stage.bound, "proved": stage.proved}


def _unplaced_data(brief: Brief, left: Unplaced) -> dict[str, Any]:
    """A request left out, with keys of the database in place of positions."""
    known: Mapping[str, Any] = {} if left.remedy is None else {"remedy": _remedy_data(brief, left.remedy)}
    return {
        "request_id": brief.requests[left.meeting],
        "cause": left.cause.value,
        "firm_ids": [brief.firms[firm] for firm in left.firms],
        "slots": [slot + 1 for slot in left.slots],
        **known,
    }


def _remedy_data(brief: Brief, remedy: Remedy) -> dict[str, Any]:
    return {"slot": remedy.slot + 1, "changes": [_change_data(brief, change) for change in remedy.changes]}


def _change_data(brief: Brief, change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind.value,
        "slot": None if change.slot is None else change.slot + 1,
        "firm_ids": [brief.firms[firm] for firm in change.firms],
        "request_id": None if change.meeting is None else brief.requests[change.meeting],
        "table": None if change.table is None else change.table + 1,
        "amount": change.amount,
    }
