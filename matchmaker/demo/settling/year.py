"""The programme, its events, who came, and whom they talked to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from matchmaker.chains.models import Chain
from matchmaker.demo.offices import PROPOSES, REVIEWS
from matchmaker.demo.records import DemoEvent, DemoMeeting, Province
from matchmaker.demo.settling.rows import Rows
from matchmaker.events.models import SEATED, CheckIn, EventState, MatchmakingEvent, Registration
from matchmaker.meetings.models import (
    Appointment,
    Meeting,
    MeetingRequest,
    Slot,
    Table,
    TimetableState,
    TimetableVersion,
)
from matchmaker.programmes.models import Period, PeriodState, PlanPoint, Programme, ProgrammeChain, Target

_SEATED = frozenset(state.value for state in SEATED)
# How the year's plan rises: little before spring, most from April on.
_PLAN = (300, 700, 1_600, 2_500, 3_400, 4_400, 5_200, 6_000, 7_200, 8_200, 9_200, 10_000)


def settle_programme(rows: Rows, province: Province) -> None:
    """Write the programme with its chains, targets, plan and months."""
    programme, key = province.programme, rows.name("programme", "year", rows.key(Programme))
    kept = ("year", "name", "event_target", "enterprise_target", "amount_target")
    rows.add(Programme, [{**{name: getattr(programme, name) for name in kept}, "id": key, "public_id": rows.address()}])
    chains = rows.session.query(Chain.id).order_by(Chain.position)
    rows.add(
        ProgrammeChain, [{"id": rows.key(ProgrammeChain), "programme_id": key, "chain_id": each} for (each,) in chains]
    )
    rows.add(
        Target,
        [
            {
                "id": rows.key(Target),
                "programme_id": key,
                "region_id": rows.of("region", target.region),
                "event_count": target.event_count,
                "enterprise_count": target.enterprise_count,
                "amount": target.amount,
            }
            for target in programme.targets
        ],
    )
    rows.add(
        PlanPoint,
        [
            {"id": rows.key(PlanPoint), "programme_id": key, "month": month, "share": share}
            for month, share in enumerate(_PLAN, 1)
        ],
    )
    rows.add(
        Period,
        [
            {
                "id": rows.key(Period),
                "programme_id": key,
                "month": period.month,
                "state": PeriodState.FROZEN if period.frozen_at else PeriodState.OPEN,
                "closed_by_id": rows.of("user", PROPOSES) if period.frozen_at else None,
                "closed_at": period.frozen_at - timedelta(hours=2) if period.frozen_at else None,
                "frozen_by_id": rows.of("user", REVIEWS) if period.frozen_at else None,
                "frozen_at": period.frozen_at,
            }
            for period in programme.periods
        ],
    )


def settle_events(rows: Rows, province: Province) -> None:
    """Write the events with registrations and check-ins."""
    taken = Counter(each.event for each in province.registrations if each.state in _SEATED)
    parents_first = sorted(province.events, key=lambda event: event.parent is not None)
    for event in parents_first:
        rows.name("event", event.key, rows.key(MatchmakingEvent))
    rows.add(MatchmakingEvent, (_event(rows, event, taken[event.key]) for event in parents_first))
    rows.add(
        Registration,
        (
            {
                "id": rows.key(Registration),
                "public_id": rows.address(),
                "event_id": rows.of("event", each.event),
                "enterprise_id": rows.of("enterprise", each.enterprise),
                "side": each.side,
                "state": each.state,
                "reason": each.reason,
                "applied_at": each.applied_at,
                "decided_at": each.decided_at,
            }
            for each in province.registrations
        ),
    )
    rows.add(
        CheckIn,
        (
            {
                "id": rows.key(CheckIn),
                "event_id": rows.of("event", each.event),
                "enterprise_id": rows.of("enterprise", each.enterprise),
                "side": each.side,
                "at": each.at,
                "received_at": each.received_at,
            }
            for each in province.check_ins
        ),
    )


def _event(rows: Rows, event: DemoEvent, taken: int) -> dict[str, Any]:
    kept = ("title", "summary", "venue", "held_on", "starts_at", "slot_minutes", "slot_count", "table_count")
    rest = ("own_matching", "state", "closeout", "approved_at", "created_at", "lunch_starts_at", "lunch_ends_at")
    return {
        **{name: getattr(event, name) for name in (*kept, *rest)},
        "id": rows.of("event", event.key),
        "public_id": rows.address(),
        "programme_id": rows.of("programme", "year"),
        "parent_id": rows.maybe("event", event.parent),
        "organiser_id": rows.of("office", event.organiser),
        "chain_id": rows.maybe("chain", event.chain),
        "region_id": rows.of("region", event.region),
        "capacity": max(event.capacity, taken),
        "taken": taken,
        "approving_office_id": rows.maybe("office", event.approving_office),
    }


def settle_meetings(rows: Rows, province: Province) -> None:
    """Write the requests, and for events already timetabled their published timetable."""
    rows.add(MeetingRequest, (_request(rows, meeting) for meeting in province.meetings))
    placed: dict[str, list[DemoMeeting]] = defaultdict(list)
    for meeting in province.meetings:
        if meeting.slot is not None:
            placed[meeting.event].append(meeting)
    events = {event.key: event for event in province.events}
    for key, meetings in placed.items():
        _timetable(rows, events[key], meetings)


def _request(rows: Rows, meeting: DemoMeeting) -> dict[str, Any]:
    return {
        "id": rows.name("request", meeting.key, rows.key(MeetingRequest)),
        "public_id": rows.address(),
        "event_id": rows.of("event", meeting.event),
        "asker_id": rows.of("enterprise", meeting.asker),
        "asked_id": rows.of("enterprise", meeting.asked),
        "state": meeting.request_state,
        "preference": meeting.preference,
        "created_at": meeting.asked_at,
        "answered_at": meeting.answered_at,
    }


def _timetable(rows: Rows, event: DemoEvent, meetings: list[DemoMeeting]) -> None:
    event_id, version = rows.of("event", event.key), rows.key(TimetableVersion)
    is_published = event.state not in (EventState.OPEN.value, EventState.TIMETABLING.value)
    rows.add(
        TimetableVersion,
        [
            {
                "id": version,
                "public_id": rows.address(),
                "event_id": event_id,
                "number": 1,
                "state": TimetableState.PUBLISHED if is_published else TimetableState.DRAFT,
                "stages": [],
                "unplaced": [],
                "created_at": event.starts_at - timedelta(days=3),
                "published_at": event.starts_at - timedelta(days=2) if is_published else None,
            }
        ],
    )
    slots, tables = _hall(rows, event, event_id)
    rows.add(Meeting, [_meeting(rows, each, version, slots, tables) for each in meetings])
    rows.add(Appointment, [seat for each in meetings for seat in _seats(rows, each, version, slots)])


def _hall(rows: Rows, event: DemoEvent, event_id: int) -> tuple[dict[int, int], dict[int, int]]:
    slots = {number: rows.key(Slot) for number in range(1, event.slot_count + 1)}
    tables = {number: rows.key(Table) for number in range(1, event.table_count + 1)}
    length = timedelta(minutes=event.slot_minutes)
    rows.add(
        Slot,
        [
            {
                "id": key,
                "event_id": event_id,
                "number": number,
                "starts_at": event.starts_at + (number - 1) * length,
                "ends_at": event.starts_at + number * length,
            }
            for number, key in slots.items()
        ],
    )
    rows.add(Table, [{"id": key, "event_id": event_id, "number": number} for number, key in tables.items()])
    return slots, tables


def _meeting(
    rows: Rows, meeting: DemoMeeting, version: int, slots: dict[int, int], tables: dict[int, int]
) -> dict[str, Any]:
    return {
        "id": rows.name("meeting", meeting.key, rows.key(Meeting)),
        "public_id": rows.address(),
        "timetable_id": version,
        "request_id": rows.of("request", meeting.key),
        "slot_id": slots[meeting.slot or 0],
        "table_id": tables[meeting.table or 0],
        "state": meeting.state,
        "outcome": meeting.outcome,
    }


def _seats(rows: Rows, meeting: DemoMeeting, version: int, slots: dict[int, int]) -> Iterator[dict[str, Any]]:
    for firm in (meeting.asker, meeting.asked):
        yield {
            "id": rows.key(Appointment),
            "meeting_id": rows.of("meeting", meeting.key),
            "timetable_id": version,
            "slot_id": slots[meeting.slot or 0],
            "enterprise_id": rows.of("enterprise", firm),
        }
