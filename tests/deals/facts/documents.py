"""A ledger as JSON, and ways to spoil it."""

from __future__ import annotations

import copy
import json

import pytest

from matchmaker.deals.counting import Facts
from matchmaker.deals.facts import MalformedFacts, decode_facts

LEDGER = {
    "enterprises": [
        {"credit_code": "甲", "name": "甲厂", "region": "420600", "kind": "enterprise", "last_year_revenue": 0},
        {"credit_code": "乙", "name": "", "region": None, "kind": "bank", "parent": "集团", "legal_representative": ""},
    ],
    "events": [
        {
            "id": "E1",
            "organiser": "420500",
            "held_on": "2024-03-20",
            "parent": "E0",
            "own_matching": True,
            "approved": False,
            "check_ins": [{"credit_code": "甲", "side": "buyer", "at": "2024-03-20T09:00:00.000001+08:00"}],
        }
    ],
    "deals": [
        {
            "id": "D1",
            "buyer": "甲",
            "seller": "乙",
            "kind": "purchase",
            "event": "E1",
            "amount": 100,
            "amount_max": 100,
            "months": 1200,
            "currency": "USD",
            "rate": 7.1,
            "segment": "",
            "duplicate_of": "D2",
            "entries": [
                {"type": "confirm", "by": "seller", "at": "2024-03-21T00:00:00Z"},
                {"type": "declare", "by": "office", "at": "2024-03-20T23:59:59-01:00"},
                {"type": "declare", "by": "office", "at": "2024-03-20T23:59:59+00:00"},
                {"type": "amend", "by": "buyer", "at": "2024-03-22T00:00:00Z", "amount": 10**15},
            ],
        },
        {
            "id": "D2",
            "buyer": "乙",
            "seller": "乙",
            "kind": "credit",
            "amount": 0,
            "months": 1,
            "entries": [{"type": "declare", "by": "buyer", "at": "2000-01-01T00:00:00+08:00"}],
        },
    ],
    "frozen_months": [{"month": "2024-03", "frozen_at": "2024-04-05T18:00:00+08:00"}],
    "rules": {"min_enterprises": 3, "annualise": False, "hold_amount": 5, "hold_revenue_multiple": 0},
}
ABSENT = object()


def changed(path: list[str | int], value: object) -> dict:
    """The ledger with one value replaced, added, or (ABSENT) taken away."""
    document = copy.deepcopy(LEDGER)
    inside = document
    for step in path[:-1]:
        inside = inside[step]
    if value is ABSENT:
        del inside[path[-1]]
    elif isinstance(inside, list) and path[-1] == len(inside):
        inside.append(value)
    else:
        inside[path[-1]] = value
    return document


def facts_of(document: object) -> Facts:
    return decode_facts(json.dumps(document).encode())


def fault_of(document: object) -> str:
    """Where the document, written as JSON, is faulty."""
    with pytest.raises(MalformedFacts) as refused:
        facts_of(document)
    return refused.value.path


def line_of(text: str | bytes) -> int | None:
    with pytest.raises(MalformedFacts) as refused:
        decode_facts(text if isinstance(text, bytes) else text.encode())
    return refused.value.line


def written(path: list[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
