"""What a ledger must hold, and the place named when it does not."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from matchmaker.deals.counting import By, DealKind, EntryFacts, EntryType, FrozenMonth, Rules, Side
from tests.deals.facts.documents import ABSENT, LEDGER, changed, facts_of, fault_of, written


def test_a_ledger_is_read_as_it_was_written():
    facts = facts_of(LEDGER)
    first = facts.deals[0]

    assert [(f.credit_code, f.region, f.last_year_revenue, f.parent) for f in facts.enterprises] == [
        ("甲", "420600", 0, None),
        ("乙", None, None, "集团"),
    ]
    assert facts.events[0].held_on == date(2024, 3, 20)
    assert facts.events[0].check_ins[0].side is Side.BUYER
    assert facts.events[0].check_ins[0].at == datetime(2024, 3, 20, 1, 0, 0, 1, UTC)
    assert (first.kind, first.rate, first.amount_max) == (DealKind.PURCHASE, Decimal("7.1"), 100)
    assert first.entries[3] == EntryFacts(EntryType.AMEND, By.BUYER, datetime(2024, 3, 22, tzinfo=UTC), 10**15)
    assert facts.frozen_months == (FrozenMonth("2024-03", datetime(2024, 4, 5, 10, tzinfo=UTC)),)
    assert facts.rules == Rules(min_enterprises=3, annualise=False, hold_amount=5, hold_revenue_multiple=0)


def test_freezes_and_rules_may_be_left_out_or_null():
    bare = {key: LEDGER[key] for key in ("enterprises", "events", "deals")}

    for document in (bare, bare | {"frozen_months": None, "rules": None}, bare | {"rules": {"annualise": None}}):
        facts = facts_of(document)
        assert (facts.frozen_months, facts.rules) == ((), Rules(10, True, 1_000_000_000, 3))


OPTIONAL = [
    ["enterprises", 0, "last_year_revenue"],
    ["enterprises", 1, "parent"],
    ["enterprises", 1, "legal_representative"],
    ["events", 0, "parent"],
    ["deals", 0, "event"],
    ["deals", 0, "amount_max"],
    ["deals", 0, "segment"],
    ["deals", 0, "duplicate_of"],
    ["deals", 0, "entries", 0, "amount"],
]


@pytest.mark.parametrize("path", OPTIONAL, ids=lambda path: path[-1])
def test_an_optional_key_set_to_null_counts_as_left_out(path):
    without = copy.deepcopy(changed(path, None))
    inside = without
    for step in path[:-1]:
        inside = inside[step]
    del inside[path[-1]]

    assert facts_of(changed(path, None)) == facts_of(without)


REQUIRED = [
    *[["enterprises"], ["events"], ["deals"]],
    *[["enterprises", 1, key] for key in ("credit_code", "name", "region", "kind")],
    *[["events", 0, key] for key in ("id", "organiser", "held_on", "own_matching", "approved", "check_ins")],
    *[["events", 0, "check_ins", 0, key] for key in ("credit_code", "side", "at")],
    *[["deals", 1, key] for key in ("id", "buyer", "seller", "kind", "amount", "months", "entries")],
    *[["deals", 0, "entries", 1, key] for key in ("type", "by", "at")],
    *[["frozen_months", 0, key] for key in ("month", "frozen_at")],
]


@pytest.mark.parametrize("path", REQUIRED, ids=written)
def test_a_required_field_is_neither_missing_nor_null(path):
    assert fault_of(changed(path, ABSENT)) == written(path)
    if path[-1] != "region":
        assert fault_of(changed(path, None)) == written(path)


@pytest.mark.parametrize(
    "path",
    [
        [],
        ["enterprises", 0],
        ["events", 0],
        ["events", 0, "check_ins", 0],
        ["deals", 1],
        ["deals", 1, "entries", 0],
        ["frozen_months", 0],
        ["rules"],
    ],
    ids=written,
)
def test_a_field_not_named_is_refused(path):
    assert fault_of(changed([*path, "note"], 1)) == written([*path, "note"])
    assert fault_of(changed(path, 5) if path else 5) == written(path)


def test_a_foreign_amount_needs_a_rate_and_yuan_refuse_one():
    assert fault_of(changed(["deals", 0, "rate"], ABSENT)) == "deals[0].rate"
    assert fault_of(changed(["deals", 0, "rate"], None)) == "deals[0].rate"
    assert fault_of(changed(["deals", 0, "currency"], "CNY")) == "deals[0].rate"
    assert fault_of(changed(["deals", 0, "currency"], None)) == "deals[0].rate"
    assert fault_of(changed(["deals", 1, "rate"], 1)) == "deals[1].rate"
    assert facts_of(changed(["deals", 1, "currency"], "CNY")).deals[1].rate is None


def test_the_earliest_entry_must_be_a_declare():
    confirm = {"type": "confirm", "by": "seller", "at": "2024-03-20T23:59:58Z"}

    assert fault_of(changed(["deals", 0, "entries", 4], confirm)) == "deals[0].entries[4].type"
    assert fault_of(changed(["deals", 1, "entries", 0, "type"], "dispute")) == "deals[1].entries[0].type"


def test_who_may_confirm_and_who_may_verify():
    assert fault_of(changed(["deals", 0, "entries", 0, "by"], "office")) == "deals[0].entries[0].by"
    for side in ("buyer", "seller"):
        verify = {"type": "verify", "by": side, "at": "2024-03-22T00:00:00Z"}
        assert fault_of(changed(["deals", 1, "entries", 1], verify)) == "deals[1].entries[1].by"


@pytest.mark.parametrize("by", ["buyer", "seller", "office"])
@pytest.mark.parametrize("type_", ["dispute", "resolve", "contract", "deliver", "withdraw", "declare"])
def test_anybody_may_write_any_other_entry_and_states_no_amount(type_, by):
    entry = {"type": type_, "by": by, "at": "2024-03-22T00:00:00Z"}

    assert facts_of(changed(["deals", 1, "entries", 1], entry)).deals[1].entries[1].by == by
    assert fault_of(changed(["deals", 1, "entries", 1], entry | {"amount": 5})) == "deals[1].entries[1].amount"


def test_an_amend_states_its_amount():
    amend = {"type": "amend", "by": "office", "at": "2024-03-22T00:00:00Z"}

    assert fault_of(changed(["deals", 1, "entries", 1], amend)) == "deals[1].entries[1].amount"
    assert facts_of(changed(["deals", 1, "entries", 1], amend | {"amount": 0})).deals[1].entries[1].amount == 0


def test_an_amount_may_be_amended_above_the_upper_bound():
    assert facts_of(LEDGER).deals[0].entries[3].amount == 10**15


@pytest.mark.parametrize(
    ("path", "key"),
    [("enterprises", "credit_code"), ("events", "id"), ("deals", "id"), ("frozen_months", "month")],
)
def test_an_id_given_twice_is_refused(path, key):
    twice = [*LEDGER[path], LEDGER[path][0]]

    assert fault_of(LEDGER | {path: twice}) == f"{path}[{len(twice) - 1}].{key}"


@pytest.mark.parametrize(
    "path",
    [
        ["events", 0, "check_ins", 0, "credit_code"],
        ["deals", 0, "buyer"],
        ["deals", 1, "seller"],
        ["deals", 0, "event"],
        ["deals", 0, "duplicate_of"],
    ],
    ids=written,
)
def test_what_a_ledger_points_to_must_be_in_it(path):
    assert fault_of(changed(path, "nobody")) == written(path)


def test_a_parent_that_is_not_listed_ends_the_chain():
    facts = facts_of(LEDGER)

    assert (facts.enterprises[1].parent, facts.events[0].parent) == ("集团", "E0")


def test_parents_in_a_circle_are_refused():
    document = changed(["enterprises", 1, "parent"], "甲")
    document["enterprises"].append(LEDGER["enterprises"][0] | {"credit_code": "丙", "parent": "甲"})

    assert facts_of(document).enterprises[2].parent == "甲"
    document["enterprises"][0]["parent"] = "乙"
    assert fault_of(document) == "enterprises[0].parent"
    assert fault_of(changed(["enterprises", 1, "parent"], "乙")) == "enterprises[1].parent"


def test_a_chain_of_duplicates_is_allowed_and_a_circle_is_not():
    third = LEDGER["deals"][1] | {"id": "D3"}
    chain = changed(["deals", 2], third)
    chain["deals"][1]["duplicate_of"] = "D3"

    assert facts_of(chain).deals[1].duplicate_of == "D3"
    chain["deals"][2]["duplicate_of"] = "D2"
    assert fault_of(chain) == "deals[1].duplicate_of"
    assert fault_of(changed(["deals", 1, "duplicate_of"], "D2")) == "deals[1].duplicate_of"


def test_a_firm_may_deal_with_itself_and_check_in_twice():
    twice = LEDGER["events"][0]["check_ins"] * 2

    assert len(facts_of(changed(["events", 0, "check_ins"], twice)).events[0].check_ins) == 2
    assert facts_of(LEDGER).deals[1].buyer == facts_of(LEDGER).deals[1].seller
