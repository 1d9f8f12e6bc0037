"""The layout of a result."""

from __future__ import annotations

import json
from datetime import date

from matchmaker.deals.counting import count
from matchmaker.deals.facts import result_of
from tests.deals.facts.documents import changed, facts_of


def test_the_result_is_written_in_its_exact_layout():
    document = changed(["rules"], {"min_enterprises": 1})
    document["deals"][1] |= {"kind": "purchase", "buyer": "甲", "amount": 7}
    document["deals"][1]["entries"].append({"type": "confirm", "by": "seller", "at": "2024-05-01T00:00:00Z"})
    result = result_of(count(facts_of(document | {"frozen_months": None}), date(2024, 5, 31)))
    result_of_d2 = {"counted": False, "amount": 7, "month": None, "late": False, "reason": "held"}

    assert json.loads(json.dumps(result)) == {
        "as_of": "2024-05-31",
        "rule_version": 1,
        "events_counted": 0,
        "events": {"E1": {"counted": False, "reason": "not_approved"}},
        "enterprises": 0,
        "enterprises_in_province": 0,
        "attendances": 0,
        "declared": 717,
        "confirmed": 7,
        "verified": 0,
        "gross": 0,
        "withdrawn": 0,
        "net": 0,
        "by_kind": {"purchase": 0, "technology": 0, "investment": 0, "credit": 0, "framework": 0},
        "by_month": {},
        "by_region_shared": {},
        "by_region_organiser": {},
        "deals": {
            "D1": {"counted": False, "amount": 7, "month": None, "late": False, "reason": "duplicate"},
            "D2": result_of_d2,
        },
    }
