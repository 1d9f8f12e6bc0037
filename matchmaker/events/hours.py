"""How an event's day is laid out: slot after slot, with the lunch break between two of them."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from matchmaker.db import shanghai_day
from matchmaker.events.models import MatchmakingEvent


class LunchFault(enum.Enum):
    """Why a lunch break cannot lie where it was put."""

    HALF_GIVEN = "half_given"  # only its beginning or only its end
    ENDS_FIRST = "ends_first"
    NO_MORNING = "no_morning"  # it begins before the first slot could be over
    NO_AFTERNOON = "no_afternoon"  # every slot is over before it begins
    TOO_LATE = "too_late"  # what comes after it ends on another day


@dataclass(frozen=True, slots=True)
class Day:
    """The slots of one day; one that would run into the lunch break begins when that is over."""

    starts_at: datetime
    slot_minutes: int
    slot_count: int
    lunch_starts_at: datetime | None = None
    lunch_ends_at: datetime | None = None

    @property
    def length(self) -> timedelta:
        """Of every slot."""
        return timedelta(minutes=self.slot_minutes)

    def begins(self, count: int | None = None) -> list[datetime]:
        """When each slot begins, in order; of so many slots where a count is given."""
        first, wanted = self.starts_at, self.slot_count if count is None else count
        before = self.before_lunch(wanted)
        morning = [first + number * self.length for number in range(before)]
        resumes = self.lunch_ends_at or first
        return morning + [resumes + number * self.length for number in range(wanted - before)]

    def before_lunch(self, count: int | None = None) -> int:
        """How many slots are over when the lunch break begins; all of them where there is none."""
        wanted = self.slot_count if count is None else count
        if self.lunch_starts_at is None or self.lunch_ends_at is None:
            return wanted
        return max(0, min(wanted, (self.lunch_starts_at - self.starts_at) // self.length))

    @property
    def lunch(self) -> tuple[datetime, datetime] | None:
        """From when until when nobody meets; None where there are not slots on both sides of it."""
        if self.lunch_starts_at is None or self.lunch_ends_at is None or not self.halves:
            return None
        return self.lunch_starts_at, self.lunch_ends_at

    @property
    def halves(self) -> tuple[range, ...]:
        """The numbers of the slots, from one, before and after lunch; nothing where the day is not divided."""
        last = self.before_lunch()
        return (range(1, last + 1), range(last + 1, self.slot_count + 1)) if 0 < last < self.slot_count else ()

    @property
    def fault(self) -> LunchFault | None:
        """What is wrong with the lunch break, if anything."""
        begins, ends = self.lunch_starts_at, self.lunch_ends_at
        if begins is None and ends is None:
            return None
        if begins is None or ends is None:
            return LunchFault.HALF_GIVEN
        if ends <= begins:
            return LunchFault.ENDS_FIRST
        return next((fault for fault, is_so in _FAULTS.items() if is_so(self)), None)

    @property
    def is_over_at(self) -> datetime:
        """When the last slot ends."""
        return max(self.begins(), default=self.starts_at) + self.length


_FAULTS: dict[LunchFault, Callable[[Day], bool]] = {
    LunchFault.NO_MORNING: lambda day: day.before_lunch(day.slot_count + 1) == 0,
    LunchFault.NO_AFTERNOON: lambda day: day.before_lunch() == day.slot_count,
    LunchFault.TOO_LATE: lambda day: shanghai_day(day.is_over_at) != shanghai_day(day.starts_at),
}


def day_of(event: MatchmakingEvent) -> Day:
    """The day of an event as it is laid out now."""
    return Day(event.starts_at, event.slot_minutes, event.slot_count, event.lunch_starts_at, event.lunch_ends_at)
