"""The totals, and the example everybody is shown."""

from __future__ import annotations

from datetime import date

import pytest

from matchmaker.deals.counting import (
    RULE_VERSION,
    RULES,
    DealKind,
)
from tests.deals.counting.ledgers import (
    AS_OF,
    WUHAN,
    XIANGYANG,
    YI,
    YICHANG,
    agreed,
    counted,
    deal,
    declared,
    entry,
    event,
    firm,
    frozen,
    only,
)


def test_the_worked_example_comes_to_a_net_of_580_million():
    verified = entry("verify", "office", "2024-03-12")
    result = counted(
        deal("1", [*agreed(), verified], amount=300_000_000),
        deal("2", [*agreed(), verified], amount=300_000_000, duplicate_of="1"),
        deal("3", [*agreed(), verified], amount=600_000_000, months=36),
        deal("4", declared(), amount=50_000_000),
        deal("5", agreed("2024-03-28", "2024-04-10"), amount=80_000_000, event="E1"),
        deal("6", [*agreed("2024-05-10"), entry("withdraw", "seller", "2024-07-02")], amount=20_000_000),
        deal("7", [*agreed(), verified], amount=4_000_000_000, kind=DealKind.INVESTMENT),
        events=[event()],
        months=[frozen("2024-03", "2024-04-05")],
    )

    assert (result.declared, result.gross, result.withdrawn, result.net) == (
        1_350_000_000,
        600_000_000,
        20_000_000,
        580_000_000,
    )
    assert result.by_kind == {
        "purchase": 580_000_000,
        "technology": 0,
        "investment": 40 * YI,
        "credit": 0,
        "framework": 0,
    }
    assert {month: (m.on_time, m.late, m.withdrawn, m.net) for month, m in result.by_month.items()} == {
        "2024-03": (500_000_000, 0, 0, 500_000_000),
        "2024-04": (0, 80_000_000, 0, 80_000_000),
        "2024-05": (20_000_000, 0, 0, 20_000_000),
        "2024-07": (0, 0, 20_000_000, -20_000_000),
    }
    assert [d.reason for d in result.deals.values()] == [
        "counted", "duplicate", "counted", "unconfirmed", "counted", "withdrawn", "other_kind",
    ]  # fmt: skip


def test_the_answer_says_its_day_and_its_rule_version():
    result = counted()

    assert (result.as_of, result.rule_version) == (AS_OF, RULE_VERSION)
    assert list(RULES) == [f"R{number}" for number in range(1, 21)]


def test_gross_less_withdrawn_is_net():
    withdrawn = [*agreed(), entry("withdraw", "office", "2024-04-01")]
    result = counted(
        deal("1", amount=500),
        deal("2", withdrawn, amount=30, months=36),
        deal("3", [*declared(), entry("withdraw", "buyer", "2024-04-01")], amount=7),
        deal("4", withdrawn, amount=9, duplicate_of="1"),
        deal("5", withdrawn, amount=11, kind=DealKind.CREDIT),
    )

    assert (result.gross, result.withdrawn, result.net) == (510, 10, 500)
    assert result.by_kind == {"purchase": 500, "technology": 0, "investment": 0, "credit": 0, "framework": 0}


def test_nothing_after_a_withdrawal_is_read():
    ended = [*declared(), entry("withdraw", "seller", "2024-03-11")]

    assert only(deal(entries=[*ended, entry("confirm", "seller", "2024-03-12")])).reason == "unconfirmed"
    same_moment = [*declared(), entry("withdraw", "seller", "2024-03-11"), entry("confirm", "seller", "2024-03-11")]
    assert only(deal(entries=same_moment)).reason == "unconfirmed"
    assert only(deal(entries=[*agreed(), ended[1], entry("dispute", "buyer", "2024-03-12")])).reason == "withdrawn"
    assert only(deal(entries=[*agreed(), ended[1]]), as_of=date(2024, 3, 10)).reason == "counted"


@pytest.mark.parametrize(
    ("buyer", "seller", "shares"),
    [
        (WUHAN, XIANGYANG, {WUHAN: 51, XIANGYANG: 50}),
        (WUHAN, WUHAN, {WUHAN: 101}),
        (None, XIANGYANG, {XIANGYANG: 101}),
        (WUHAN, None, {WUHAN: 101}),
        (None, None, {"outside": 101}),
    ],
)
def test_a_deal_is_shared_by_the_regions_of_its_two_sides(buyer, seller, shares):
    assert counted(deal(amount=101), firms=[firm("A", buyer), firm("B", seller)]).by_region_shared == shares


def test_region_tables_hold_net_purchases_only():
    result = counted(
        deal("1", amount=10, event="E1"),
        deal("2", amount=20),
        deal("3", [*agreed(), entry("withdraw", "buyer", "2024-04-01")], amount=40),
        deal("4", amount=80, kind=DealKind.TECHNOLOGY),
        events=[event()],
    )

    assert result.by_region_organiser == {YICHANG: 10, "no_event": 20}
    assert result.by_region_shared == {WUHAN: 15, XIANGYANG: 15}
    assert result.by_kind[DealKind.TECHNOLOGY] == 80
