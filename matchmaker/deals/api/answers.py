"""A deal as JSON: its terms, where it stands, and everything that was said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from pydantic import Field
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.auditing.queries import assurance_of
from matchmaker.deals.counting import DealCount, DealReason
from matchmaker.deals.counting.increments import increment
from matchmaker.deals.duplicates.queries import merged_into
from matchmaker.deals.judging import counted_answer, renewal_of
from matchmaker.deals.models import Assurance, Deal, DealEntry, DealKind, DealStage, EntryType, Party
from matchmaker.deals.obstacles import open_steps, party_of
from matchmaker.enterprises.api.references import FirmReference
from matchmaker.web.api import Answer


class DealAnswer(Answer):
    """A deal; `amount` is what is in force in whole yuan, read from its entries.

    `former_amount` is the yuan of one year of the cooperation that a renewal renews (R13); null where unknown.
    """

    id: str
    number: str = Field(examples=["YX-2026-00042"])
    kind: DealKind
    subject: str
    buyer: FirmReference
    seller: FirmReference
    event_id: str | None
    segment: str | None
    amount: int
    amount_high: int | None
    currency: str
    rate: str | None
    months: int
    is_renewal: bool
    former_amount: int | None
    contract_number: str
    stage: DealStage
    assurance: Assurance
    is_disputed: bool
    buyer_consents: bool
    seller_consents: bool
    declared_at: datetime
    confirmed_at: datetime | None
    changed_at: datetime
    version: int

    @classmethod
    def of(cls, deal: Deal, assurance: Assurance) -> Self:
        """The answer about a deal in a list; the audit sample may have raised its assurance (V3)."""
        return cls(**_facts(deal), assurance=assurance)


class EntryAnswer(Answer):
    """One dated statement; `amount` is in the deal's currency, `round` the version of the amount spoken of.

    `other` is the number of the deal that a merge, or the undoing of one, speaks of.
    `from_paper`: an office entered this side's consent from a sealed paper that two people looked at.
    """

    number: int
    type: EntryType
    party: Party
    round: int
    amount: int | None
    at: datetime
    note: str
    other: str | None
    from_paper: bool
    seal: str

    @classmethod
    def of(cls, entry: DealEntry) -> Self:
        """The answer about an entry."""
        return cls(
            number=entry.number,
            type=entry.type,
            party=entry.party,
            round=entry.round,
            amount=entry.amount,
            at=entry.at,
            note=entry.note,
            other=entry.other.number if entry.other else None,
            from_paper=entry.is_from_paper,
            seal=entry.seal,
        )


class CountAnswer(Answer):
    """Whether the deal counts today and why; `amount` is what it counts or would count, in whole yuan (R9).

    `increment` is what of that amount is new (R13).
    """

    counts: bool
    reason: DealReason
    amount: int
    increment: int
    month: str | None

    @classmethod
    def of(cls, counted: DealCount, deal: Deal) -> Self:
        """The answer about how a deal counts."""
        return cls(
            counts=counted.counted,
            reason=counted.reason,
            amount=counted.amount,
            increment=increment(counted.amount, renewal_of(deal)),
            month=counted.month,
        )


class DealWithHistory(DealAnswer):
    """A deal with its entries, as whom the reader speaks of it, what they may say now, and how it counts.

    `counted` is null where the year has no programme. `duplicate_of` is the deal this one was merged into,
    `duplicates` those that were merged into this one and the reader sees.
    """

    duplicate_of: str | None
    duplicates: list[str]
    entries: list[EntryAnswer]
    party: Party | None
    steps: list[EntryType]
    counted: CountAnswer | None

    @classmethod
    def for_reader(cls, session: Session, deal: Deal, user: User) -> Self:
        """The answer about a deal to one reader."""
        counted = counted_answer(session, deal, shanghai_day(utcnow()))
        return cls(
            **_facts(deal),
            duplicate_of=deal.duplicate_of.public_id if deal.duplicate_of else None,
            duplicates=[each.public_id for each in merged_into(session, user, deal)],
            assurance=assurance_of(session, deal),
            entries=[EntryAnswer.of(entry) for entry in deal.entries],
            party=party_of(deal, user),
            steps=open_steps(deal, user),
            counted=CountAnswer.of(counted, deal) if counted else None,
        )


def _facts(deal: Deal) -> dict[str, Any]:
    return _terms(deal) | _standing(deal)


def _terms(deal: Deal) -> dict[str, Any]:
    return {
        "id": deal.public_id,
        "number": deal.number,
        "kind": deal.kind,
        "subject": deal.subject,
        "buyer": FirmReference.of(deal.buyer),
        "seller": FirmReference.of(deal.seller),
        "event_id": deal.event.public_id if deal.event else None,
        "segment": deal.segment.code if deal.segment else None,
        "amount_high": deal.amount_high,
        "currency": deal.currency,
        "rate": deal.rate,
        "months": deal.months,
        "is_renewal": deal.is_renewal,
        "former_amount": deal.former_amount,
        "contract_number": deal.contract_number,
        "version": deal.version,
    }


def _standing(deal: Deal) -> dict[str, Any]:
    standing = deal.standing
    return {
        "amount": standing.amount,
        "stage": standing.stage,
        "is_disputed": standing.is_disputed,
        "buyer_consents": standing.buyer_consents,
        "seller_consents": standing.seller_consents,
        "declared_at": standing.declared_at,
        "confirmed_at": standing.confirmed_at,
        "changed_at": standing.changed_at,
    }
