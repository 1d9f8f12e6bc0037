"""What must hold within an entry and a deal, and between the objects of FACTS.json, however they were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matchmaker.deals.counting import By, DealFacts, EntryFacts, EntryType, Facts
from matchmaker.deals.counting.ledger import in_order
from matchmaker.deals.counting.values import YUAN
from matchmaker.deals.facts.document import MalformedFacts


def checked_entry(entry: EntryFacts) -> EntryFacts:
    """The entry, when its author may make it and its amount stands where it is due."""
    if entry.type is EntryType.CONFIRM and entry.by is By.OFFICE:
        raise MalformedFacts("by", "confirm 只能由买方或卖方作出")
    if entry.type is EntryType.VERIFY and entry.by is not By.OFFICE:
        raise MalformedFacts("by", "verify 只能由 office 作出")
    if (entry.type is EntryType.AMEND) != (entry.amount is not None):
        raise MalformedFacts("amount", "amend 必须给出金额，其他记录不得给出")
    return entry


def checked_deal(deal: DealFacts) -> DealFacts:
    """The deal, when its currency, its range and its first entry are in order."""
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


def check_between(facts: Facts) -> None:
    """Refuse ids given twice, names of nobody in the file, and parents or duplicates that lead back to themselves."""
    _check_names(facts)
    _no_circle("enterprises[{}].parent", {firm.credit_code: firm.parent for firm in facts.enterprises})
    _no_circle("deals[{}].duplicate_of", {deal.id: deal.duplicate_of for deal in facts.deals})


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
