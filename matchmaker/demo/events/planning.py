"""Which events the year has, when and where, and how far each has come."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from matchmaker.demo import stories
from matchmaker.demo.calendar import Calendar, moment, office_hours
from matchmaker.demo.drawing import chance
from matchmaker.demo.offices import AUDIT_OFFICE, PROVINCE_OFFICE
from matchmaker.demo.places import STRENGTH, places_of, region_row, seats
from matchmaker.demo.records import DemoEvent
from matchmaker.reference import ChainRow, chains, segments

_FULL_SIZE = 10_000
_HELD_A_YEAR = 73  # somewhat behind the hundred asked for
_CLOSING = 8
_COMING = 20
_CHILDREN = 5
_AHEAD = 74
_TOO_FEW_DAYS = 15
_COMING_STATES = (
    *("timetabled",) * 2,
    *("timetabling",) * 1,
    *("open",) * 7,
    *("preparing",) * 5,
    *("submitted",) * 2,
    *("planned",) * 3,
)
_VENUES = ("{}产业对接中心 <1-3/1> 号厅", "{}会展服务中心 <1-5/1> 号厅", "{}经开区创新大厦报告厅", "{}工业园区服务中心")
_TITLES = (
    "{place}{theme}专场",
    "{place}{theme}专场",
    "{place}{theme}供需对接会",
    "{theme}配套对接会（{place}站）",
    "{place}{chain}链主企业采购日",
)


@dataclass(frozen=True, slots=True)
class _Planned:
    key: str
    state: str
    day: date


def build_events(rng: random.Random, calendar: Calendar, size: int) -> tuple[DemoEvent, ...]:
    """All events of the year in the order of their days, the stories among them."""
    plan = list(_plan(rng, calendar, min(1.0, size / _FULL_SIZE)))
    events = [_event(rng, calendar, planned, chain) for planned, chain in zip(plan, _chains_in_turn(rng), strict=False)]
    told = [*_told(rng, events, calendar), _today(calendar)]
    return tuple(sorted(told, key=lambda event: (event.starts_at, event.key)))


def _plan(rng: random.Random, calendar: Calendar, scale: float) -> Iterator[_Planned]:
    """Keys, states and days: what is over is approved but for the latest, what is to come is at every step."""
    held = max(10, round(_HELD_A_YEAR * calendar.passed * scale))
    closing = max(2, round(_CLOSING * scale))
    days = calendar.working_days(rng, held + closing, calendar.last)
    for number, day in enumerate(days, 1):
        state = "approved" if number <= held else rng.choice(("held", "closing", "closing"))
        yield _Planned(f"E{number:03d}", state, day)
    coming = max(6, round(_COMING * scale))
    for number in range(1, coming):
        state = _COMING_STATES[number * len(_COMING_STATES) // coming]
        day = calendar.today + timedelta(days=2 + number * _horizon(calendar) // coming)
        yield _Planned(f"F{number:03d}", state, calendar.next_working_day(day))
    for number, state in enumerate(("cancelled", "cancelled", "postponed"), 1):
        yield _Planned(f"G{number:03d}", state, rng.choice(days))


def _horizon(calendar: Calendar) -> int:
    """Days ahead that events are planned for: to the end of the programme year, or well into the next at its end."""
    left = (date(calendar.year, 12, 31) - calendar.today).days - 4
    return min(_AHEAD, left) if left >= _TOO_FEW_DAYS else _AHEAD


def _chains_in_turn(rng: random.Random) -> Iterator[ChainRow]:
    """Chains without end, each as often as it is strong, as a planner would share out the year."""
    had = dict.fromkeys(STRENGTH, 0.5)
    while True:
        code = max(had, key=lambda code: STRENGTH[code] / had[code] * rng.uniform(0.75, 1.25))
        had[code] += 1
        yield _chain(code)


def _event(rng: random.Random, calendar: Calendar, planned: _Planned, chain: ChainRow) -> DemoEvent:
    region = places_of(chain.code).draw(rng)
    segment = rng.choice([row for row in chain.segments if row.stage in {"up", "mid"}]).code
    organiser = _organiser(rng, region)
    is_approved = planned.state == "approved"
    starts = moment(planned.day, rng.choice((9, 9, 13, 14)), rng.choice((0, 30)))
    return DemoEvent(
        key=planned.key,
        title=_title(rng, chain, segment, region),
        summary=f"面向{chain.short}产业链的供需见面与一对一洽谈。",
        organiser=organiser,
        chain=chain.code,
        segment=segment,
        region=region,
        venue=_venue(rng, region),
        held_on=planned.day,
        starts_at=starts,
        slot_minutes=20,
        slot_count=rng.choice((9, 10, 11, 12)),
        table_count=rng.choice((10, 12, 12, 15, 16, 18, 20)),
        capacity=rng.choice((180, 200, 240, 260, 300, 320)),
        own_matching=True,
        state=planned.state,
        parent=None,
        closeout="",
        approving_office=_approver(organiser) if is_approved else None,
        approved_at=_approved_at(rng, planned.day) if is_approved else None,
        created_at=calendar.past(office_hours(rng, planned.day - timedelta(days=rng.randint(35, 80)))),
    )


@cache
def _chain(code: str) -> ChainRow:
    return next(chain for chain in chains() if chain.code == code)


def _title(rng: random.Random, chain: ChainRow, segment: str, region: str) -> str:
    theme = segments()[segment].name
    return rng.choice(_TITLES).format(place=region_row(region).short, theme=theme, chain=chain.short)


def _venue(rng: random.Random, region: str) -> str:
    pattern = rng.choice(_VENUES).replace("<1-3/1>", str(rng.randint(1, 3))).replace("<1-5/1>", str(rng.randint(1, 5)))
    return f"{pattern.format(region_row(region).short)}（演示）"


def _organiser(rng: random.Random, region: str) -> str:
    if chance(rng, 0.12):
        return PROVINCE_OFFICE
    return rng.choice(seats(region)).code if chance(rng, 0.18) else region


def _approver(organiser: str) -> str:
    """The office above the organiser, never the organiser itself."""
    if organiser == PROVINCE_OFFICE:
        return AUDIT_OFFICE
    row = region_row(organiser)
    return row.parent if row.level == "county" and row.parent else PROVINCE_OFFICE


def _approved_at(rng: random.Random, day: date) -> datetime:
    return office_hours(rng, day + timedelta(days=rng.randint(2, 6)))


def _told(rng: random.Random, events: list[DemoEvent], calendar: Calendar) -> list[DemoEvent]:
    """The year's events with the stories' keys: too few, one-sided, and a main stage with special events."""
    approved = [event for event in events if event.state == "approved"]
    small, one_sided, *_ = approved[len(approved) // 3 :]
    main_day = approved[len(approved) // 2 :][: min(_CHILDREN, len(approved) // 4)]
    keys = {small.key: stories.SMALL_EVENT, one_sided.key: stories.ONE_SIDED_EVENT}
    renamed = [replace(event, key=keys.get(event.key, event.key)) for event in events if event not in main_day]
    stage = _main_stage(rng, main_day[0])
    children = [replace(_moved(event, stage.held_on), parent=stage.key) for event in main_day]
    return [*(_settled(event, calendar) for event in (*renamed, *children)), stage]


def _moved(event: DemoEvent, day: date) -> DemoEvent:
    shift = timedelta(days=(day - event.held_on).days)
    approved_at = event.approved_at + shift if event.approved_at else None
    return replace(event, held_on=day, starts_at=event.starts_at + shift, approved_at=approved_at)


def _settled(event: DemoEvent, calendar: Calendar) -> DemoEvent:
    """An approval that would lie ahead of today has not been given yet."""
    if event.approved_at is None or event.approved_at.date() < calendar.today:
        return event
    return replace(event, state="closing", approved_at=None, approving_office=None)


def _main_stage(rng: random.Random, first: DemoEvent) -> DemoEvent:
    return replace(
        first,
        key=stories.MAIN_STAGE_EVENT,
        title="湖北重点产业链供应链对接大会（主场）",
        summary="主场发布供需清单，不排洽谈；洽谈在同日各专场进行。",
        organiser=PROVINCE_OFFICE,
        chain=None,
        segment=None,
        region="420100",
        venue=_venue(rng, "420100"),
        starts_at=moment(first.held_on, 8, 30),
        slot_count=0,
        table_count=0,
        capacity=600,
        own_matching=False,
        approving_office=AUDIT_OFFICE,
    )


def _today(calendar: Calendar) -> DemoEvent:
    """The event both demo firms are registered for; its organiser is one of the demo accounts."""
    return DemoEvent(
        key=stories.TODAY_EVENT,
        title="十堰商用车轻量化专场",
        summary="商用车整车、压铸件与模具企业的供需见面与一对一洽谈。",
        organiser="420300",
        chain="auto",
        segment="auto.cast",
        region="420300",
        venue="十堰产业对接中心 2 号厅（演示）",
        held_on=calendar.today,
        starts_at=moment(calendar.today, 9, 30),
        slot_minutes=20,
        slot_count=12,
        table_count=12,
        capacity=120,
        own_matching=True,
        state="timetabling",
        parent=None,
        closeout="",
        approving_office=None,
        approved_at=None,
        created_at=moment(calendar.today - timedelta(days=45), 10, 0),
        lunch_starts_at=moment(calendar.today, 12, 0),
        lunch_ends_at=moment(calendar.today, 13, 30),
    )
