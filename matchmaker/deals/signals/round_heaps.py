"""Amounts that heap at a round number, beside the amounts next to it.

Around each round amount r (one digit and zeros) lie five bins of equal width, a twentieth of r each, the
middle one around r itself. Where amounts vary smoothly each bin holds about a fifth, whatever the slope, and
given their sum the middle count is binomial: J. Przyborowski and H. Wilenski, “Homogeneity of results in
testing samples from Poisson series”, Biometrika 31 (1940) 313–323. People like round numbers, so such a heap
is a reason to look at an organiser's records and nothing more; the share in the whole ledger stands beside it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from matchmaker.deals.signals.excess import FEWEST, SIGNIFICANT, chance_of
from matchmaker.deals.signals.values import DealLine, Finding, Ledger, Rule, finding, grouped

BINS = 5
BIN_PARTS = 20  # a bin is this part of the round amount
SMALLEST = 1_000_000  # below 100 万元 every amount is round

Window = dict[int, list[DealLine]]


def round_heaps(ledger: Ledger) -> Iterator[Finding]:
    """Organisers whose deals lie on one round amount far more often than on the amounts beside it."""
    whole = _shares(_windows(ledger.deals))
    candidates = [
        (organiser, amount, near)
        for organiser, deals in sorted(grouped(ledger.deals, lambda deal: deal.organiser).items())
        for amount, near in sorted(_windows(deals).items())
        if len(near) >= FEWEST
    ]
    for organiser, amount, near in candidates:
        heap = [deal for deal in near if _is_middle(deal.amount, amount)]
        chance = chance_of(len(heap), len(near), 1 / BINS, groups=len(candidates))
        if chance < SIGNIFICANT and any(deal.amount == amount for deal in heap):
            yield finding(
                Rule.ROUND_HEAP,
                heap,
                organiser=organiser,
                amount=amount,
                heaped=len(heap),
                near=len(near),
                everywhere=whole[amount],
                chance=chance,
            )


def _windows(deals: Iterable[DealLine]) -> Window:
    """By round amount, the deals in the five bins around it; near a power of ten a deal lies in two windows."""
    windows: Window = defaultdict(list)
    for deal in deals:
        for amount in _rounds_near(deal.amount):
            windows[amount].append(deal)
    return windows


def _rounds_near(amount: int) -> list[int]:
    """The round amounts in whose five bins an amount lies: those next to it."""
    power = 10 ** (len(str(amount)) - 1)
    first = amount // power
    rounds = [9 * power // 10, *(digit * power for digit in range(first, min(first + 2, 10) + 1))]
    return [each for each in rounds if each >= SMALLEST and _half_bins(amount, each) < BINS]


def _half_bins(amount: int, middle: int) -> float:
    """How many half bins an amount lies from the middle."""
    return abs(amount - middle) * 2 * BIN_PARTS / middle


def _is_middle(amount: int, middle: int) -> bool:
    return _half_bins(amount, middle) < 1


def _shares(windows: Window) -> dict[int, float]:
    """By round amount, which share of the deals around it lies in the middle bin."""
    middles = Counter(amount for amount, near in windows.items() for deal in near if _is_middle(deal.amount, amount))
    return {amount: middles[amount] / len(near) for amount, near in windows.items()}
