"""The standings: ranks by unrounded values, and a column that adds up to the province."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from matchmaker.programmes.goals import Goal
from matchmaker.progress.projection import sheet_for
from matchmaker.progress.queries import standings_of_day
from matchmaker.progress.slices import Basis
from matchmaker.progress.standings import PlaceName, Tallies, ranks_of, standings_of
from tests.progress.conftest import AS_OF, YI, confirmed

THREE = [PlaceName("1", "甲"), PlaceName("2", "乙"), PlaceName("3", "丙"), PlaceName("4", "丁")]


def test_ties_share_a_rank_and_the_next_is_counted_on():
    values = {"a": Fraction(1, 3), "b": Fraction(2, 3), "c": Fraction(333_333, 1_000_000), "d": Fraction(2, 6)}

    assert ranks_of(values) == {"b": 1, "a": 2, "d": 2, "c": 4}


def test_a_place_without_a_target_is_not_ranked_and_stands_last():
    goals = {"1": Goal(1, 1, 300), "2": Goal(1, 1, 100), "3": Goal(0, 0, 0)}
    tallies = Tallies({"1": 150, "2": 60, "3": 900, "outside": 5}, {"1": 1, "420000": 2}, {"2": 3})

    found = standings_of(THREE, goals, tallies, Fraction(1, 2))

    assert [(row.place.name, row.rank, row.amount_rank) for row in found.rows] == [
        ("乙", 1, 3), ("甲", 2, 2), ("丙", None, 1), ("丁", None, 4)
    ]  # fmt: skip
    assert [(other.key, other.amount, other.events) for other in found.others] == [("420000", 0, 2), ("outside", 5, 0)]
    everything = sum(row.amount.value for row in found.rows) + sum(other.amount for other in found.others)
    assert everything == 1115


def test_lagging_places_are_those_in_the_two_worst_bands():
    goals = {"1": Goal(1, 1, 100), "2": Goal(1, 1, 100), "3": Goal(1, 1, 100)}
    found = standings_of(THREE, goals, Tallies({"1": 45, "2": 44, "3": 30}, {}, {}), Fraction(1, 2))

    assert [(row.place.name, row.amount.band) for row in found.lagging] == [("乙", 4), ("丙", 5)]


def test_the_standings_of_a_day(session, province):
    found = standings_of_day(session, province.programme, sheet_for(session, province.programme, AS_OF))

    best = [(row.place.name, row.rank, row.amount.value, row.amount.band) for row in found.rows[:2]]
    assert best == [("襄阳", 1, 230_000_000, 2), ("武汉", 2, 350_000_000, 3)]
    assert len(found.rows) == 17
    assert sum(row.amount.value for row in found.rows) + sum(other.amount for other in found.others) == 580_000_000
    assert [(row.events.value, row.enterprises.value) for row in found.rows[:2]] == [(1, 2), (1, 1)]
    assert [(other.key, other.enterprises) for other in found.others] == [("outside", 1)]


def test_another_basis_and_the_month_before_are_compared(session, province):
    sheet = sheet_for(session, province.programme, AS_OF)
    shared = standings_of_day(session, province.programme, sheet)
    organised = standings_of_day(session, province.programme, sheet, Basis.ORGANISER)

    assert [(row.place.name, row.amount.value) for row in organised.rows[:2]] == [("襄阳", 380_000_000), ("武汉", 0)]
    assert [other.key for other in organised.others if other.amount] == ["no_event"]
    assert [row.shifts for row in shared.rows[:2]] == [False, False]
    assert [row.moved for row in shared.rows[:2]] == [0, 0]


def test_places_gained_are_counted_from_the_end_of_the_month_before(session, province, make):
    firms = province.firms
    make.recorded_deal(*confirmed(4 * YI, "2024-04-25T02:00"), buyer=firms.w1, seller=firms.out)

    found = standings_of_day(session, province.programme, sheet_for(session, province.programme, date(2024, 4, 30)))

    assert [(row.place.name, row.rank, row.moved) for row in found.rows[:2]] == [("武汉", 1, 1), ("襄阳", 2, -1)]
