"""The ledger followed by its seals, and the facts that are counted shown to follow from its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from matchmaker.audit import GENESIS
from matchmaker.deals.counting import DealFacts, EntryType, Facts, month_of
from matchmaker.operations.verifying.chains import UNFIT, followed
from matchmaker.operations.verifying.faults import Altered, Unreadable
from matchmaker.operations.verifying.layout import DEALS, FACTS, LEDGER
from matchmaker.operations.verifying.opening import Package, decoded
from matchmaker.operations.verifying.rows import DealRow, Head, Said, SealedRow

BESIDE_THE_COUNT = frozenset({"merge", "unmerge"})


@dataclass(frozen=True, slots=True)
class State:
    """The ledger as it stood after some row: its seal, and how many entries of each deal were counted."""

    seal: str
    counted: Mapping[str, int]


@dataclass(slots=True)
class Ledger:
    """What following the ledger has found so far."""

    deals: Mapping[str, DealRow]
    facts: Mapping[str, DealFacts]
    places: Mapping[str, int]  # of the deals in FACTS.json
    states: dict[int, State] = field(default_factory=lambda: {0: State(GENESIS, {})})  # after so many rows
    said: dict[str, int] = field(default_factory=dict)  # entries met, by deal
    counted: dict[str, int] = field(default_factory=dict)  # of these the ones the count reads
    years: dict[str, int] = field(default_factory=dict)  # in which a deal was first declared, Shanghai time
    merged: dict[str, int | None] = field(default_factory=dict)  # behind which key, where an entry said so
    unlike: Altered | None = None  # the first row that FACTS.json or deals.jsonl tell otherwise


def read_deals(package: Package) -> dict[str, DealRow]:
    """The deals by their ids. Raises Altered where one is given twice or a key stands for two firms."""
    deals: dict[str, DealRow] = {}
    codes: dict[tuple[str, int], str] = {}
    for line, content in package.lines(DEALS):
        deal = decoded(content, DealRow, f"{DEALS} line {line}")
        if deal.id in deals:
            raise Altered(DEALS, "it is given twice", line=line, entry=f"deal {deal.number}")
        deals[deal.id] = deal
        for kind, key, name in _keys_of(deal):
            if codes.setdefault((kind, key), name) != name:
                raise Altered(
                    DEALS,
                    f"{kind} {key} is {name} here and {codes[kind, key]} before",
                    line=line,
                    entry=f"deal {deal.number}",
                )
    return deals


def _keys_of(deal: DealRow) -> Iterator[tuple[str, int, str]]:
    yield "firm", deal.buyer_key, deal.buyer
    yield "firm", deal.seller_key, deal.seller
    if deal.event_key is not None:
        yield "event", deal.event_key, f"{deal.event} of {deal.event_year}"


def follow_ledger(
    package: Package, head: Head, deals: Mapping[str, DealRow], facts: Facts, marks: frozenset[int], through: str | None
) -> Ledger:
    """Follow the seals, and compare every row with the deals and the facts. Raises Altered.

    marks: after how many rows the state is wanted; through: a seal that some row must bear.
    """
    ledger = Ledger(
        deals=deals,
        facts={deal.id: deal for deal in facts.deals},
        places={deal.id: place for place, deal in enumerate(facts.deals)},
    )

    def name(row: SealedRow) -> str:
        said = _said(row)
        return _named(ledger, said)

    def differs(row: SealedRow) -> str:
        said = _said(row)
        return _out_of_turn(ledger, said) or _unlike(ledger, said) or UNFIT

    passed = through in (None, GENESIS)
    for line, row in followed(package, LEDGER, head, SealedRow, name=name, differs=differs):
        said = decoded(bytes(row.content), Said, f"{LEDGER} line {line}")
        if ledger.unlike is None and (why := _out_of_turn(ledger, said) or _unlike(ledger, said)):
            ledger.unlike = Altered(LEDGER, why, line=line, entry=_named(ledger, said))
        _take(ledger, said)
        if line in marks:
            ledger.states[line] = State(row.seal, dict(ledger.counted))
        passed = passed or row.seal == through
    if not passed:
        raise Altered(LEDGER, f"no row bears the seal {through}")
    return ledger


def _said(row: SealedRow) -> Said:
    return decoded(bytes(row.content), Said, f"{LEDGER} entry {row.id}")


def _named(ledger: Ledger, said: Said) -> str:
    known = ledger.deals.get(said.deal)
    number = said.terms.number if said.terms else known.number if known else said.deal
    return f"deal {number} entry {said.number}"


def _take(ledger: Ledger, said: Said) -> None:
    ledger.said[said.deal] = said.number
    if said.number == 1:
        ledger.years[said.deal] = int(month_of(_moment(said.at))[:4])
    if said.type in BESIDE_THE_COUNT:
        if said.other is not None:
            ledger.merged[said.deal] = said.other if said.type == "merge" else None
    else:
        ledger.counted[said.deal] = ledger.counted.get(said.deal, 0) + 1


def _out_of_turn(ledger: Ledger, said: Said) -> str:
    """What is wrong with the place of an entry among those of its deal."""
    due = ledger.said.get(said.deal, 0) + 1
    if said.number > due:
        return f"entry {due} of this deal is missing before it"
    return f"entry {said.number} of this deal stands before it already" if said.number < due else ""


def _unlike(ledger: Ledger, said: Said) -> str:
    """Where deals.jsonl or FACTS.json tell an entry otherwise."""
    deal = ledger.deals.get(said.deal)
    if deal is None:
        return f"{DEALS} has no such deal"
    if said.terms is not None and (why := first_unlike(_sealed_terms(said), _stated_terms(deal))):
        return f"{why} in {DEALS}"
    facts = ledger.facts.get(said.deal)
    if facts is None or said.type in BESIDE_THE_COUNT:
        return ""
    why = first_unlike(_entry(said), _counted_entry(facts, ledger.counted.get(said.deal, 0)))
    return f"{why} in {FACTS} deals[{ledger.places[said.deal]}]" if why else ""


def first_unlike(here: Mapping[str, Any], there: Mapping[str, Any]) -> str:
    """The first value that differs, in words; empty when none does."""
    return next(
        (f"{name} is {value} here, {there.get(name)}" for name, value in here.items() if there.get(name) != value), ""
    )


def _sealed_terms(said: Said) -> dict[str, Any]:
    terms = said.terms
    return {} if terms is None else {name: getattr(terms, name) for name in terms.__struct_fields__}


def _stated_terms(deal: DealRow) -> dict[str, Any]:
    keys = {"buyer": deal.buyer_key, "seller": deal.seller_key, "event": deal.event_key, "amount_high": deal.amount_max}
    return {name: getattr(deal, name) for name in deal.__struct_fields__} | keys


def _entry(said: Said) -> dict[str, Any]:
    """An entry as the count reads it: the first one states the amount, then only amendments do."""
    states = said.number == 1 or said.type == EntryType.AMEND
    return {"type": said.type, "by": said.party, "at": _moment(said.at)} | ({"amount": said.amount} if states else {})


def _counted_entry(facts: DealFacts, position: int) -> dict[str, Any]:
    if position >= len(facts.entries):
        return {}
    entry = facts.entries[position]
    amount = facts.amount if position == 0 else entry.amount
    return {"type": str(entry.type), "by": str(entry.by), "at": entry.at, "amount": amount}


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"{LEDGER}: {text[:40]!a} is no moment") from None
