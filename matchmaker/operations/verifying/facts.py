"""FACTS.json shown to hold every deal of its programme, each as the ledger and deals.jsonl have it, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from matchmaker.deals.counting import DealFacts, Facts
from matchmaker.deals.facts import MalformedFacts, decode_facts
from matchmaker.operations.verifying.faults import Altered, Unreadable
from matchmaker.operations.verifying.layout import DEALS, FACTS
from matchmaker.operations.verifying.ledger import Ledger, first_unlike
from matchmaker.operations.verifying.rows import DealRow


def read_facts(content: bytes) -> Facts:
    """The facts of an export. Raises Unreadable where they are not JSON, Altered where they contradict themselves."""
    try:
        return decode_facts(content)
    except MalformedFacts as fault:
        if fault.line is not None or not fault.path:
            raise Unreadable(f"{FACTS} line {fault.line or 1}: {fault}") from None
        raise Altered(FACTS, f"{fault.path} is no fact that can be counted") from None


def check_facts(ledger: Ledger, facts: Facts, year: int) -> None:
    """Compare the facts with the deals, and the deals with the ledger. Raises Altered, naming the deal."""
    if ledger.unlike is not None:
        raise ledger.unlike
    events = {event.id for event in facts.events}
    ids = {deal.key: deal.id for deal in ledger.deals.values()}
    for line, deal in enumerate(ledger.deals.values(), 1):
        why = _unsaid(ledger, deal, ids)
        if why:
            raise Altered(DEALS, why, line=line, entry=f"deal {deal.number}")
        why = _misplaced(ledger, deal, events, year)
        if why:
            raise Altered(FACTS, why, entry=f"deal {deal.number}")
    for place, found in enumerate(facts.deals):
        _check_deal(ledger, found, place, events)


def _unsaid(ledger: Ledger, deal: DealRow, ids: Mapping[int, str]) -> str:
    """What deals.jsonl says of a deal that the ledger does not."""
    if deal.id not in ledger.said:
        return "the ledger has no entry of it"
    behind = ledger.merged.get(deal.id)
    said = None if behind is None else ids.get(behind)
    if deal.id in ledger.merged and deal.duplicate_of != said:
        return f"duplicate_of is {deal.duplicate_of} here, {said} in the ledger"
    return ""


def _misplaced(ledger: Ledger, deal: DealRow, events: set[str], year: int) -> str:
    """Whether a deal is missing from the facts of its programme, or in those of another."""
    root = _root(ledger.deals, deal)
    belongs = root.event_year == year if root.event is not None else ledger.years.get(root.id) == year
    if belongs and deal.id not in ledger.facts:
        return f"the deal belongs to {year} and is missing"
    if not belongs and deal.id in ledger.facts:
        return f"the deal does not belong to {year}"
    if deal.event_year == year and deal.event not in events:
        return f"event {deal.event} of the deal is missing"
    return ""


def _root(deals: Mapping[str, DealRow], deal: DealRow) -> DealRow:
    """The deal that a chain of duplicates leads to; of a circle the first one entered."""
    trail = {deal.id: deal}
    while (repeated := deal.duplicate_of) is not None and repeated in deals:
        deal = deals[repeated]
        if deal.id in trail:
            passed = list(trail.values())
            return min(passed[passed.index(deal) :], key=lambda each: each.key)
        trail[deal.id] = deal
    return deal


def _check_deal(ledger: Ledger, found: DealFacts, place: int, events: set[str]) -> None:
    deal = ledger.deals.get(found.id)
    if deal is None:
        raise Altered(FACTS, f"deals[{place}] is in neither {DEALS} nor the ledger", entry=f"deal {found.id}")
    why = _terms_unlike(found, deal, events)
    if why:
        raise Altered(FACTS, f"deals[{place}]: {why} in {DEALS}", entry=f"deal {deal.number}")
    met = ledger.counted.get(found.id, 0)
    if len(found.entries) != met:
        raise Altered(
            FACTS, f"deals[{place}] has {len(found.entries)} entries, the ledger {met}", entry=f"deal {deal.number}"
        )


def _terms_unlike(found: DealFacts, deal: DealRow, events: set[str]) -> str:
    stated = {
        "buyer": deal.buyer,
        "seller": deal.seller,
        "kind": deal.kind,
        "months": deal.months,
        "event": deal.event if deal.event in events else None,
        "amount_max": deal.amount_max,
        "currency": deal.currency,
        "rate": _rate(deal),
        "segment": deal.segment,
        "duplicate_of": deal.duplicate_of,
    }
    counted = {name: getattr(found, name) for name in stated} | {"kind": str(found.kind)}
    return first_unlike(counted, stated)


def _rate(deal: DealRow) -> Decimal | None:
    try:
        return None if deal.rate is None else Decimal(deal.rate)
    except InvalidOperation:
        raise Altered(DEALS, "its rate is no number", entry=f"deal {deal.number}") from None
