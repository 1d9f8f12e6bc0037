from __future__ import annotations

from datetime import UTC, datetime

import pytest

from matchmaker.matching.filtering import (
    Filters,
    Order,
    Row,
    WayOut,
    in_order,
    kilometres_between,
    passing,
    ways_out,
)

ROWS = [
    Row(9000, prefecture="420600", chain="auto", segment="auto.mould", size="small", met=1, unknown=1),
    Row(8000, prefecture="420100", chain="auto", segment="auto.cast", badges=frozenset({"专精特新"}), met=2),
    Row(7000, prefecture="420100", chain="ship", segment="ship.hull", size="large", failed=1, is_partner=True),
]


def test_without_a_filter_everything_is_shown_in_its_own_order():
    assert passing(ROWS, Filters()) == [0, 1, 2]
    assert in_order(ROWS, Order.SCORE) == [0, 1, 2]


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        (Filters(prefecture="420100"), [1, 2]),
        (Filters(chain="auto"), [0, 1]),
        (Filters(segment="ship.hull"), [2]),
        (Filters(badge="专精特新"), [1]),
        (Filters(size="large"), [2]),
        (Filters(meets=True), [1]),
        (Filters(strangers=True), [0, 1]),
        (Filters(least=80), [0, 1]),
        (Filters(least=81), [0]),
        (Filters(prefecture="420100", chain="auto"), [1]),
    ],
)
def test_filters_narrow_a_list_together(filters, shown):
    assert passing(ROWS, filters) == shown


def test_a_condition_nobody_can_judge_is_not_met():
    assert passing([Row(5000, met=2, unknown=1)], Filters(meets=True)) == []


def test_a_list_without_conditions_meets_them_all():
    assert passing([Row(5000)], Filters(meets=True)) == [0]


def test_when_nothing_is_left_each_way_out_says_how_many_it_gives():
    filters = Filters(prefecture="420100", chain="auto", least=90)

    assert passing(ROWS, filters) == []
    assert ways_out(ROWS, filters) == [WayOut("prefecture", 1), WayOut("least", 1)]
    assert ways_out(ROWS, Filters(prefecture="420100", badge="链主")) == [WayOut("badge", 2)]


def test_a_filter_whose_dropping_shows_nothing_is_no_way_out():
    assert ways_out(ROWS, Filters(prefecture="nowhere", chain="nothing")) == []


def test_near_ones_and_quick_ones_come_first_and_the_unknown_last():
    rows = [Row(3, kilometres=None, days=None), Row(2, kilometres=300.0, days=5), Row(1, kilometres=20.0, days=60)]

    assert in_order(rows, Order.NEAR) == [2, 1, 0]
    assert in_order(rows, Order.DAYS) == [1, 2, 0]


def test_those_who_meet_most_conditions_come_first_then_those_with_more_certificates():
    rows = [Row(4, failed=1, met=2), Row(3, unknown=1, met=2), Row(2, met=3), Row(1, met=3, certified=1.0)]

    assert in_order(rows, Order.CONDITIONS) == [3, 2, 1, 0]


def test_what_was_touched_last_comes_first_and_equal_ones_keep_their_order():
    old, new = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)

    assert in_order([Row(3, updated_at=old), Row(2, updated_at=new), Row(1, updated_at=new)], Order.FRESH) == [1, 2, 0]


def test_wuhan_and_xiangyang_are_some_260_kilometres_apart():
    wuhan, xiangyang = (114.30, 30.60), (112.12, 32.01)

    assert kilometres_between(wuhan, xiangyang) == pytest.approx(261, abs=10)
    assert kilometres_between(wuhan, wuhan) == 0
    assert kilometres_between(wuhan, None) is None
