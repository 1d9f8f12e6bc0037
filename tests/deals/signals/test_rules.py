"""Each rule at its thresholds."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta

import pytest

from matchmaker.deals.signals import Report, Rule, findings_of
from matchmaker.deals.signals.excess import chance_of
from tests.deals.signals.ledgers import WAN, deal, ledger


def found(rule, *deals, **firms):
    return [each for each in findings_of(ledger(*deals, **firms)) if each.rule is rule]


def at(event, **values):
    return deal(event=event, event_on=date(2026, 3, 10), organiser="甲局", **values)


def test_the_same_pair_at_three_events_is_one_finding_whoever_buys():
    deals = [
        at("e1"),
        at("e2", buyer="B", seller="A"),
        at("e3"),
        at("e3", amount=7 * WAN),
        deal(),
        at("e4", seller="C"),
    ]

    (only,) = found(Rule.SAME_PAIR, *deals)

    assert only.rows == tuple(sorted(each.id for each in deals[:4]))
    assert only.figures == {"events": 3, "deals": 4}
    assert found(Rule.SAME_PAIR, *deals[:2], deals[4]) == []


def test_buying_back_much_the_same_within_ninety_days_is_found():
    out = deal(amount=1_000 * WAN, declared_on="2026-03-01")
    back = deal("B", "A", amount=800 * WAN, declared_on="2026-05-30")

    (only,) = found(Rule.RECIPROCAL, out, back, deal("B", "A", amount=100 * WAN))

    assert only.rows == (out.id, back.id)
    assert only.figures == {"pairs": 1, "days": 90}


@pytest.mark.parametrize(
    "back",
    [
        deal("B", "A", amount=799 * WAN, declared_on="2026-03-01"),
        deal("B", "A", amount=1_000 * WAN, declared_on="2026-05-31"),
        deal("A", "B", amount=1_000 * WAN, declared_on="2026-03-01"),
        deal("B", "C", amount=1_000 * WAN, declared_on="2026-03-01"),
    ],
    ids=["too small", "too late", "same way", "somebody else"],
)
def test_what_does_not_come_back_is_no_finding(back):
    assert found(Rule.RECIPROCAL, deal(amount=1_000 * WAN, declared_on="2026-03-01"), back) == []


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ({"family": "P"}, {"family": "P"}, "parent"),
        ({"family": "B"}, {}, "parent"),
        ({"representative": "某甲"}, {"representative": "某甲"}, "representative"),
        ({"family": "P", "representative": "某甲"}, {"family": "P", "representative": "某甲"}, "both"),
    ],
)
def test_firms_of_one_family_are_related(one, other, shared):
    (only,) = found(Rule.RELATED, deal(), deal("B", "A"), A=one, B=other)

    assert (only.figures["shared"], only.figures["deals"], len(only.rows)) == (shared, 2, 2)


def test_firms_of_whom_nothing_is_known_are_not_related():
    assert found(Rule.RELATED, deal(), A={"representative": ""}, B={"representative": ""}) == []


def test_an_amount_above_three_years_of_revenue_names_the_smaller_firm():
    (only,) = found(Rule.ABOVE_REVENUE, deal(amount=10_000), A={"revenue": 3_333}, B={"revenue": 3_332})

    assert only.figures == {"side": "seller", "amount": 10_000, "revenue": 3_332}
    assert found(Rule.ABOVE_REVENUE, deal(amount=9_999), A={"revenue": 3_333}, B={"revenue": None}) == []
    assert len(found(Rule.ABOVE_REVENUE, deal(amount=1), A={"revenue": 0})) == 1


def test_the_other_sides_report_ten_thousand_times_apart_is_a_slip():
    reports = (Report("buyer", 3_000), Report("seller", 30_000_000))

    (only,) = found(Rule.SLIP, deal(amount=3_000, reports=reports))

    assert only.figures == {"beside": "report", "amount": 3_000, "other": 30_000_000}
    own = (Report("buyer", 3_000), Report("buyer", 30_000_000))
    assert found(Rule.SLIP, deal(amount=3_000, reports=own)) == []


def test_two_deals_of_one_buyer_and_seller_ten_thousand_times_apart_are_a_slip():
    small, large = deal(amount=3_000 * WAN), deal(amount=3_000 * WAN * WAN)

    (only,) = found(Rule.SLIP, small, large, deal("B", "A", amount=3_000))

    assert (only.rows, only.figures["beside"]) == ((small.id, large.id), "twin")


def test_deliveries_beyond_eleven_tenths_of_the_contract_are_a_finding_and_up_to_there_none():
    beyond = deal(contract=20_000_000, delivered=22_000_001)

    (only,) = found(Rule.BEYOND_CONTRACT, beyond, deal(contract=20_000_000, delivered=22_000_000), deal(delivered=7))

    assert (only.rows, only.figures) == ((beyond.id,), {"contract": 20_000_000, "delivered": 22_000_001})


def test_an_amount_ten_thousand_times_a_firms_usual_is_a_slip():
    usual = [deal(seller=code, amount=amount * WAN) for code, amount in zip("CDEF", (90, 100, 110, 120), strict=True)]
    odd = deal(seller="G", amount=1_000_000 * WAN)

    (only,) = found(Rule.SLIP, *usual, odd)

    assert (only.rows, only.figures) == ((odd.id,), {"beside": "firm", "amount": odd.amount, "other": 110 * WAN})
    assert found(Rule.SLIP, *usual[1:], odd) == []
    assert found(Rule.SLIP, *usual, deal(seller="G", amount=200_000 * WAN)) == []


def test_an_amount_ten_thousand_times_a_segments_usual_is_a_slip():
    usual = [deal(f"b{n}", f"s{n}", amount=100 * WAN, segment="s1") for n in range(11)]
    odd = deal("b99", "s99", amount=100, segment="s1")

    (only,) = found(Rule.SLIP, *usual, odd)

    assert (only.rows, only.figures["beside"]) == ((odd.id,), "segment")


def heap(count, amount=10_000 * WAN, organiser="甲局"):
    return [deal(f"b{n}", f"s{n}", amount=amount, event="e1", organiser=organiser) for n in range(count)]


def spread(count, organiser="甲局"):
    """As many amounts, evenly over the five bins around one 亿."""
    width = 10_000 * WAN // 4
    amounts = [10_000 * WAN - width // 2 + width * (2 * n + 1) // (2 * count) for n in range(count)]
    return [deal(f"b{n}", f"s{n}", amount=each, event="e1", organiser=organiser) for n, each in enumerate(amounts)]


def test_a_heap_on_a_round_amount_beside_thin_neighbours_is_found_with_its_figures():
    (only,) = found(Rule.ROUND_HEAP, *heap(12), *spread(5), *spread(20, "乙局"))

    assert (only.figures["organiser"], only.figures["amount"]) == ("甲局", 10_000 * WAN)
    assert (only.figures["heaped"], only.figures["near"]) == (13, 17)
    assert only.figures["everywhere"] == pytest.approx(17 / 37)
    assert len(only.rows) == 13


def test_amounts_as_many_beside_as_on_the_round_one_are_no_heap():
    assert found(Rule.ROUND_HEAP, *spread(200)) == []
    assert found(Rule.ROUND_HEAP, *heap(7)) == []


def test_a_pile_on_an_amount_that_is_not_round_is_no_heap():
    assert found(Rule.ROUND_HEAP, *heap(30, amount=10_130 * WAN)) == []


def test_smooth_amounts_give_no_heap_at_any_size():
    drawn = random.Random(7)
    deals = [deal(f"b{n}", f"s{n}", amount=int(math.exp(drawn.gauss(17, 1.5)))) for n in range(5_000)]

    assert found(Rule.ROUND_HEAP, *deals) == []


def declared(day, count, **values):
    return [deal(f"b{day}{n}", f"s{n}", declared_on=day, **values) for n in range(count)]


def test_a_spike_in_the_last_days_of_a_month_is_found():
    late, early = declared("2026-02-27", 8), declared("2026-02-03", 2)

    (only,) = found(Rule.MONTH_END, *late, *early)

    assert (only.figures["month"], only.figures["last"], only.figures["all"]) == ("2026-02", 8, 10)
    assert only.rows == tuple(sorted(each.id for each in late))


def test_the_days_before_the_last_three_are_no_month_end():
    assert found(Rule.MONTH_END, *declared("2026-02-25", 30)) == []


@pytest.mark.parametrize(("held", "findings"), [("2026-03-31", 0), ("2026-03-01", 0), ("2026-02-28", 1)])
def test_deals_declared_in_the_month_of_their_event_follow_the_event(held, findings):
    event = {"event": "e1", "event_on": date.fromisoformat(held), "organiser": "甲局"}

    assert len(found(Rule.MONTH_END, *declared("2026-03-31", 30, **event))) == findings


def test_the_three_days_after_an_event_follow_it_into_the_next_month():
    event = {"event": "e1", "event_on": date(2026, 1, 26), "organiser": "甲局"}
    tail = declared("2026-02-26", 30, **event)

    assert len(found(Rule.MONTH_END, *tail)) == 1
    near = {"event_on": date(2026, 2, 23)}
    assert found(Rule.MONTH_END, *declared("2026-02-26", 30, **event | near)) == []


def test_even_days_give_no_spike_in_any_month():
    drawn = random.Random(7)
    deals = [
        deal(f"b{n}", f"s{n}", declared_on=f"{date(2026, 1, 1) + timedelta(days=drawn.randrange(365))}")
        for n in range(3_000)
    ]

    assert found(Rule.MONTH_END, *deals) == []


def test_the_test_is_the_exact_binomial_one():
    assert chance_of(8, 8, 0.2, groups=1) == pytest.approx(0.2**8)
    assert chance_of(2, 3, 0.5, groups=1) == pytest.approx(0.5)
    assert chance_of(8, 8, 0.2, groups=10) == pytest.approx(10 * 0.2**8)
    assert chance_of(1, 8, 0.9, groups=3) == 1
