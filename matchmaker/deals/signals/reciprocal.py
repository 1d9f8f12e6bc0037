"""Two firms that buy from each other much the same amount at much the same time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from matchmaker.deals.signals.values import DealLine, Finding, Ledger, Rule, finding, grouped

NEAR_DAYS = 90
NEAR_PERCENT = 20  # how far the smaller amount may lie below the larger


def reciprocal(ledger: Ledger) -> Iterator[Finding]:
    """Pairs with deals in both directions, at most NEAR_DAYS and NEAR_PERCENT apart, all such deals together."""
    for (first, _second), deals in grouped(ledger.deals, lambda deal: deal.pair).items():
        there = [deal for deal in deals if deal.buyer == first]
        back = [deal for deal in deals if deal.buyer != first]
        met = list(_met(there, back))
        if met:
            days = min(abs((one.declared_on - other.declared_on).days) for one, other in met)
            yield finding(Rule.RECIPROCAL, (deal for pair in met for deal in pair), pairs=len(met), days=days)


def _met(there: Sequence[DealLine], back: Sequence[DealLine]) -> Iterator[tuple[DealLine, DealLine]]:
    """Each deal with those of the other direction that are near; both lists are ordered by day."""
    days: list[date] = [deal.declared_on for deal in back]
    near = timedelta(days=NEAR_DAYS)
    for deal in there:
        first, after = bisect_left(days, deal.declared_on - near), bisect_right(days, deal.declared_on + near)
        yield from ((deal, other) for other in back[first:after] if _alike(deal.amount, other.amount))


def _alike(one: int, other: int) -> bool:
    return 100 * min(one, other) >= (100 - NEAR_PERCENT) * max(one, other)
