"""Requests to talk, and the timetables that the events already held or timetabled have."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from matchmaker.demo import stories
from matchmaker.demo.calendar import Calendar, office_hours
from matchmaker.demo.drawing import Wheel, chance
from matchmaker.demo.pairing import Market, Pair
from matchmaker.demo.records import Answer, DemoEnterprise, DemoEvent, DemoMeeting, MeetingState, Outcome

_A_FIRM = 0.62  # requests for each firm present
_HELD = frozenset({"approved", "closing", "held"})
_PLACED = _HELD | {"timetabled"}
_ANSWERS: Wheel[Answer] = Wheel.of({"accepted": 80.0, "declined": 11.0, "lapsed": 7.0, "withdrawn": 2.0})
_ANSWERS_SO_FAR: Wheel[Answer] = Wheel.of({"accepted": 58.0, "asked": 30.0, "declined": 10.0, "withdrawn": 2.0})
_CAME: Wheel[MeetingState] = Wheel.of({"held": 87.0, "missed": 7.0, "cancelled": 6.0})
_OUTCOMES: Wheel[Outcome] = Wheel.of({"intent": 37.0, "follow_up": 40.0, "nothing": 23.0})
_UNANSWERED = frozenset({"asked", "lapsed", "withdrawn"})


@dataclass(frozen=True, slots=True)
class MeetingOf:
    """A meeting with the pair that met."""

    meeting: DemoMeeting
    pair: Pair


@dataclass(slots=True)
class _Hall:
    """Which firm sits where: nobody twice in a slot, no table twice."""

    event: DemoEvent
    busy: set[tuple[int, str]] = field(default_factory=set)
    tables: dict[int, int] = field(default_factory=dict)

    def seat(self, one: str, other: str) -> tuple[int, int] | None:
        """The earliest slot free for both, and its next table."""
        for slot in range(1, self.event.slot_count + 1):
            taken = self.tables.get(slot, 0)
            if taken < self.event.table_count and not {(slot, one), (slot, other)} & self.busy:
                self.busy |= {(slot, one), (slot, other)}
                self.tables[slot] = taken + 1
                return slot, taken + 1
        return None


def build_meetings(
    rng: random.Random,
    calendar: Calendar,
    events: Sequence[DemoEvent],
    present: Mapping[str, Sequence[DemoEnterprise]],
) -> list[MeetingOf]:
    """The requests of every event with its own matching, placed where the event has a timetable."""
    keys = count(1)
    matching = [event for event in events if event.own_matching and event.key in present]
    return [each for event in matching for each in _of_event(rng, calendar, event, present[event.key], keys)]


def _of_event(
    rng: random.Random, calendar: Calendar, event: DemoEvent, firms: Sequence[DemoEnterprise], keys: Iterator[int]
) -> Iterator[MeetingOf]:
    hall = _Hall(event)
    for pair in Market(firms).pairs(rng, round(len(firms) * _A_FIRM)):
        if _is_left_to_the_reader(event, pair):
            continue
        request = _request(rng, calendar, event, pair, next(keys))
        yield MeetingOf(_placed(rng, hall, request) if event.state in _PLACED else request, pair)


def _is_left_to_the_reader(event: DemoEvent, pair: Pair) -> bool:
    """The two demo firms ask each other by hand."""
    codes = {pair.seller.credit_code, pair.buyer.credit_code}
    return event.key == stories.TODAY_EVENT and codes == {stories.MOULD_MAKER_CODE, stories.BUYER_CODE}


def _request(rng: random.Random, calendar: Calendar, event: DemoEvent, pair: Pair, key: int) -> DemoMeeting:
    asker, asked = (pair.seller, pair.buyer) if chance(rng, 0.6) else (pair.buyer, pair.seller)
    state = (_ANSWERS if event.state in _PLACED else _ANSWERS_SO_FAR).draw(rng)
    asked_at = _asked_at(rng, calendar, event)
    answered = calendar.past(asked_at + timedelta(minutes=rng.randint(30, 3_000)))
    return DemoMeeting(
        key=key,
        event=event.key,
        asker=asker.credit_code,
        asked=asked.credit_code,
        request_state=state,
        preference=rng.choice((2, 3, 3, 3, 4, 4, 5)),
        asked_at=asked_at,
        answered_at=None if state in _UNANSWERED else max(asked_at, answered),
        slot=None,
        table=None,
        state=None,
        outcome=None,
    )


def _asked_at(rng: random.Random, calendar: Calendar, event: DemoEvent) -> datetime:
    latest = min(event.starts_at, calendar.past(event.starts_at))
    return office_hours(rng, (latest - timedelta(days=rng.randint(3, 11))).date())


def _placed(rng: random.Random, hall: _Hall, request: DemoMeeting) -> DemoMeeting:
    seat = hall.seat(request.asker, request.asked) if request.request_state == "accepted" else None
    if seat is None:
        return request
    if hall.event.state not in _HELD:
        return replace(request, slot=seat[0], table=seat[1], state="scheduled")
    state = _CAME.draw(rng)
    outcome = _OUTCOMES.draw(rng) if state == "held" else None
    return replace(request, slot=seat[0], table=seat[1], state=state, outcome=outcome)
