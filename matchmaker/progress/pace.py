"""How a figure stands to its plan on a day: exact fractions, rounded nowhere (R23)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

_WHOLE = 10_000  # plan points are ten-thousandths of the year's target
NO_TARGET = 0
# The least ratio of a figure to its plan, by band; below the last it is 红.
BANDS = ((1, Fraction(105, 100)), (2, Fraction(1)), (3, Fraction(90, 100)), (4, Fraction(80, 100)))
_WORST = 5
LAGGING = (4, 5)


def planned_share(plan: Mapping[int, int], year: int, as_of: date) -> Fraction | None:
    """The share of the year's target planned by the end of a day, straight within a month; None without a plan."""
    if not plan:
        return None
    if as_of.year != year:
        return Fraction(int(as_of.year > year))
    before, after = plan.get(as_of.month - 1, 0), plan.get(as_of.month, _WHOLE)
    passed = Fraction(as_of.day, monthrange(year, as_of.month)[1])
    return (before + (after - before) * passed) / _WHOLE


@dataclass(frozen=True, slots=True)
class Stand:
    """A figure against its target and against what was planned by now."""

    value: int
    target: int | None
    share: Fraction | None

    @property
    def planned(self) -> Fraction | None:
        """What was to be reached by now."""
        return None if self.target is None or self.share is None else self.target * self.share

    @property
    def ratio(self) -> Fraction | None:
        """The figure over its plan; None where nothing was planned yet."""
        return self.value / self.planned if self.planned else None

    @property
    def completion(self) -> Fraction | None:
        """The figure over the year's target."""
        return Fraction(self.value, self.target) if self.target else None

    @property
    def difference(self) -> int | None:
        """How much more than planned, negative when less; a half is rounded away from zero."""
        return None if self.planned is None else rounded(self.value - self.planned)

    @property
    def band(self) -> int:
        """绿 1 to 红 5 by the ratio; 0 where there is no target or nothing was planned yet."""
        ratio = self.ratio
        if ratio is None:
            return NO_TARGET
        return next((band for band, least in BANDS if ratio >= least), _WORST)


def rounded(value: Fraction) -> int:
    """The nearest whole number, a half away from zero."""
    whole = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return whole if value >= 0 else -whole


def needed_monthly(stand: Stand, year: int, as_of: date) -> tuple[int, Fraction, Fraction] | None:
    """Months left after this one, what each must bring to reach the target, and what each brought so far.

    None where no month is left, the target is reached, or there is none.
    """
    left = 12 - as_of.month if as_of.year == year else 0
    if stand.target is None or left == 0 or stand.value >= stand.target:
        return None
    return left, Fraction(stand.target - stand.value, left), Fraction(stand.value, as_of.month)
