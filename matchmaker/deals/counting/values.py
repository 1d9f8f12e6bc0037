"""What is counted, as plain values, and what the count says of each event and each deal.

Moments are aware; those kept in UTC compare fastest. Months are written `2024-05`. What a nation's ledger has
millions of is a Struct rather than a dataclass: frozen and compared alike, but made in a tenth of the time and
of no concern to the collector.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

YUAN = "CNY"


class EnterpriseKind(StrEnum):
    """What a registered body is; only an enterprise is one of the 家."""

    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    UNIVERSITY = "university"
    BANK = "bank"
    ASSOCIATION = "association"


class Side(StrEnum):
    """The side a firm takes at an event."""

    BUYER = "buyer"
    SELLER = "seller"


class By(StrEnum):
    """Who wrote an entry: one of the two sides, or an office."""

    BUYER = "buyer"
    SELLER = "seller"
    OFFICE = "office"


class DealKind(StrEnum):
    """The kinds of a deal, which never mix; purchases are the headline."""

    PURCHASE = "purchase"
    TECHNOLOGY = "technology"
    INVESTMENT = "investment"
    CREDIT = "credit"
    FRAMEWORK = "framework"


class EntryType(StrEnum):
    """The entries the count reads; contract and deliver are stages of the same amount and add nothing."""

    DECLARE = "declare"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    RESOLVE = "resolve"
    VERIFY = "verify"
    CONTRACT = "contract"
    DELIVER = "deliver"
    AMEND = "amend"
    WITHDRAW = "withdraw"


class EventReason(StrEnum):
    """Why an event counts or not: the first that applies."""

    AFTER_AS_OF = "after_as_of"
    NOT_APPROVED = "not_approved"
    NO_OWN_MATCHING = "no_own_matching"
    TOO_FEW = "too_few"
    ONE_SIDED = "one_sided"
    COUNTED = "counted"


class DealReason(StrEnum):
    """Why a deal counts or not: the first that applies."""

    AFTER_AS_OF = "after_as_of"
    DUPLICATE = "duplicate"
    RELATED_PARTY = "related_party"
    UNCONFIRMED = "unconfirmed"
    DISPUTED = "disputed"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    OTHER_KIND = "other_kind"
    COUNTED = "counted"

    @property
    def in_gross(self) -> bool:
        """Whether nothing stops the deal but its own withdrawal, or its kind's having its own total."""
        return self in _IN_GROSS


# A tuple, because the hash of an enumeration member is slow and this is asked of every deal.
_IN_GROSS = (DealReason.COUNTED, DealReason.WITHDRAWN, DealReason.OTHER_KIND)


class EnterpriseFacts(Struct, frozen=True, gc=False):
    """A registered body; region is a six-digit code, or None outside the province; unknown revenue is None."""

    credit_code: str
    name: str
    region: str | None
    kind: EnterpriseKind
    last_year_revenue: int | None = None
    parent: str | None = None
    legal_representative: str | None = None


class CheckInFacts(Struct, frozen=True, gc=False):
    """One firm seen at the door of an event, on one side."""

    credit_code: str
    side: Side
    at: datetime


@dataclass(frozen=True, slots=True)
class EventFacts:
    """A matchmaking event; organiser is the region of its lead organiser."""

    id: str
    organiser: str
    held_on: date
    own_matching: bool
    approved: bool
    check_ins: Sequence[CheckInFacts]
    parent: str | None = None


class EntryFacts(Struct, frozen=True, gc=False):
    """One line of a deal's ledger; an amount stands on an amend only, in the deal's currency."""

    type: EntryType
    by: By
    at: datetime
    amount: int | None = None


class DealFacts(Struct, frozen=True, gc=False):
    """A deal and its ledger, entries in the order they were written down.

    Amounts are whole units of the currency; the rate (yuan for one unit) is None for
    yuan, and is what turns a foreign amount into yuan whatever the currency is called.
    """

    id: str
    buyer: str
    seller: str
    kind: DealKind
    amount: int
    months: int
    entries: Sequence[EntryFacts]
    event: str | None = None
    amount_max: int | None = None
    currency: str = YUAN
    rate: Decimal | None = None
    segment: str | None = None
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class FrozenMonth:
    """A month whose figures were published at a moment and no longer change."""

    month: str
    frozen_at: datetime


@dataclass(frozen=True, slots=True)
class Rules:
    """The switches of a programme."""

    min_enterprises: int = 10
    annualise: bool = True
    hold_amount: int = 1_000_000_000
    hold_revenue_multiple: int = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a count reads. Every buyer, seller and firm checked in is among the enterprises."""

    enterprises: Sequence[EnterpriseFacts]
    events: Sequence[EventFacts]
    deals: Sequence[DealFacts]
    frozen_months: Sequence[FrozenMonth] = ()
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, slots=True)
class EventCount:
    """Whether an event counts and why; enterprises are the codes of the 家 checked in by then."""

    counted: bool
    reason: EventReason
    enterprises: frozenset[str]


class DealCount(Struct, frozen=True, gc=False):
    """Whether a deal counts and why.

    amount: what it counts or would count, annualised. full_amount: the yuan in force before
    annualising. assurance: 0 declared, 1 confirmed by both, 2 verified. withdrawn_in: the
    month its withdrawal is booked to, when it was in gross before.
    """

    counted: bool
    amount: int
    month: str | None
    late: bool
    reason: DealReason
    full_amount: int
    assurance: int
    withdrawn_in: str | None
