"""Where a deal stands: one projection of its entries, used whenever an entry is added or checked.

The amount in force, and who stands behind it, is the answer of the counting function itself;
added here is what lists and pages need besides: the stage, and who consents to the newest version.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter

from matchmaker.deals import counting
from matchmaker.deals.counting.ledger import in_yuan
from matchmaker.deals.models import Assurance, DealEntry, DealStage, EntryType, Party

CONSENTS = (EntryType.DECLARE, EntryType.CONFIRM, EntryType.AMEND)
_BESIDE_THE_COUNT = (EntryType.MERGE, EntryType.UNMERGE)  # the count reads `duplicate_of` instead
_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """A deal as its entries leave it; field by field what the `deal_standing` row keeps.

    amount: yuan in force. buyer_consents, seller_consents and round speak of the newest version.
    confirmed_at: the first moment at which both sides had consented to one version.
    """

    amount: int
    stage: DealStage
    assurance: Assurance
    is_disputed: bool
    buyer_consents: bool
    seller_consents: bool
    round: int
    declared_at: datetime
    confirmed_at: datetime | None
    changed_at: datetime


def project(entries: Iterable[DealEntry], *, rate: str | None = None) -> Standing:
    """Read a deal's entries, at least its declaration, in the order of their numbers.

    rate: yuan for one unit of the deal's currency, as an exact decimal; None for yuan.
    """
    said = _until_withdrawn(sorted(entries, key=attrgetter("number")))
    ledger = counting.standing(_as_facts(said, rate), before=_EVER)
    newest = max(entry.round for entry in said)
    return Standing(
        amount=ledger.amount,
        stage=_stage(said),
        assurance=_assurance(ledger),
        is_disputed=ledger.disputed,
        buyer_consents=_consents(said, Party.BUYER, newest),
        seller_consents=_consents(said, Party.SELLER, newest),
        round=newest,
        declared_at=said[0].at,
        confirmed_at=ledger.agreed_at,
        changed_at=said[-1].at,
    )


def entry_facts(entries: Iterable[DealEntry]) -> list[counting.EntryFacts]:
    """The entries as the count reads them."""
    return [_as_fact(entry) for entry in entries if entry.type not in _BESIDE_THE_COUNT]


def yuan_of(amount: int, rate: str | None) -> int:
    """An amount in the deal's currency as whole yuan, rounded down (R11)."""
    return in_yuan(amount, None if rate is None else Decimal(rate))


def newest_amount(entries: Sequence[DealEntry]) -> int:
    """The amount of the newest version, in the deal's currency: what a confirmation would consent to."""
    stated = [entry for entry in entries if entry.type in (EntryType.DECLARE, EntryType.AMEND)]
    amount = max(stated, key=attrgetter("number")).amount
    if amount is None:
        raise ValueError("a declaration and an amendment state their amount")
    return amount


def contract_amount(entries: Iterable[DealEntry]) -> int | None:
    """The amount of the contract as last recorded, in the deal's currency, or None before one was."""
    contracts = [entry for entry in entries if entry.type is EntryType.CONTRACT]
    return max(contracts, key=attrgetter("number")).amount if contracts else None


def delivered_amount(entries: Iterable[DealEntry]) -> int:
    """What has been delivered so far, in the deal's currency."""
    return sum(entry.amount or 0 for entry in entries if entry.type is EntryType.DELIVER)


def _until_withdrawn(entries: list[DealEntry]) -> list[DealEntry]:
    """A withdrawal ends the deal: whatever was written after it is not read."""
    for index, entry in enumerate(entries):
        if entry.type is EntryType.WITHDRAW:
            return entries[: index + 1]
    return entries


def _as_facts(entries: list[DealEntry], rate: str | None) -> counting.DealFacts:
    """The deal as the count reads it; parties, kind and term do not bear on where it stands."""
    opening = entries[0].amount
    if opening is None:
        raise ValueError("a declaration states its amount")
    return counting.DealFacts(
        id="",
        buyer="",
        seller="",
        kind=counting.DealKind.PURCHASE,
        amount=opening,
        months=1,
        entries=entry_facts(entries),
        rate=None if rate is None else Decimal(rate),
    )


def _as_fact(entry: DealEntry) -> counting.EntryFacts:
    return counting.EntryFacts(
        type=counting.EntryType(entry.type.value),
        by=counting.By(entry.party.value),
        at=entry.at,
        amount=entry.amount if entry.type is EntryType.AMEND else None,
    )


def _stage(entries: list[DealEntry]) -> DealStage:
    if entries[-1].type is EntryType.WITHDRAW:
        return DealStage.WITHDRAWN
    contract, delivered = contract_amount(entries), delivered_amount(entries)
    if delivered:
        return DealStage.DELIVERED if contract is not None and delivered >= contract else DealStage.DELIVERING
    return DealStage.INTENT if contract is None else DealStage.CONTRACT


def _assurance(ledger: counting.Standing) -> Assurance:
    if ledger.verified:
        return Assurance.VERIFIED
    return Assurance.CONFIRMED if ledger.confirmed else Assurance.DECLARED


def _consents(entries: list[DealEntry], party: Party, newest: int) -> bool:
    return any(entry.party is party and entry.round == newest and entry.type in CONSENTS for entry in entries)
