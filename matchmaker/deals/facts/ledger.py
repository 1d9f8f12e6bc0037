"""FACTS.json as a whole: the fields of each object, read strictly."""

from __future__ import annotations

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
from matchmaker.deals.facts.checking import check_between, checked_deal, checked_entry
from matchmaker.deals.facts.document import document_of
from matchmaker.deals.facts.readers import (
    choice_of,
    list_of,
    read_amount,
    read_code,
    read_day,
    read_moment,
    read_month,
    read_months,
    read_rate,
    read_region,
    read_region_or_outside,
    read_switch,
    read_text,
    record_of,
)
from matchmaker.deals.facts.typed import typed_facts


def decode_facts(content: bytes) -> Facts:
    """Read the bytes of a FACTS.json; raises MalformedFacts with the path, or the line, of the first fault.

    A large file is read by a typed decoder that knows only the ordinary; whatever it does not take is read by
    the readers below, which alone decide what is refused and name its place.
    """
    facts = typed_facts(content)
    if facts is None:
        facts = strict_facts(document_of(content))
    check_between(facts)
    return facts


def _entry(**fields: Any) -> EntryFacts:
    return checked_entry(EntryFacts(**fields))


def _deal(**fields: Any) -> DealFacts:
    return checked_deal(DealFacts(**fields))


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
        "months": read_months,
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
strict_facts = record_of(
    Facts,
    {"enterprises": list_of(_read_enterprise), "events": list_of(_read_event), "deals": list_of(_read_deal)},
    {
        "frozen_months": list_of(record_of(FrozenMonth, {"month": read_month, "frozen_at": read_moment})),
        "rules": _read_rules,
    },
)
