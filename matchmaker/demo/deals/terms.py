"""What a deal is worth: amounts by kind as published results suggest, bounded by what the parties can carry.

Published purchase events run 0.1 to 0.4 亿元 a deal and investment events 8 to 21 亿元 a project. Purchases here are
drawn around 0.3 亿元 and then bounded by the smaller party's revenue. That leaves half of them below 0.22 亿元, four
in five between 0.05 and 0.9 亿元, and a mean of about 0.4 亿元, the published upper end; a few large buyers' orders
for a whole year reach several 亿元. Five thousand such deals, less the unconfirmed, duplicate, disputed, withdrawn
and held, come to some 1,440 亿元 in late November, four fifths of the plan: a programme somewhat behind.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from matchmaker.demo.drawing import Wheel, around, chance, rounded
from matchmaker.demo.records import DealKind, DemoEnterprise

_WAN = 10_000
_YI = 100_000_000
_SMALLEST = 5 * _WAN
_AMOUNTS: dict[DealKind, tuple[float, float]] = {
    "purchase": (0.3 * _YI, 1.15),
    "technology": (0.016 * _YI, 0.9),
    "investment": (7.0 * _YI, 0.75),
    "credit": (0.4 * _YI, 0.9),
    "framework": (6.0 * _YI, 0.8),
}
_ORDERS = 0.05  # of large buyers' purchases: their orders for a year
_ORDER = (4.0 * _YI, 0.6)
_MONTHS: dict[DealKind, Wheel[int]] = {
    "purchase": Wheel.of({3: 5.0, 6: 8.0, 12: 70.0, 24: 10.0, 36: 7.0}),
    "technology": Wheel.of({6: 10.0, 12: 50.0, 24: 40.0}),
    "investment": Wheel.of({24: 50.0, 36: 50.0}),
    "credit": Wheel.of({12: 70.0, 36: 30.0}),
    "framework": Wheel.of({36: 70.0, 60: 30.0}),
}
_CURRENCIES = Wheel.of({"USD": 60.0, "EUR": 25.0, "JPY": 15.0})
_RATES = {"USD": (7.02, 7.26), "EUR": (7.6, 8.4), "JPY": (0.0455, 0.0492)}


@dataclass(frozen=True, slots=True)
class Terms:
    """What the parties wrote down; `amount` is in whole units of `currency`."""

    kind: DealKind
    months: int
    amount: int
    amount_high: int | None
    currency: str = "CNY"
    rate: str | None = None


def draw_terms(rng: random.Random, kind: DealKind, seller: DemoEnterprise, buyer: DemoEnterprise) -> Terms:
    """Terms of a kind that these two could carry."""
    is_order = kind == "purchase" and buyer.size == "large" and chance(rng, _ORDERS)
    amount = max(_SMALLEST, int(around(rng, *(_ORDER if is_order else _AMOUNTS[kind]))))
    if kind in {"purchase", "technology"} and not chance(rng, 0.012):
        amount = min(amount, _bearable(rng, seller, buyer))
    amount = max(_SMALLEST, rounded(amount, 3) // _WAN * _WAN)
    months = _MONTHS[kind].draw(rng)
    if kind == "purchase" and chance(rng, 0.25 if "900000" in {seller.region, buyer.region} else 0.003):
        return _foreign(rng, months, amount)
    return Terms(kind, months, amount, amount * rng.choice((12, 13, 15)) // 10 if chance(rng, 0.08) else None)


def _bearable(rng: random.Random, seller: DemoEnterprise, buyer: DemoEnterprise) -> int:
    """A share of the smaller party's revenue of last year; nothing bounds it where that is unknown."""
    known = [firm.last_year_revenue for firm in (seller, buyer) if firm.last_year_revenue]
    return int(min(known) * rng.uniform(0.2, 1.6)) if known else 100 * _YI


def _foreign(rng: random.Random, months: int, yuan: int) -> Terms:
    currency = _CURRENCIES.draw(rng)
    rate = f"{rng.uniform(*_RATES[currency]):.4f}"
    return Terms("purchase", months, rounded(int(yuan / float(rate)), 3), None, currency, rate)
