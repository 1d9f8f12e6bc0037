"""What one value may be."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.deals.counting import count
from matchmaker.deals.facts import MalformedFacts, read_day
from tests.deals.facts.documents import LEDGER, changed, facts_of, fault_of, written


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


@pytest.mark.parametrize("text", ["2024-02-29", "2000-01-01", "2099-12-31"])
def test_a_day_is_read(text):
    assert read_day(text).isoformat() == text


def places(value: object, path: tuple[str | int, ...] = ()) -> list[list[str | int]]:
    """The path of every value in a document but the document itself."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [place for step, inside in steps for place in places(inside, (*path, step))]
    return [list(path), *found] if path else found


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(st.text(max_size=3), inside, max_size=2),
    max_leaves=4,
)


@settings(max_examples=120, deadline=None)
@given(path=st.sampled_from(places(LEDGER)), value=ANYTHING)
def test_anything_anywhere_is_either_counted_or_refused_at_its_place(path, value):
    document = changed(path, value)
    try:
        facts = facts_of(document)
    except MalformedFacts:
        assert fault_of(document).isprintable()
    else:
        assert count(facts, date(2024, 5, 31)).as_of == date(2024, 5, 31)
