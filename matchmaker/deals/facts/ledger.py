"""FACTS.json as a whole: the fields of each object, and what must hold between the objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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
from matchmaker.deals.counting.ledger import in_order
from matchmaker.deals.counting.values import YUAN
from matchmaker.deals.facts.document import MalformedFacts, document_of
from matchmaker.deals.facts.readers import (
    choice_of,
    integer,
    list_of,
    read_amount,
    read_code,
    read_day,
    read_moment,
    read_month,
    read_rate,
    read_region,
    read_region_or_outside,
    read_switch,
    read_text,
    record_of,
)

MOST_MONTHS = 1200


def decode_facts(content: bytes) -> Facts:
    """Read the bytes of a FACTS.json; raises MalformedFacts with the path, or the line, of the first fault."""
    facts = _read_facts(document_of(content))
    _check_names(facts)
    _no_circle("enterprises[{}].parent", {firm.credit_code: firm.parent for firm in facts.enterprises})
    _no_circle("deals[{}].duplicate_of", {deal.id: deal.duplicate_of for deal in facts.deals})
    return facts


def _check_names(facts: Facts) -> None:
    """Refuse an id given twice, and a buyer, seller, event or deal that is pointed to but not in the file."""
    codes = _once("enterprises", "credit_code", (enterprise.credit_code for enterprise in facts.enterprises))
    event_ids = _once("events", "id", (event.id for event in facts.events))
    deal_ids = _once("deals", "id", (deal.id for deal in facts.deals))
    _once("frozen_months", "month", (frozen.month for frozen in facts.frozen_months))
    for position, event in enumerate(facts.events):
        for place, check_in in enumerate(event.check_ins):
            _named(codes, check_in.credit_code, f"events[{position}].check_ins[{place}].credit_code")
    for position, deal in enumerate(facts.deals):
        _named(codes, deal.buyer, f"deals[{position}].buyer")
        _named(codes, deal.seller, f"deals[{position}].seller")
        _named(event_ids, deal.event, f"deals[{position}].event")
        _named(deal_ids, deal.duplicate_of, f"deals[{position}].duplicate_of")


def _once(where: str, key: str, values: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for position, value in enumerate(values):
        if value in seen:
            raise MalformedFacts(f"{where}[{position}].{key}", "给出了两次")
        seen.add(value)
    return seen


def _named(known: set[str], value: str | None, path: str) -> None:
    if value is not None and value not in known:
        raise MalformedFacts(path, "所指的对象不在本文件中")


def _no_circle(path: str, links: Mapping[str, str | None]) -> None:
    """Refuse links that lead back to where they began; a link out of the document ends its chain."""
    settled: set[str] = set()
    for start in links:
        trail: dict[str, None] = {}
        here: str | None = start
        while here is not None and here in links and here not in settled:
            if here in trail:
                raise MalformedFacts(path.format(list(links).index(here)), "首尾相接成环")
            trail[here] = None
            here = links[here]
        settled.update(trail)


def _entry(**fields: Any) -> EntryFacts:
    entry = EntryFacts(**fields)
    if entry.type is EntryType.CONFIRM and entry.by is By.OFFICE:
        raise MalformedFacts("by", "confirm 只能由买方或卖方作出")
    if entry.type is EntryType.VERIFY and entry.by is not By.OFFICE:
        raise MalformedFacts("by", "verify 只能由 office 作出")
    if (entry.type is EntryType.AMEND) != (entry.amount is not None):
        raise MalformedFacts("amount", "amend 必须给出金额，其他记录不得给出")
    return entry


def _deal(**fields: Any) -> DealFacts:
    deal = DealFacts(**fields)
    if (deal.currency != YUAN) != (deal.rate is not None):
        raise MalformedFacts("rate", "外币必须给出汇率，人民币不得给出")
    if deal.amount_max is not None and deal.amount_max < deal.amount:
        raise MalformedFacts("amount_max", "不得低于 amount")
    if not deal.entries:
        raise MalformedFacts("entries", "至少要有一条 declare")
    first = in_order(deal)[0]
    if first.type is not EntryType.DECLARE:
        raise MalformedFacts(f"entries[{deal.entries.index(first)}].type", "最早的一条应为 declare")
    return deal


_read_enterprise = record_of(
    EnterpriseFacts,
    {"credit_code": read_code, "name": read_text, "region": read_region_or_outside, "kind": choice_of(EnterpriseKind)},
    {"last_year_revenue": read_amount, "parent": read_code, "legal_representative": read_text},
)
_read_check_in = record_of(CheckInFacts, {"credit_code": read_code, "side": choice_of(Side), "at": read_moment})
_read_event = record_of(
    EventFacts,
    {
        "id": read_code,
        "organiser": read_region,
        "held_on": read_day,
        "own_matching": read_switch,
        "approved": read_switch,
        "check_ins": list_of(_read_check_in),
    },
    {"parent": read_code},
)
_read_entry = record_of(
    _entry, {"type": choice_of(EntryType), "by": choice_of(By), "at": read_moment}, {"amount": read_amount}
)
_read_deal = record_of(
    _deal,
    {
        "id": read_code,
        "buyer": read_code,
        "seller": read_code,
        "kind": choice_of(DealKind),
        "amount": read_amount,
        "months": integer(1, MOST_MONTHS),
        "entries": list_of(_read_entry),
    },
    {
        "event": read_code,
        "amount_max": read_amount,
        "currency": read_code,
        "rate": read_rate,
        "segment": read_text,
        "duplicate_of": read_code,
    },
)
_read_rules = record_of(
    Rules,
    {},
    {
        "min_enterprises": read_amount,
        "annualise": read_switch,
        "hold_amount": read_amount,
        "hold_revenue_multiple": read_amount,
    },
)
_read_facts = record_of(
    Facts,
    {"enterprises": list_of(_read_enterprise), "events": list_of(_read_event), "deals": list_of(_read_deal)},
    {
        "frozen_months": list_of(record_of(FrozenMonth, {"month": read_month, "frozen_at": read_moment})),
        "rules": _read_rules,
    },
)
