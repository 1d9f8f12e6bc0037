"""FACTS.json read by a typed decoder, many times faster than value by value; it refuses nothing itself.

It takes only what the strict readers take, with the same meaning, and answers None for anything else,
also for what is merely unusual.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from matchmaker.deals.collecting import uncollected
from matchmaker.deals.counting import (
    By,
    CheckInFacts,
    DealFacts,
    DealKind,
    EnterpriseFacts,
    EnterpriseKind,
    EntryFacts,
    EntryType,
    EventFacts,
    Facts,
    FrozenMonth,
    Rules,
    Side,
)
from matchmaker.deals.counting.values import YUAN
from matchmaker.deals.facts.checking import checked_deal, checked_entry
from matchmaker.deals.facts.document import MalformedFacts, document_of
from matchmaker.deals.facts.readers import (
    MOST,
    MOST_MONTHS,
    read_day,
    read_moment,
    read_month,
    read_rate,
    read_region,
    read_region_or_outside,
)

_COLON_ESCAPED = (b"\\u003a", b"\\u003A")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Value = TypeVar("Value")
Row = TypeVar("Row", bound=Struct)
Maybe: TypeAlias = Value | UnsetType | None  # left out, or set to null, which counts as left out
Code = Annotated[str, Meta(min_length=1)]
Amount = Annotated[int, Meta(ge=0, le=MOST)]


class _Firm(Struct, forbid_unknown_fields=True):
    credit_code: Code
    name: str
    region: str | None
    kind: EnterpriseKind
    last_year_revenue: Maybe[Amount] = UNSET
    parent: Maybe[Code] = UNSET
    legal_representative: Maybe[str] = UNSET

    def facts(self) -> EnterpriseFacts:
        return EnterpriseFacts(
            self.credit_code,
            self.name,
            read_region_or_outside(self.region),
            self.kind,
            _given(self.last_year_revenue),
            _given(self.parent),
            _given(self.legal_representative),
        )


class _CheckIn(Struct, forbid_unknown_fields=True):
    credit_code: Code
    side: Side
    at: str

    def facts(self) -> CheckInFacts:
        return CheckInFacts(self.credit_code, self.side, read_moment(self.at))


class _Event(Struct, forbid_unknown_fields=True):
    id: Code
    organiser: str
    held_on: str
    own_matching: bool
    approved: bool
    check_ins: list[_CheckIn]
    parent: Maybe[Code] = UNSET

    def facts(self) -> EventFacts:
        return EventFacts(
            self.id,
            read_region(self.organiser),
            read_day(self.held_on),
            self.own_matching,
            self.approved,
            tuple(check_in.facts() for check_in in self.check_ins),
            _given(self.parent),
        )


class _Entry(Struct, forbid_unknown_fields=True):
    type: EntryType
    by: By
    at: str
    amount: Maybe[Amount] = UNSET

    def facts(self) -> EntryFacts:
        return checked_entry(EntryFacts(self.type, self.by, read_moment(self.at), _given(self.amount)))


class _Deal(Struct, forbid_unknown_fields=True):
    id: Code
    buyer: Code
    seller: Code
    kind: DealKind
    amount: Amount
    months: Annotated[int, Meta(ge=1, le=MOST_MONTHS)]
    entries: list[_Entry]
    event: Maybe[Code] = UNSET
    amount_max: Maybe[Amount] = UNSET
    currency: Maybe[Code] = UNSET
    rate: Raw | UnsetType = UNSET  # as it was written, since a decoder would also take a rate in quotation marks
    segment: Maybe[str] = UNSET
    duplicate_of: Maybe[Code] = UNSET

    def facts(self) -> DealFacts:
        return checked_deal(
            DealFacts(
                self.id,
                self.buyer,
                self.seller,
                self.kind,
                self.amount,
                self.months,
                tuple([entry.facts() for entry in self.entries]),
                _given(self.event),
                _given(self.amount_max),
                _given(self.currency) or YUAN,
                _rate_of(self.rate),
                _given(self.segment),
                _given(self.duplicate_of),
            )
        )


class _Frozen(Struct, forbid_unknown_fields=True):
    month: str
    frozen_at: str

    def facts(self) -> FrozenMonth:
        return FrozenMonth(read_month(self.month), read_moment(self.frozen_at))


class _Rules(Struct, forbid_unknown_fields=True):
    min_enterprises: Maybe[Amount] = UNSET
    annualise: Maybe[bool] = UNSET
    hold_amount: Maybe[Amount] = UNSET
    hold_revenue_multiple: Maybe[Amount] = UNSET

    def facts(self) -> Rules:
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        return Rules(**{name: value for name, value in fields.items() if value is not UNSET and value is not None})


class _Document(Struct, forbid_unknown_fields=True):
    """The whole, its rows still unread: each is made into facts before the next is read, which halves the memory."""

    enterprises: list[Raw]
    events: list[Raw]
    deals: list[Raw]
    frozen_months: Maybe[list[Raw]] = UNSET
    rules: Raw | UnsetType = UNSET


class _Colons:
    """How many colons the fields and texts read so far account for."""

    def __init__(self) -> None:
        self.seen = 0

    def rows(self, rows: list[Raw], shape: type[Row]) -> Iterator[Row]:
        """Each row decoded, with the colons it has when written out once more: a field given twice has lost one."""
        decode = msgspec.json.Decoder(shape).decode
        encode = msgspec.json.Encoder().encode
        for row in rows:
            decoded = decode(row)
            self.seen += encode(decoded).count(b":")
            yield decoded


def typed_facts(content: bytes) -> Facts | None:
    """The facts in these bytes, not yet checked against each other, or None where the strict readers must judge."""
    if any(escaped in content for escaped in _COLON_ESCAPED):
        return None
    try:
        with uncollected():
            return _facts(content.removeprefix(_BYTE_ORDER_MARK))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, MalformedFacts):
        return None


def _facts(content: bytes) -> Facts | None:
    document = msgspec.json.decode(content, type=_Document)
    colons = _Colons()
    colons.seen = sum(getattr(document, name) is not UNSET for name in document.__struct_fields__)
    rules = [] if isinstance(document.rules, UnsetType) or bytes(document.rules) == b"null" else [document.rules]
    facts = Facts(
        enterprises=tuple(row.facts() for row in colons.rows(document.enterprises, _Firm)),
        events=tuple(row.facts() for row in colons.rows(document.events, _Event)),
        deals=tuple(row.facts() for row in colons.rows(document.deals, _Deal)),
        frozen_months=tuple(row.facts() for row in colons.rows(_given(document.frozen_months) or [], _Frozen)),
        rules=next((row.facts() for row in colons.rows(rules, _Rules)), Rules()),
    )
    return facts if colons.seen == content.count(b":") else None


def _given(value: Maybe[Value]) -> Value | None:
    return None if isinstance(value, UnsetType) else value


def _rate_of(written: Raw | UnsetType) -> Decimal | None:
    rate: Any = None if isinstance(written, UnsetType) else document_of(bytes(written))
    return None if rate is None else read_rate(rate)
