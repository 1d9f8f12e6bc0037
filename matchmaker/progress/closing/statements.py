"""What was said of every deal at one moment, and what changed between two such statements.

Plain values in, plain values out: no database, no clock. Only purchases are booked to months (R7).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from msgspec import Struct, json

from matchmaker.deals.counting import Count, DealFacts, DealKind, DealReason


class Booking(Struct, frozen=True, gc=False):
    """Where a purchase stands in the months: what it adds to one, and in which its withdrawal takes it out."""

    month: str | None
    amount: int
    reason: str
    late: bool = False
    withdrawn_in: str | None = None

    def in_month(self, month: str) -> int:
        """What the deal adds to a month, less what its withdrawal takes from it (R17)."""
        return self.amount * ((self.month == month) - (self.withdrawn_in == month))


ABSENT = Booking(None, 0, DealReason.AFTER_AS_OF)
Statement = Mapping[str, Booking]


class Cause(StrEnum):
    """Why a deal is no longer what was published of it."""

    WITHDRAWN = "withdrawn"
    AMENDED = "amended"
    DISPUTED = "disputed"
    DUPLICATE = "duplicate"
    RELATED_PARTY = "related_party"
    HELD = "held"
    UNCONFIRMED = "unconfirmed"
    MOVED = "moved"
    RETURNED = "returned"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Correction:
    """One dated line (红冲) about a deal of a frozen month: what was said of it, what is said now."""

    deal: str
    month: str
    published: int
    now: int
    cause: Cause

    @property
    def difference(self) -> int:
        """What the line adds to the cumulative total; negative when it takes away."""
        return self.now - self.published


class _Deal(Struct):
    amount: int
    month: str | None
    late: bool
    reason: str


class _Result(Struct):
    deals: dict[str, _Deal]


def statement_of(content: bytes, withdrawals: Mapping[str, str]) -> Statement:
    """The statement in the bytes of a snapshot; `withdrawals` holds the purchases withdrawn, by deal."""
    found = json.decode(content, type=_Result)
    return {key: _kept(each, withdrawals.get(key)) for key, each in found.deals.items()}


def _kept(deal: _Deal, withdrawn_in: str | None) -> Booking:
    of_other_kind = deal.reason == DealReason.OTHER_KIND
    is_purchase = not of_other_kind and (deal.reason != DealReason.WITHDRAWN or withdrawn_in is not None)
    return Booking(deal.month if is_purchase else None, deal.amount, deal.reason, deal.late, withdrawn_in)


def withdrawals_of(count: Count, deals: Sequence[DealFacts]) -> dict[str, str]:
    """By deal the month its withdrawal is booked to, of purchases."""
    months = ((deal.id, count.deals[deal.id].withdrawn_in) for deal in deals if deal.kind is DealKind.PURCHASE)
    return {key: month for key, month in months if month is not None}


def statement_now(count: Count, deals: Sequence[DealFacts]) -> Statement:
    """The statement of a count."""
    return {
        deal.id: Booking(found.month, found.amount, found.reason, found.late, found.withdrawn_in)
        if deal.kind is DealKind.PURCHASE
        else Booking(None, found.amount, found.reason)
        for deal in deals
        for found in (count.deals[deal.id],)
    }


def corrections(before: Statement, after: Statement, months: Collection[str]) -> list[Correction]:
    """The lines by which months differ between two statements; their differences add up to the months' difference."""
    found = (
        line
        for key in before.keys() | after.keys()
        for line in _lines(key, before.get(key, ABSENT), after.get(key, ABSENT), months)
    )
    return sorted(found, key=_order)


def withdrawn_into(month: str, after: Statement, frozen: Collection[str]) -> list[Correction]:
    """The deals of frozen months whose withdrawal a month bears (R17); part of that month's `withdrawn`."""
    found = (
        Correction(key, each.month, each.amount, 0, Cause.WITHDRAWN)
        for key, each in after.items()
        if each.amount and each.withdrawn_in == month and each.month is not None and each.month in frozen
    )
    return sorted(found, key=_order)


def late_in(month: str, after: Statement) -> list[str]:
    """The deals a month took in although they belong to an earlier one (补报), the largest first."""
    found = [key for key, each in after.items() if each.month == month and each.late]
    return sorted(found, key=lambda key: (-after[key].amount, key))


def _order(line: Correction) -> tuple[str, int, str]:
    return line.month, -abs(line.difference), line.deal


def _lines(key: str, then: Booking, now: Booking, months: Collection[str]) -> Iterator[Correction]:
    if then == now:
        return
    for month in {then.month, then.withdrawn_in, now.month, now.withdrawn_in} - {None}:
        was, is_now = then.in_month(month or ""), now.in_month(month or "")
        if was != is_now and month in months:
            yield Correction(key, month or "", was, is_now, _cause(then, now, month))


def _cause(then: Booking, now: Booking, month: str | None) -> Cause:
    if now.month is None:
        return Cause(now.reason) if now.reason in set(Cause) else Cause.LEFT
    if now.withdrawn_in == month != then.withdrawn_in:
        return Cause.WITHDRAWN
    if then.month is None:
        return Cause.RETURNED
    return Cause.AMENDED if now.month == then.month else Cause.MOVED
