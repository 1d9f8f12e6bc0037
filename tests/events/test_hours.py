"""A day laid out around its lunch break."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.events.hours import Day, LunchFault


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of 18 June in Beijing, as the database keeps it."""
    return datetime(2026, 6, 18, hour, minute, tzinfo=UTC) - timedelta(hours=8)


MORNING, LUNCH = at(9, 30), (at(12), at(13, 30))


def day(*, begins=MORNING, minutes=20, count=12, lunch=LUNCH) -> Day:
    return Day(begins, minutes, count, *lunch)


def test_a_slot_that_would_run_into_lunch_begins_after_it() -> None:
    morning = [at(9, 30) + number * timedelta(minutes=20) for number in range(7)]
    afternoon = [at(13, 30) + number * timedelta(minutes=20) for number in range(5)]

    assert day().begins() == morning + afternoon
    assert morning[-1] + day().length == at(11, 50)
    assert day().halves == (range(1, 8), range(8, 13))


def test_a_slot_may_end_when_lunch_begins() -> None:
    assert day(begins=at(11), minutes=30, count=3).begins() == [at(11), at(11, 30), at(13, 30)]


def test_without_lunch_slot_follows_slot_and_the_day_has_no_halves() -> None:
    plain = day(count=3, lunch=(None, None))

    assert plain.begins() == [at(9, 30), at(9, 50), at(10, 10)]
    assert (plain.halves, plain.lunch, plain.fault) == ((), None, None)


def test_a_hall_published_with_more_slots_than_the_event_has_now_is_laid_the_same_way() -> None:
    assert day(count=2).begins(9)[7:] == [at(13, 30), at(13, 50)]


@pytest.mark.parametrize(
    ("lunch", "fault"),
    [
        ((at(12), at(13, 30)), None),
        ((at(9, 50), at(10)), None),
        ((at(12), None), LunchFault.HALF_GIVEN),
        ((None, at(13)), LunchFault.HALF_GIVEN),
        ((at(13), at(12)), LunchFault.ENDS_FIRST),
        ((at(12), at(12)), LunchFault.ENDS_FIRST),
        ((at(8), at(9)), LunchFault.NO_MORNING),
        ((at(9, 45), at(13)), LunchFault.NO_MORNING),
        ((at(13, 30), at(14, 30)), LunchFault.NO_AFTERNOON),
        ((at(12), at(22, 21)), LunchFault.TOO_LATE),
        ((at(12), at(22, 19)), None),
    ],
)
def test_lunch_lies_between_two_slots_of_the_same_day(lunch, fault) -> None:
    assert day(lunch=lunch).fault is fault
