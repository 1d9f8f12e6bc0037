"""What the rules read, and what they find."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
_KEY_LENGTH = 20


class Rule(StrEnum):
    """The rules, in the order a page lists them."""

    SAME_PAIR = "same_pair"
    RECIPROCAL = "reciprocal"
    RELATED = "related"
    ABOVE_REVENUE = "above_revenue"
    SLIP = "slip"
    BEYOND_CONTRACT = "beyond_contract"
    ROUND_HEAP = "round_heap"
    MONTH_END = "month_end"


@dataclass(frozen=True, slots=True)
class Report:
    """An amount in yuan somebody put forward for a deal: `buyer`, `seller` or `office`."""

    by: str
    amount: int


@dataclass(frozen=True, slots=True)
class DealLine:
    """One purchase as the rules see it.

    amount: whole yuan in force, not annualised. declared_on and event_on are days in Shanghai.
    organiser names the office that ran the event, empty without an event. reports: every amount
    put forward, in order. contract and delivered: yuan of the contract as last recorded, and of all deliveries.
    """

    id: str
    buyer: str
    seller: str
    amount: int
    declared_on: date
    event: str | None = None
    event_on: date | None = None
    organiser: str = ""
    segment: str | None = None
    reports: tuple[Report, ...] = ()
    contract: int | None = None
    delivered: int = 0

    @property
    def pair(self) -> tuple[str, str]:
        """The two firms, whoever buys."""
        return (self.buyer, self.seller) if self.buyer < self.seller else (self.seller, self.buyer)


@dataclass(frozen=True, slots=True)
class FirmLine:
    """A party: `family` is its ultimate parent's code, its own without one; unknown revenue is None."""

    code: str
    family: str
    representative: str = ""
    revenue: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything the rules read; every buyer and seller is among the firms."""

    deals: Sequence[DealLine]
    firms: Mapping[str, FirmLine]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth a look: its rule, the ids of its deals in order, and the figures behind it.

    Two findings of the same rule about the same deals are the same finding, on whatever day they are found.
    """

    rule: Rule
    rows: tuple[str, ...]
    figures: Mapping[str, int | float | str]

    @property
    def key(self) -> str:
        """The finding's address."""
        return hashlib.sha256("\n".join((self.rule, *self.rows)).encode()).hexdigest()[:_KEY_LENGTH]


def finding(rule: Rule, deals: Iterable[DealLine], /, **figures: float | str) -> Finding:
    """A finding about these deals, each named once."""
    return Finding(rule, tuple(sorted({deal.id for deal in deals})), figures)


def grouped(deals: Iterable[DealLine], by: Callable[[DealLine], Key]) -> dict[Key, list[DealLine]]:
    """The deals under what they have in common, each group by day, then id."""
    groups: dict[Key, list[DealLine]] = defaultdict(list)
    for deal in sorted(deals, key=lambda deal: (deal.declared_on, deal.id)):
        groups[by(deal)].append(deal)
    return groups
