"""Facts written out as the file others rely on: the other direction of `matchmaker.deals.facts`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from matchmaker.deals.counting import DealFacts, EnterpriseFacts, EntryFacts, EventFacts, Facts, FrozenMonth, Rules
from matchmaker.deals.counting.values import YUAN

_EXACT = re.compile(r'"\\u0000([0-9.]+)\\u0000"')


def document_of(facts: Facts) -> dict[str, Any]:
    """Facts in the layout of FACTS.json; people are numbered, so that equal ones stay equal and no name leaves."""
    people = _numbered(facts.enterprises)
    return {
        "enterprises": [_enterprise(firm, people) for firm in facts.enterprises],
        "events": [_event(event) for event in facts.events],
        "deals": [_deal(deal) for deal in facts.deals],
        "frozen_months": [_frozen(frozen) for frozen in facts.frozen_months],
        "rules": _rules(facts.rules),
    }


def in_pieces(facts: Facts) -> Iterator[str]:
    """The same document as JSON, a row a line, without ever being held whole."""
    people = _numbered(facts.enterprises)
    parts: dict[str, Iterator[dict[str, Any]]] = {
        "enterprises": (_enterprise(firm, people) for firm in facts.enterprises),
        "events": (_event(event) for event in facts.events),
        "deals": (_deal(deal) for deal in facts.deals),
        "frozen_months": (_frozen(frozen) for frozen in facts.frozen_months),
    }
    yield "{"
    for name, items in parts.items():
        yield f'"{name}": ['
        for position, item in enumerate(items):
            yield (",\n" if position else "\n") + written(item)
        yield "\n],\n"
    yield f'"rules": {written(_rules(facts.rules))}}}\n'


def written(document: Mapping[str, Any]) -> str:
    """The document as JSON, its rates as the exact decimals they are, which no float keeps."""
    return _EXACT.sub(r"\1", json.dumps(document, ensure_ascii=False, default=_marked))


def _marked(value: object) -> str:
    if isinstance(value, Decimal):
        return f"\0{value:f}\0"
    raise TypeError(f"{type(value).__name__} has no place in a document of facts")


def _numbered(firms: Iterable[EnterpriseFacts]) -> dict[str, str]:
    names = dict.fromkeys(name for firm in firms if (name := _representative(firm)))
    return {name: f"person-{number}" for number, name in enumerate(names, 1)}


def _representative(firm: EnterpriseFacts) -> str:
    return (firm.legal_representative or "").strip()


def _enterprise(firm: EnterpriseFacts, people: dict[str, str]) -> dict[str, Any]:
    return {
        "credit_code": firm.credit_code,
        "name": firm.name,
        "region": firm.region,
        "kind": firm.kind.value,
    } | _given(
        last_year_revenue=firm.last_year_revenue,
        parent=firm.parent,
        legal_representative=people.get(_representative(firm)),
    )


def _event(event: EventFacts) -> dict[str, Any]:
    return {
        "id": event.id,
        "organiser": event.organiser,
        "held_on": event.held_on.isoformat(),
        "own_matching": event.own_matching,
        "approved": event.approved,
        "check_ins": [
            {"credit_code": guest.credit_code, "side": guest.side.value, "at": _moment(guest.at)}
            for guest in event.check_ins
        ],
    } | _given(parent=event.parent)


def _deal(deal: DealFacts) -> dict[str, Any]:
    foreign = deal.rate is not None
    return {
        "id": deal.id,
        "buyer": deal.buyer,
        "seller": deal.seller,
        "kind": deal.kind.value,
        "amount": deal.amount,
        "months": deal.months,
        "entries": [_entry(entry) for entry in deal.entries],
    } | _given(
        event=deal.event,
        amount_max=deal.amount_max,
        currency=deal.currency if foreign or deal.currency != YUAN else None,
        rate=deal.rate,
        segment=deal.segment,
        duplicate_of=deal.duplicate_of,
    )


def _entry(entry: EntryFacts) -> dict[str, Any]:
    return {"type": entry.type.value, "by": entry.by.value, "at": _moment(entry.at)} | _given(amount=entry.amount)


def _frozen(frozen: FrozenMonth) -> dict[str, Any]:
    return {"month": frozen.month, "frozen_at": _moment(frozen.frozen_at)}


def _rules(rules: Rules) -> dict[str, Any]:
    return {
        "min_enterprises": rules.min_enterprises,
        "annualise": rules.annualise,
        "hold_amount": rules.hold_amount,
        "hold_revenue_multiple": rules.hold_revenue_multiple,
    }


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
