"""How a figure stands to its plan."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from matchmaker.progress.pace import Stand, needed_monthly, planned_share, rounded

PLAN = {month: 500 * month for month in range(1, 12)} | {12: 10_000}


def test_a_month_ends_at_its_plan_and_runs_straight_to_it():
    assert planned_share(PLAN, 2024, date(2024, 9, 30)) == Fraction(45, 100)
    assert planned_share(PLAN, 2024, date(2024, 1, 31)) == Fraction(5, 100)
    assert planned_share(PLAN, 2024, date(2024, 4, 15)) == Fraction(175, 1000)
    assert planned_share(PLAN, 2024, date(2024, 12, 31)) == 1


def test_before_the_year_nothing_is_planned_and_after_it_everything():
    assert planned_share(PLAN, 2024, date(2023, 12, 31)) == 0
    assert planned_share(PLAN, 2024, date(2025, 1, 1)) == 1
    assert planned_share({}, 2024, date(2024, 5, 1)) is None


@pytest.mark.parametrize(
    ("value", "band"), [(1050, 1), (1049, 2), (1000, 2), (999, 3), (900, 3), (899, 4), (800, 4), (799, 5), (0, 5)]
)
def test_each_band_begins_at_its_ratio(value, band):
    assert Stand(value, 2000, Fraction(1, 2)).band == band


def test_without_a_target_or_a_plan_there_is_no_band():
    assert [Stand(5, None, Fraction(1, 2)).band, Stand(5, 10, None).band, Stand(5, 10, Fraction(0)).band] == [0, 0, 0]
    assert Stand(5, None, Fraction(1, 2)).completion is None
    assert Stand(5, 10, Fraction(0)).difference == 5


def test_the_difference_to_the_plan_is_rounded_half_away_from_zero():
    assert [rounded(Fraction(value, 2)) for value in (5, -5, 4, -3, 0)] == [3, -3, 2, -2, 0]
    assert Stand(2, 9, Fraction(1, 2)).difference == -3


def test_what_the_rest_of_the_year_must_bring_each_month():
    stand = Stand(60, 100, Fraction(3, 4))

    assert needed_monthly(stand, 2024, date(2024, 8, 31)) == (4, Fraction(10), Fraction(15, 2))
    assert needed_monthly(stand, 2024, date(2024, 12, 1)) is None
    assert needed_monthly(stand, 2023, date(2024, 8, 31)) is None
    assert needed_monthly(Stand(100, 100, Fraction(3, 4)), 2024, date(2024, 8, 31)) is None
