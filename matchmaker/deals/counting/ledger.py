"""What the entries of one deal amount to at a moment: the amount in force, and who stands behind it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from operator import attrgetter

from msgspec import Struct

from matchmaker.deals.counting.values import By, DealFacts, EntryFacts, EntryType


class Standing(Struct, frozen=True, gc=False):
    """A deal as its entries leave it.

    amount: yuan in force, before annualising. confirmed: V1, both sides consented to one
    version. verified: V2, an office verified the amount in force (V1 included). agreed_at: the
    first moment at which both sides had consented to one version.
    """

    declared: bool
    amount: int
    confirmed: bool
    verified: bool
    disputed: bool
    agreed_at: datetime | None
    withdrawn_at: datetime | None


class _Replay:
    """The state of a deal while its entries are read one after another."""

    __slots__ = ("agreed_at", "amended", "amount", "buyer", "disputed", "newest", "seller", "verified", "withdrawn_at")

    def __init__(self, amount: int) -> None:
        self.amount = amount
        self.newest = amount
        self.amended = False
        self.buyer = self.seller = False
        self.verified = self.disputed = False
        self.agreed_at: datetime | None = None
        self.withdrawn_at: datetime | None = None

    def read(self, entry: EntryFacts) -> None:
        """Take in one entry; contract and deliver leave the amount as it is (R20)."""
        match entry.type:
            case EntryType.DECLARE | EntryType.CONFIRM:
                self._consent(entry)
            case EntryType.AMEND:
                self._amend(entry)
            case EntryType.VERIFY:
                self.verified = True
            case EntryType.DISPUTE | EntryType.RESOLVE:
                self.disputed = entry.type is EntryType.DISPUTE
            case EntryType.WITHDRAW:
                self.withdrawn_at = entry.at

    def _consent(self, entry: EntryFacts) -> None:
        """R8: a side's declaration or confirmation is its consent to the newest version; an office's is none."""
        both_before = self.buyer and self.seller
        self.buyer = self.buyer or entry.by is By.BUYER
        self.seller = self.seller or entry.by is By.SELLER
        if self.buyer and self.seller and not both_before:
            self._take_effect(entry.at)

    def _amend(self, entry: EntryFacts) -> None:
        """A new version carries its author's consent alone, so it waits for the other side."""
        if entry.amount is None:
            raise ValueError("an amend states its amount")
        self.newest = entry.amount
        self.amended = True
        self.buyer = entry.by is By.BUYER
        self.seller = entry.by is By.SELLER

    def _take_effect(self, at: datetime) -> None:
        """The newest version is in force; a verification covered only the amount before it."""
        self.amount = self.newest
        self.verified = self.verified and not self.amended
        self.agreed_at = self.agreed_at or at


_moment = attrgetter("at")


def in_order(deal: DealFacts) -> list[EntryFacts]:
    """The entries by their moments; those of one moment stay in the order they were written down."""
    return sorted(deal.entries, key=_moment)


def standing(deal: DealFacts, before: datetime, entries: list[EntryFacts] | None = None) -> Standing:
    """What the entries strictly before a moment amount to; a withdrawal ends the deal.

    entries: the same entries already `in_order`, for a caller who asks more than once.
    """
    replay = _Replay(deal.amount)
    entries = in_order(deal) if entries is None else entries
    for entry in entries:
        if entry.at >= before or replay.withdrawn_at is not None:
            break
        replay.read(entry)
    confirmed = replay.agreed_at is not None
    return Standing(
        declared=bool(entries) and entries[0].at < before,
        amount=in_yuan(replay.amount, deal.rate),
        confirmed=confirmed,
        verified=confirmed and replay.verified,
        disputed=replay.disputed,
        agreed_at=replay.agreed_at,
        withdrawn_at=replay.withdrawn_at,
    )


def in_yuan(amount: int, rate: Decimal | None) -> int:
    """R11: a foreign amount at its stored rate, exactly, rounded down to the yuan."""
    if rate is None:
        return amount
    numerator, denominator = rate.as_integer_ratio()
    return amount * numerator // denominator
