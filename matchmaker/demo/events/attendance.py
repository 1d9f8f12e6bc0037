"""Who registers for an event, who is seated, and who comes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from matchmaker.demo import stories
from matchmaker.demo.calendar import Calendar
from matchmaker.demo.drawing import Wheel, chance, draw_some
from matchmaker.demo.places import prefecture_of
from matchmaker.demo.records import DemoCheckIn, DemoEnterprise, DemoEvent, DemoRegistration, Side, Size
from matchmaker.reference import links, segments

_FULL_SIZE = 10_000
_WANTED = 250  # registrations at an ordinary event of the full province
_SMALL = 7
_OVER = frozenset({"approved", "closing", "held"})
_SPEAKING = frozenset({"verified", "review"})
_SIZE_WEIGHT: dict[Size | None, float] = {"large": 2.4, "medium": 1.7, "small": 1.0, "micro": 0.6, None: 0.8}
_HOME = 2.5  # a firm of the host's own prefecture comes likelier
_OUTSIDE = 0.5
_NEW = 8.0  # organisers look for firms that have not yet come this year
_BUYS = {"up": 0.15, "mid": 0.42, "down": 0.8, "support": 0.15}
_AFTER = Wheel.of({"checked_in": 84.0, "absent": 7.0, "cancelled": 5.0, "refused": 2.0, "waiting": 2.0})
_BEFORE = Wheel.of({"confirmed": 46.0, "approved": 30.0, "waiting": 8.0, "refused": 6.0, "cancelled": 10.0})
_DURING = Wheel.of(
    {"invited": 22.0, "applied": 14.0, "review": 16.0, "approved": 28.0, "confirmed": 16.0, "refused": 4.0}
)
_STATES = {"timetabled": _BEFORE, "timetabling": _BEFORE, "open": _DURING}
_UNDECIDED = frozenset({"invited", "applied", "review"})
_SEATED = frozenset({"approved", "confirmed", "checked_in", "absent"})


@dataclass(slots=True)
class Attendance:
    """The year's registrations and check-ins, and who sat at each event."""

    registrations: list[DemoRegistration] = field(default_factory=list)
    check_ins: list[DemoCheckIn] = field(default_factory=list)
    present: dict[str, list[DemoEnterprise]] = field(default_factory=dict)  # came, or has a seat at one to come
    seen: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Guests:
    """Firms that may be invited, by chain."""

    by_chain: dict[str | None, list[DemoEnterprise]]
    everybody: list[DemoEnterprise]
    wanted: int


def attend(
    rng: random.Random, calendar: Calendar, firms: Sequence[DemoEnterprise], events: Sequence[DemoEvent]
) -> Attendance:
    """Fill the events in the order of their days."""
    attendance = Attendance()
    guests = _guests(firms)
    for event in events:
        if event.state in _OVER or event.state in _STATES:
            _fill(rng, calendar, attendance, event, _invited(rng, attendance, guests, event))
    return attendance


def _guests(firms: Sequence[DemoEnterprise]) -> _Guests:
    everybody = [firm for firm in firms if firm.state in _SPEAKING]
    by_chain: dict[str | None, list[DemoEnterprise]] = {}
    for firm in everybody:
        by_chain.setdefault(firm.chain, []).append(firm)
    return _Guests(by_chain, everybody, max(30, _WANTED * len(firms) // _FULL_SIZE))


def _invited(rng: random.Random, attendance: Attendance, guests: _Guests, event: DemoEvent) -> list[DemoEnterprise]:
    """Firms of the chain and of those it trades with, some institutions, and whoever the story needs."""
    wanted = min(event.capacity, round(guests.wanted * rng.uniform(0.55, 1.35)))
    if event.key == stories.SMALL_EVENT:
        wanted = _SMALL
    chain = guests.by_chain.get(event.chain, []) if event.chain else guests.everybody
    core = _weighed(attendance, _open_to(chain, event), event)
    near = _weighed(attendance, _open_to(_traders(guests, event), event), event)
    drawn = draw_some(rng, core, round(wanted * 0.86))
    drawn += draw_some(rng, near, wanted - len(drawn))
    if event.key == stories.TODAY_EVENT:
        drawn = [
            *(firm for firm in guests.everybody if _is_demo(firm)),
            *(firm for firm in drawn if not _is_demo(firm)),
        ]
    return list({firm.credit_code: firm for firm in drawn}.values())


def _is_demo(firm: DemoEnterprise) -> bool:
    return firm.credit_code in {stories.MOULD_MAKER_CODE, stories.BUYER_CODE}


def _open_to(firms: Sequence[DemoEnterprise], event: DemoEvent) -> list[DemoEnterprise]:
    latest = event.starts_at - timedelta(days=4)
    found = [firm for firm in firms if firm.created_at < latest]
    return [firm for firm in found if _sells_only(firm)] if event.key == stories.ONE_SIDED_EVENT else found


def _sells_only(firm: DemoEnterprise) -> bool:
    return bool(firm.segments) and segments()[firm.segments[0]].stage in {"up", "mid"}


def _traders(guests: _Guests, event: DemoEvent) -> list[DemoEnterprise]:
    """Firms of the chains that trade with the event's, and the institutions."""
    institutions = guests.by_chain.get(None, [])
    return [*institutions, *(firm for chain in _trading_chains(event.chain) for firm in guests.by_chain.get(chain, []))]


@cache
def _trading_chains(chain: str | None) -> tuple[str, ...]:
    ends = [(link.supplier.split(".")[0], link.buyer.split(".")[0]) for link in links() if link.is_crossing]
    return tuple(sorted({there if here == chain else here for here, there in ends if chain in {here, there}}))


def _weighed(
    attendance: Attendance, firms: Sequence[DemoEnterprise], event: DemoEvent
) -> list[tuple[DemoEnterprise, float]]:
    return [(firm, _weight(attendance, firm, event)) for firm in firms]


def _weight(attendance: Attendance, firm: DemoEnterprise, event: DemoEvent) -> float:
    home = prefecture_of(firm.region)
    near = _OUTSIDE if home is None else _HOME if home == event.region else 1.0
    return _SIZE_WEIGHT[firm.size] * near * (1.0 if firm.credit_code in attendance.seen else _NEW)


def _fill(
    rng: random.Random, calendar: Calendar, attendance: Attendance, event: DemoEvent, invited: Sequence[DemoEnterprise]
) -> None:
    present = attendance.present.setdefault(event.key, [])
    for firm in invited:
        registration = _registration(rng, calendar, event, firm)
        attendance.registrations.append(registration)
        if registration.state == "checked_in":
            attendance.check_ins.append(_check_in(rng, event, registration))
            attendance.seen.add(firm.credit_code)
        if registration.state in _SEATED and registration.state != "absent":
            present.append(firm)


def _registration(rng: random.Random, calendar: Calendar, event: DemoEvent, firm: DemoEnterprise) -> DemoRegistration:
    state = "confirmed" if _is_demo(firm) and event.key == stories.TODAY_EVENT else _state(rng, event)
    latest = min(event.starts_at - timedelta(days=1), calendar.past(event.starts_at))
    earliest = min(max(event.created_at, firm.created_at), latest)
    applied = earliest + (latest - earliest) * rng.random()
    decided = None if state in _UNDECIDED else min(latest, applied + timedelta(hours=rng.randint(2, 70)))
    return DemoRegistration(
        event=event.key,
        enterprise=firm.credit_code,
        side=_side(rng, event, firm),
        state=state,
        reason="与本场环节不符" if state == "refused" else "",
        applied_at=applied.replace(microsecond=0),
        decided_at=decided.replace(microsecond=0) if decided else None,
    )


def _state(rng: random.Random, event: DemoEvent) -> str:
    if event.key in {stories.SMALL_EVENT, stories.ONE_SIDED_EVENT}:
        return "checked_in"
    return _STATES.get(event.state, _AFTER).draw(rng)


def _side(rng: random.Random, event: DemoEvent, firm: DemoEnterprise) -> Side:
    if event.key == stories.ONE_SIDED_EVENT or not firm.segments:
        return "seller"
    return "buyer" if chance(rng, _BUYS[segments()[firm.segments[0]].stage]) else "seller"


def _check_in(rng: random.Random, event: DemoEvent, registration: DemoRegistration) -> DemoCheckIn:
    """The door opens an hour before; a phone without network reports some minutes later."""
    at = event.starts_at + timedelta(seconds=rng.randint(-3_600, 1_800))
    delay = rng.randint(60, 1_800) if chance(rng, 0.06) else rng.randint(0, 4)
    return DemoCheckIn(event.key, registration.enterprise, registration.side, at, at + timedelta(seconds=delay))
