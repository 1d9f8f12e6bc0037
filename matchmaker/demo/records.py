"""What the demonstration province consists of: plain values, with the words the tables use for their states.

Things refer to each other by credit code, region code, segment code or key, never by a database id.
Moments are aware UTC; money is whole yuan unless a deal names another currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Side = Literal["buyer", "seller"]
Party = Literal["buyer", "seller", "office"]
Size = Literal["large", "medium", "small", "micro"]
Kind = Literal["enterprise", "institution", "university", "bank", "association"]
Visibility = Literal["public", "matched", "organisers"]
Answer = Literal["asked", "accepted", "declined", "lapsed", "withdrawn"]
MeetingState = Literal["scheduled", "held", "missed", "cancelled"]
Outcome = Literal["nothing", "follow_up", "intent"]
DealKind = Literal["purchase", "technology", "investment", "credit", "framework"]
EntryType = Literal["declare", "confirm", "dispute", "resolve", "verify", "contract", "deliver", "amend", "withdraw"]


@dataclass(frozen=True, slots=True)
class DemoOffice:
    """A bureau; `key` is what the rest of the province calls it."""

    key: str
    name: str
    level: Literal["province", "prefecture", "county"]
    region: str


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A person who can sign in, in one role and one scope: an enterprise or an office."""

    sign_in_name: str
    name: str
    role: Literal["enterprise", "organiser", "official", "county_officer", "auditor", "administrator"]
    enterprise: str | None = None
    office: str | None = None


@dataclass(frozen=True, slots=True)
class DemoBadge:
    """A dated distinction."""

    name: str
    issuer: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class DemoEnterprise:
    """One coined enterprise or institution; `segments` are where it works, the main one first."""

    credit_code: str
    name: str
    short_name: str
    former_names: tuple[str, ...]
    region: str
    industry: str | None
    kind: Kind
    size: Size | None
    last_year_revenue: int | None
    legal_representative: str
    parent_code: str | None
    state: str
    segments: tuple[str, ...]
    badges: tuple[DemoBadge, ...]
    created_at: datetime
    updated_at: datetime

    @property
    def chain(self) -> str | None:
        """The chain of its main segment."""
        return self.segments[0].split(".")[0] if self.segments else None


@dataclass(frozen=True, slots=True)
class DemoCapability:
    """One line a firm can supply."""

    key: int
    enterprise: str
    segment: str | None
    product: str
    material: str
    spec: str
    capacity: int | None
    capacity_unit: str
    capacity_period: str
    spare: int | None
    lead_days: int | None
    certificates: tuple[str, ...]
    radius_km: int | None
    state: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DemoNeed:
    """One line a firm asks for."""

    key: int
    enterprise: str
    kind: str
    segment: str | None
    text: str
    quantity: int | None
    unit: str
    budget_low: int | None
    budget_high: int | None
    deliver_by: date | None
    hard_conditions: tuple[str, ...]
    soft_conditions: tuple[str, ...]
    visibility: Visibility
    valid_until: date | None
    state: str
    reason: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """One matchmaking event; `organiser` and `approving_office` are office keys and never the same."""

    key: str
    title: str
    summary: str
    organiser: str
    chain: str | None
    segment: str | None  # what the event is about, where it is about one segment
    region: str
    venue: str
    held_on: date
    starts_at: datetime
    slot_minutes: int
    slot_count: int
    table_count: int
    capacity: int
    own_matching: bool
    state: str
    parent: str | None
    closeout: str
    approving_office: str | None
    approved_at: datetime | None
    created_at: datetime
    lunch_starts_at: datetime | None = None
    lunch_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DemoRegistration:
    """One enterprise's place at one event."""

    event: str
    enterprise: str
    side: Side
    state: str
    reason: str
    applied_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class DemoCheckIn:
    """An enterprise was there."""

    event: str
    enterprise: str
    side: Side
    at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DemoMeeting:
    """A request to talk and, where it was accepted and placed, the meeting it became."""

    key: int
    event: str
    asker: str
    asked: str
    request_state: Answer
    preference: int
    asked_at: datetime
    answered_at: datetime | None
    slot: int | None  # from 1; None while nothing is timetabled
    table: int | None
    state: MeetingState | None
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class DemoEntry:
    """One dated statement about a deal; `round` is the version of the amount it speaks of, from 1."""

    type: EntryType
    by: Party
    at: datetime
    round: int
    amount: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class DemoDeal:
    """What two enterprises say they intend, with every statement made about it, in order."""

    key: str
    number: str  # what people quote
    buyer: str
    seller: str
    kind: DealKind
    subject: str
    segment: str | None
    event: str | None
    meeting: int | None
    months: int
    amount: int  # as first declared, in units of `currency`
    amount_high: int | None
    currency: str
    rate: str | None  # yuan a unit, an exact decimal
    contract_number: str
    is_renewal: bool
    former_amount: int | None  # yuan a year of what is renewed
    duplicate_of: str | None
    entries: tuple[DemoEntry, ...]


@dataclass(frozen=True, slots=True)
class DemoTarget:
    """What one prefecture is to reach in the year."""

    region: str
    event_count: int
    enterprise_count: int
    amount: int


@dataclass(frozen=True, slots=True)
class DemoPeriod:
    """One month of the programme, and when it was frozen."""

    month: str
    frozen_at: datetime | None


@dataclass(frozen=True, slots=True)
class DemoProgramme:
    """The year's programme."""

    year: int
    name: str
    event_target: int
    enterprise_target: int
    amount_target: int
    targets: tuple[DemoTarget, ...]
    periods: tuple[DemoPeriod, ...]


@dataclass(frozen=True, slots=True)
class Province:
    """Everything `matchmaker demo` shows."""

    seed: int
    today: date
    programme: DemoProgramme
    offices: tuple[DemoOffice, ...]
    accounts: tuple[DemoAccount, ...]
    enterprises: tuple[DemoEnterprise, ...]
    capabilities: tuple[DemoCapability, ...]
    needs: tuple[DemoNeed, ...]
    events: tuple[DemoEvent, ...]
    registrations: tuple[DemoRegistration, ...]
    check_ins: tuple[DemoCheckIn, ...]
    meetings: tuple[DemoMeeting, ...]
    deals: tuple[DemoDeal, ...]
