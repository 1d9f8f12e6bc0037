"""Small ledgers, in which a test names only what it cares about."""

from __future__ import annotations

from datetime import UTC, date, datetime

from matchmaker.deals.counting import (
    By,
    CheckInFacts,
    Count,
    DealCount,
    DealFacts,
    DealKind,
    EnterpriseFacts,
    EnterpriseKind,
    EntryFacts,
    EntryType,
    EventFacts,
    EventReason,
    Facts,
    FrozenMonth,
    Rules,
    Side,
    count,
)

YI = 100_000_000
AS_OF = date(2024, 12, 31)
WUHAN, XIANGYANG, YICHANG = "420100", "420600", "420500"


def moment(text: str) -> datetime:
    """`2024-05-01` or `2024-05-01 18:30` in Shanghai."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def firm(code: str, region: str | None = WUHAN, **known) -> EnterpriseFacts:
    return EnterpriseFacts(credit_code=code, name=code, region=region, kind=EnterpriseKind.ENTERPRISE, **known)


def entry(type_: str, by: str, at: str, amount: int | None = None) -> EntryFacts:
    return EntryFacts(EntryType(type_), By(by), moment(at), amount)


def declared(at: str = "2024-03-10", by: str = "buyer") -> list[EntryFacts]:
    return [entry("declare", by, at)]


def agreed(at: str = "2024-03-10", confirmed: str | None = None) -> list[EntryFacts]:
    return [*declared(at), entry("confirm", "seller", confirmed or at)]


def deal(id_: str = "D1", entries: list[EntryFacts] | None = None, **known) -> DealFacts:
    facts = {"buyer": "A", "seller": "B", "kind": DealKind.PURCHASE, "amount": 1_000_000, "months": 12} | known
    return DealFacts(id=id_, entries=agreed() if entries is None else entries, **facts)


def checked_in(codes: str, side: str = "buyer", at: str = "2024-03-20 09:00") -> list[CheckInFacts]:
    return [CheckInFacts(code, Side(side), moment(at)) for code in codes]


def event(id_: str = "E1", check_ins: list[CheckInFacts] | None = None, **known) -> EventFacts:
    facts = {"organiser": YICHANG, "held_on": date(2024, 3, 20), "own_matching": True, "approved": True} | known
    return EventFacts(id=id_, check_ins=check_ins or [], **facts)


def frozen(month: str, at: str) -> FrozenMonth:
    return FrozenMonth(month, moment(at))


def counted(*deals: DealFacts, firms=None, events=(), months=(), as_of: date = AS_OF, **rules) -> Count:
    firms = [firm("A"), firm("B", XIANGYANG)] if firms is None else firms
    return count(Facts(firms, events, deals, months, Rules(**rules)), as_of)


def only(deal_: DealFacts, **known) -> DealCount:
    return counted(deal_, **known).deals[deal_.id]


def event_reason(event_: EventFacts, firms=None, *, as_of: date = AS_OF, floor: int = 2) -> EventReason:
    firms = [firm("A"), firm("B")] if firms is None else firms
    return counted(firms=firms, events=[event_], as_of=as_of, min_enterprises=floor).events[event_.id].reason


TWO_SIDES = checked_in("A", "buyer") + checked_in("B", "seller")
