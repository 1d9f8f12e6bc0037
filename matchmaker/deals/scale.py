"""Whether an amount is of a size that a slip between 万 and 亿 would give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matchmaker.deals.models import Deal
from matchmaker.money import YI

LARGE = 10 * YI
REVENUE_MULTIPLE = 3
_WORTH_SAYING = 50  # per cent of a year's revenue


@dataclass(frozen=True, slots=True)
class Measure:
    """An amount beside a firm's last year: `percent` of its revenue, rounded half up."""

    amount: int
    revenue: int
    percent: int

    @property
    def is_worth_saying(self) -> bool:
        """Whether a reader should be asked to look at the unit once more."""
        return self.percent >= _WORTH_SAYING


def measure(amount: int, revenue: int | None) -> Measure | None:
    """An amount beside a revenue; None where the revenue is unknown or nothing."""
    if not revenue:
        return None
    return Measure(amount, revenue, (amount * 200 + revenue) // (2 * revenue))


def looks_like_a_slip(amount: int, revenues: Iterable[int | None]) -> bool:
    """Whether an amount in yuan is 10 亿 or more, or above three years of a party's known revenue."""
    known = [revenue for revenue in revenues if revenue is not None]
    return amount >= LARGE or any(amount > REVENUE_MULTIPLE * revenue for revenue in known)


def is_suspicious(deal: Deal, yuan: int) -> bool:
    """Whether an amount of this deal should not be taken before somebody looked at its unit."""
    return looks_like_a_slip(yuan, (deal.buyer.last_year_revenue, deal.seller.last_year_revenue))
