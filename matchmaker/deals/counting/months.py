"""Which month a deal and its withdrawal stand in, when months freeze one after another (R15 to R17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

# Shanghai has kept this offset since 1992; a fixed one needs no zone database on the auditor's machine.
_SHANGHAI = timezone(timedelta(hours=8))
_TICK = timedelta(microseconds=1)
_DECEMBER = 12

Freezes = Mapping[str, datetime]


def end_of_day(day: date) -> datetime:
    """The first moment after a day in Shanghai, in UTC: whatever is before it was known on that day."""
    return datetime.combine(day + timedelta(days=1), time(), _SHANGHAI).astimezone(UTC)


def last_day_before(moment: datetime) -> date:
    """The Shanghai date of the last instant before a moment."""
    return (moment.astimezone(_SHANGHAI) - _TICK).date()


def month_of(day: date) -> str:
    """The month of a date, or the Shanghai month of an aware moment."""
    if isinstance(day, datetime):
        day = day.astimezone(_SHANGHAI)
    return f"{day.year:04d}-{day.month:02d}"


@lru_cache(maxsize=256)
def following(month: str) -> str:
    """The month after a month."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1:04d}-01" if number == _DECEMBER else f"{year:04d}-{number + 1:02d}"


def counted_month(own: str, freezes: Freezes, in_gross_before: Callable[[datetime], bool]) -> str:
    """R15, R16: the first month, from the deal's own on, that is open or froze with the deal already in it."""
    month = own
    while (frozen_at := freezes.get(month)) is not None and not in_gross_before(frozen_at):
        month = following(month)
    return month


def withdrawal_month(withdrawn_at: datetime, counted_in: str, freezes: Freezes) -> str:
    """R17: the month of the withdrawal, not before the deal's, past the months frozen by that moment."""
    month = max(month_of(withdrawn_at), counted_in)
    while (frozen_at := freezes.get(month)) is not None and frozen_at <= withdrawn_at:
        month = following(month)
    return month
