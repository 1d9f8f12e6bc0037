"""From which amount on which level of office stewards a deal."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.accounts.models import OfficeLevel
from matchmaker.money import WAN, YI


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least amount in whole yuan for each level, smallest for a county; below it nobody is put in charge."""

    province: int = 10 * YI
    city: int = YI
    county: int = 2_000 * WAN

    @property
    def are_ascending(self) -> bool:
        """Whether each level begins above the one before it."""
        return 0 < self.county < self.city < self.province


def level_of(amount: int, thresholds: Thresholds) -> OfficeLevel | None:
    """The level that stewards a deal of that amount, or None where it is too small for any."""
    if amount >= thresholds.province:
        return OfficeLevel.PROVINCE
    if amount >= thresholds.city:
        return OfficeLevel.PREFECTURE
    return OfficeLevel.COUNTY if amount >= thresholds.county else None
