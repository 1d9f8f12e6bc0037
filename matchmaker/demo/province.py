"""The demonstration province in one piece: a register, a year of events and what came of them.

The same seed, day and size always give the same province. The programme year is the current one from August on,
else the year before, whole. Nothing here is real: names are coined, codes are sample codes, amounts are drawn.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from matchmaker.demo.calendar import Calendar
from matchmaker.demo.deals import Scene, build_deals
from matchmaker.demo.enterprises import build_enterprises
from matchmaker.demo.events import Attendance, attend, build_events
from matchmaker.demo.lines import build_capabilities, build_needs
from matchmaker.demo.meetings import MeetingOf, build_meetings
from matchmaker.demo.offices import build_accounts, build_offices
from matchmaker.demo.places import targets
from matchmaker.demo.records import DemoEvent, DemoProgramme, Province

DEFAULT_SEED = 20240331
FULL_SIZE = 10_000
_SMALLEST = 400
_YI = 100_000_000


def build_province(seed: int, today: date, size: int = FULL_SIZE, year: int | None = None) -> Province:
    """Build the province of that many enterprises as it stands on the morning of `today`.

    size: at least 400, so that every story finds its firms. year: the programme year, when the latest
    sensible one is not wanted; it must have begun before today.
    """
    if size < _SMALLEST:
        raise ValueError(f"a demonstration province needs at least {_SMALLEST} enterprises")
    calendar = Calendar.of(today, year)
    firms = build_enterprises(_draws(seed, "enterprises"), calendar, size)
    events = build_events(_draws(seed, "events"), calendar, size)
    attendance = attend(_draws(seed, "attendance"), calendar, firms, events)
    met = build_meetings(_draws(seed, "meetings"), calendar, events, attendance.present)
    return Province(
        seed=seed,
        today=today,
        programme=_programme(calendar),
        offices=build_offices(),
        accounts=build_accounts(),
        enterprises=firms,
        capabilities=build_capabilities(_draws(seed, "capabilities"), calendar, firms),
        needs=build_needs(_draws(seed, "needs"), calendar, firms),
        events=_closed_out(events, attendance, met),
        registrations=tuple(attendance.registrations),
        check_ins=tuple(attendance.check_ins),
        meetings=tuple(each.meeting for each in met),
        deals=build_deals(_draws(seed, "deals"), Scene(calendar, firms, events, met, attendance.present)),
    )


def _draws(seed: int, part: str) -> random.Random:
    """A generator of its own for each part, so that a change in one leaves the others as they were."""
    return random.Random(f"{seed}/{part}")


def _programme(calendar: Calendar) -> DemoProgramme:
    return DemoProgramme(
        year=calendar.year,
        name=f"{calendar.year} 年度“十百万”供应链对接计划",
        event_target=100,
        enterprise_target=10_000,
        amount_target=2_000 * _YI,
        targets=targets(),
        periods=calendar.periods(),
    )


def _closed_out(events: Sequence[DemoEvent], attendance: Attendance, met: Sequence[MeetingOf]) -> tuple[DemoEvent, ...]:
    """The events with the close-out their organisers submitted: how many came and how many talked."""
    came = Counter(check_in.event for check_in in attendance.check_ins)
    talked = Counter(each.meeting.event for each in met if each.meeting.state == "held")
    return tuple(
        replace(event, closeout=f"到场 {came[event.key]} 家，一对一洽谈 {talked[event.key]} 场。")
        if event.state in {"approved", "closing"}
        else event
        for event in events
    )
