"""The programme year seen from one day: its moments, working days and frozen months."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from matchmaker.demo.drawing import Wheel
from matchmaker.demo.records import DemoPeriod

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_FIRST_USEFUL_MONTH = 8  # before August too little of a year has passed to show one
_FREEZE_DAY = 8
_WEEKEND = 5
_HOLIDAYS = frozenset({(1, 1), *((5, day) for day in range(1, 6)), *((10, day) for day in range(1, 8))})
# Little happens around the Spring Festival and in the heat, much before summer and before the year's end.
_BUSY = {1: 0.5, 2: 0.4, 3: 1.2, 4: 1.2, 5: 1.3, 6: 1.1, 7: 0.9, 8: 0.9, 9: 1.2, 10: 1.0, 11: 1.2, 12: 1.1}


@dataclass(frozen=True, slots=True)
class Calendar:
    """One programme year, of which `last` is the last day that is over."""

    year: int
    today: date

    @classmethod
    def of(cls, today: date, year: int | None) -> Calendar:
        """The calendar of the asked year, or of the latest year of which enough has passed."""
        return cls(year or (today.year if today.month >= _FIRST_USEFUL_MONTH else today.year - 1), today)

    @property
    def first(self) -> date:
        """New Year's Day."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """The last day of the year that is over, as seen from today."""
        return min(self.today - timedelta(days=1), date(self.year, 12, 31))

    @property
    def passed(self) -> float:
        """The share of the year that is over."""
        return ((self.last - self.first).days + 1) / 365

    def past(self, at: datetime) -> datetime:
        """The moment, or the end of the last day that is over where it lies beyond."""
        return min(at, moment(self.last, 23, 59, 59))

    def working_days(self, rng: random.Random, count: int, until: date) -> list[date]:
        """Working days of the year up to a day, busier months oftener, in order."""
        days = [self.first + timedelta(days=n) for n in range(4, (until - self.first).days + 1)]
        wheel = Wheel.of({day: _BUSY[day.month] for day in days if _is_working(day)})
        return sorted(wheel.draw(rng) for _ in range(count))

    def next_working_day(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        return next(later for n in range(30) if _is_working(later := day + timedelta(days=n)))

    def periods(self) -> tuple[DemoPeriod, ...]:
        """The twelve months; each is frozen on the eighth of the next, once that has come."""
        return tuple(DemoPeriod(f"{self.year}-{month:02d}", self.frozen_at(month)) for month in range(1, 13))

    def frozen_at(self, month: int) -> datetime | None:
        """When a month was frozen, or None while it is open."""
        following = date(self.year + month // 12, month % 12 + 1, _FREEZE_DAY)
        return moment(following, 18, 0) if following < self.today else None


def _is_working(day: date) -> bool:
    return day.weekday() < _WEEKEND and (day.month, day.day) not in _HOLIDAYS


def moment(day: date, hour: int, minute: int, second: int = 0) -> datetime:
    """A Shanghai clock time of a day, as aware UTC."""
    return datetime.combine(day, time(hour, minute, second), _SHANGHAI).astimezone(UTC)


def office_hours(rng: random.Random, day: date) -> datetime:
    """Some moment of a working day."""
    return moment(day, rng.randint(9, 17), rng.randint(0, 59), rng.randint(0, 59))
