"""What FACTS.json may say, and the place named when it says anything else."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from matchmaker.deals.counting import By, DealKind, EntryFacts, EntryType, Facts, FrozenMonth, Rules, Side, count
from matchmaker.deals.facts import MalformedFacts, decode_facts, read_day, result_of

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


def written(path: list[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


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


def test_a_strange_field_stays_on_one_line_of_the_message():
    assert fault_of(changed(["deals", 0, "a\n]b"], 1)) == 'deals[0]["a\\n]b"]'


WRONG = [
    *[(["enterprises", 0, "credit_code"], bad) for bad in ("", 5, ["甲"], "\ud800")],
    *[(["enterprises", 0, "name"], bad) for bad in (5, "\ud800")],
    *[(["enterprises", 0, "region"], bad) for bad in ("4206", "42060a", "４２０６００", "420600\n", 420600, "")],
    *[(["enterprises", 0, "kind"], bad) for bad in ("Enterprise", "firm", "", 1, ["bank"])],
    *[(["enterprises", 0, "last_year_revenue"], bad) for bad in (-1, 10**15 + 1, 5.0, True, "5")],
    *[(["enterprises", 0, "parent"], bad) for bad in ("", 5)],
    (["enterprises", 0, "legal_representative"], 5),
    *[(["events", 0, "id"], bad) for bad in ("", 1)],
    *[(["events", 0, "organiser"], bad) for bad in ("外地", "4205000")],
    *[
        (["events", 0, "held_on"], bad)
        for bad in ("2024-02-30", "20240320", "2024-3-20", "1999-12-31", "2100-01-01", 20240320)
    ],
    (["events", 0, "held_on"], "2024-03-20T00:00:00Z"),
    *[(["events", 0, "own_matching"], bad) for bad in (1, "true", 0)],
    *[(["events", 0, "approved"], bad) for bad in (1, "false", 0)],
    *[(["events", 0, "check_ins"], bad) for bad in ({}, "")],
    *[(["events", 0, "check_ins", 0, "side"], bad) for bad in ("office", "BUYER", 1)],
    *[(["deals", 0, "kind"], bad) for bad in ("Purchase", "loan")],
    *[(["deals", 1, "amount"], bad) for bad in (-1, 10**15 + 1, 5.0, 1e3, True, "100")],
    *[(["deals", 0, "amount_max"], bad) for bad in (99, 10**15 + 1, 100.0)],
    *[(["deals", 0, "months"], bad) for bad in (0, 1201, 12.0, True, "12")],
    *[(["deals", 0, "rate"], bad) for bad in (0, 0.0000009, 10_000.1, "7.1", True, -7.1)],
    *[(["deals", 0, "currency"], bad) for bad in ("", 5)],
    (["deals", 0, "segment"], 5),
    (["deals", 0, "entries"], []),
    *[(["deals", 0, "entries", 0, "type"], bad) for bad in ("merge", "CONFIRM", 1)],
    *[(["deals", 0, "entries", 0, "by"], bad) for bad in ("bank", 1)],
    *[(["deals", 0, "entries", 3, "amount"], bad) for bad in (-1, 5.0, 10**15 + 1, None, True)],
    *[
        (["frozen_months", 0, "month"], bad)
        for bad in ("2024-13", "2024-00", "2024-3", "1999-12", "2100-01", 202403, "2024-03-01")
    ],
    (["frozen_months"], {}),
    *[(["rules", "annualise"], bad) for bad in (1, "true")],
    *[
        (["rules", key], bad)
        for key in ("min_enterprises", "hold_amount", "hold_revenue_multiple")
        for bad in (-1, 1.5, True, "3", 10**15 + 1)
    ],
]


@pytest.mark.parametrize(("path", "bad"), WRONG, ids=lambda given: written(given) if isinstance(given, list) else None)
def test_a_value_that_is_not_exactly_as_specified_is_refused_at_its_place(path, bad):
    assert fault_of(changed(path, bad)) == written(path)


@pytest.mark.parametrize(
    "bad",
    [
        "2024-03-20T09:00:00",
        "2024-03-20 09:00:00Z",
        "2024-03-20T09:00Z",
        "2024-03-20T09:00:00z",
        "2024-03-20T09:00:00.123Z",
        "2024-03-20T09:00:00.1234567Z",
        "2024-03-20T09:00:00+0800",
        "2024-03-20T09:00:00+08",
        "2024-03-20T09:00:00+24:00",
        "2024-03-20T09:00:00+08:60",
        "2024-03-20T24:00:00Z",
        "2024-03-20T09:60:00Z",
        "2024-03-20T09:00:60Z",
        "2024-02-30T09:00:00Z",
        "1999-12-31T23:59:59+08:00",
        "2100-01-01T00:00:00Z",
        "２０２４-03-20T09:00:00Z",
        " 2024-03-20T09:00:00Z",
        "2024-03-20T09:00:00Z\n",
        "2024-03-20",
        1710896400,
        True,
    ],
)
def test_a_moment_is_a_full_one_with_its_offset(bad):
    assert fault_of(changed(["deals", 0, "entries", 0, "at"], bad)) == "deals[0].entries[0].at"
    assert fault_of(changed(["events", 0, "check_ins", 0, "at"], bad)) == "events[0].check_ins[0].at"
    assert fault_of(changed(["frozen_months", 0, "frozen_at"], bad)) == "frozen_months[0].frozen_at"


@pytest.mark.parametrize("ends", ["2000-01-01T00:00:00+08:00", "2099-12-31T23:59:59.999999Z"])
def test_the_first_and_last_moments_of_the_reach_are_read(ends):
    assert facts_of(changed(["frozen_months", 0, "frozen_at"], ends)).frozen_months[0].month == "2024-03"


@pytest.mark.parametrize(
    ("rate", "exact"), [("0.000001", "0.000001"), ("10000", "10000"), ("71e-1", "7.1"), ("8", "8")]
)
def test_a_rate_is_the_exact_decimal_that_was_written(rate, exact):
    text = json.dumps(LEDGER).replace('"rate": 7.1', f'"rate": {rate}')

    assert decode_facts(text.encode()).deals[0].rate == Decimal(exact)


@pytest.mark.parametrize("rate", ["1e999999999999999999999999", "1" * 5000, "1e400"], ids=len)
def test_a_rate_beyond_measure_is_refused_at_its_place(rate):
    text = json.dumps(LEDGER).replace('"rate": 7.1', f'"rate": {rate}')

    with pytest.raises(MalformedFacts) as refused:
        decode_facts(text.encode())
    assert refused.value.path == "deals[0].rate"


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


def test_a_key_given_twice_is_refused():
    text = json.dumps(LEDGER)

    for once, path in [
        ('"months": 1200', "deals[0].months"),
        ('"deals": [', "deals"),
        ('"annualise": false', "rules.annualise"),
        ('"side": "buyer"', "events[0].check_ins[0].side"),
    ]:
        key = once.split(":")[0]
        with pytest.raises(MalformedFacts) as refused:
            decode_facts(text.replace(once, f"{key}: null, {once}", 1).encode())
        assert refused.value.path == path


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


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ('{"deals": [\n\n,]}', 3),
        ('{"deals": []}\n{}', 2),
        ("{'deals': []}", 1),
        ('{"deals": [], }', 1),
        ('{"name": "a\nb"}', 1),
        (b'{"deals":\n\n"\xff"}', 3),
        ('{"rules": null,\n"deals": [],\n"enterprises": [], "events": NaN}', 3),
        ("Infinity", 1),
        ("[" * 100_000, 1),
    ],
)
def test_what_is_not_json_is_refused_with_its_line(text, line):
    assert line_of(text) == line


def test_a_word_that_is_not_json_is_named_with_its_path_too():
    text = json.dumps(LEDGER, indent=0).replace('"amount": 100,', '"amount": NaN,')

    with pytest.raises(MalformedFacts) as refused:
        decode_facts(text.encode())
    assert refused.value.path == "deals[0].amount"
    assert text.splitlines()[refused.value.line - 1] == '"amount": NaN,'


def test_a_name_may_contain_the_words_that_json_does_not_know():
    named = changed(["enterprises", 0, "name"], 'NaN "Infinity\\')

    assert facts_of(named).enterprises[0].name == 'NaN "Infinity\\'
    text = json.dumps(named, indent=0).replace('"hold_amount": 5', '"hold_amount": -Infinity')
    assert line_of(text) == next(n for n, row in enumerate(text.splitlines(), 1) if row.startswith('"hold_amount"'))


@pytest.mark.parametrize("digits", [21, 5_000])
def test_an_endless_figure_is_refused_at_its_place(digits):
    text = json.dumps(LEDGER).replace('"amount": 100,', f'"amount": {"9" * digits},')

    with pytest.raises(MalformedFacts) as refused:
        decode_facts(text.encode())
    assert refused.value.path == "deals[0].amount"


def test_a_file_may_begin_with_a_byte_order_mark():
    assert decode_facts(b"\xef\xbb\xbf" + json.dumps(LEDGER).encode()) == facts_of(LEDGER)


@pytest.mark.parametrize("text", ["2024-02-29", "2000-01-01", "2099-12-31"])
def test_a_day_is_read(text):
    assert read_day(text).isoformat() == text


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
