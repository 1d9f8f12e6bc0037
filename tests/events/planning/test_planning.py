"""A year's plan keeps every rule, is as good as it says, moves little when replanned, and names what clashes."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from matchmaker.events.planning import Event, Placement, Programme, Rule, RuleKind, Status, Venue, plan
from tests.events.planning.checking import broken_rules, cost
from tests.events.planning.years import random_year


def event(**rest) -> Event:
    facts = {"days": 1, "size": 50, "cities": frozenset({0}), "wish": 5, "team": 0, "leaders": frozenset(), "chain": 0}
    return Event(**{**facts, **rest})


@pytest.mark.parametrize("seed", range(40))
def test_the_best_of_a_small_year_is_found_and_proved(seed) -> None:
    year = random_year(seed)
    every = [[Placement(n, day, venue) for day in range(12) for venue in range(4)] for n in range(3)]
    alone = [[one for one in row if not _alone_broken(year, one)] for row in every]
    best = min((cost(year, chosen) for chosen in product(*alone) if not broken_rules(year, chosen)), default=None)

    answer = plan(year, work=5)

    if best is None:
        assert answer.status is Status.INFEASIBLE
        assert answer.clash is not None
        assert answer.clash.is_minimal
    else:
        assert broken_rules(year, answer.placements) == []
        assert (answer.status, answer.cost, answer.bound) == (Status.OPTIMAL, best, best)


def test_a_year_in_which_only_dear_places_make_a_first_plan_is_still_planned_well() -> None:
    year = random_year(12, events=30, days=120, cities=4)

    answer = plan(year, work=8)

    assert broken_rules(year, answer.placements) == []
    assert (answer.status, answer.cost) == (Status.OPTIMAL, answer.bound)


def _alone_broken(year: Programme, one: Placement) -> bool:
    lines = broken_rules(replace(year, quarters=()), (one,))
    return any("missing" not in line for line in lines)


def test_replanning_moves_only_what_must_move() -> None:
    year = random_year(1, events=6, days=40)
    year = replace(year, quarters=(), venues=tuple(Venue(city, 100) for city in (0, 1)))
    first = plan(year, work=10)
    old = {one.event: one for one in first.placements}
    hit = first.placements[0]
    venues = list(year.venues)
    venues[hit.venue] = replace(venues[hit.venue], closed=frozenset({hit.day}))

    second = plan(replace(year, venues=tuple(venues)), previous=old, work=10)

    assert broken_rules(replace(year, venues=tuple(venues)), second.placements) == []
    assert second.moved == tuple(one.event for one in second.placements if old[one.event] != one)
    assert len(second.moved) == second.moved_bound == 1


def test_a_fixed_event_stays_whatever_it_costs() -> None:
    year = Programme(days=10, events=(event(), event(team=1)), venues=(Venue(0, 60),), per_day=1)

    answer = plan(year, fixed={0: Placement(0, 9, 0)}, work=5)

    assert answer.placements == (Placement(0, 9, 0), Placement(1, 5, 0))


CLASHES = {
    "nowhere large enough": (
        Programme(days=5, events=(event(size=90),), venues=(Venue(0, 60),)),
        {Rule(RuleKind.EVENT, 0)},
    ),
    "a leader away all year": (
        Programme(
            days=9,
            events=(event(leaders=frozenset({0})),),
            venues=(Venue(0, 60),),
            away=(frozenset(range(9)),),
        ),
        {Rule(RuleKind.EVENT, 0), Rule(RuleKind.LEADER_AWAY, 0)},
    ),
    "more events than quarters need": (
        Programme(
            days=8,
            events=(event(), event(team=1)),
            venues=(Venue(0, 60),),
            per_day=2,
            quarters=((0, 3), (4, 7)),
            quarter_min=2,
        ),
        {Rule(RuleKind.QUARTER, 0), Rule(RuleKind.QUARTER, 1)},
    ),
    "a team without its rest": (
        Programme(days=4, events=(event(wish=0), event(wish=3)), venues=(Venue(0, 60), Venue(0, 60)), per_day=2),
        {Rule(RuleKind.EVENT, 0), Rule(RuleKind.EVENT, 1), Rule(RuleKind.TEAM_REST, 0)},
    ),
}


@pytest.mark.parametrize("case", CLASHES)
def test_an_impossible_year_names_the_smallest_clash(case) -> None:
    year, rules = CLASHES[case]

    answer = plan(year, work=10)

    assert answer.clash is not None
    assert (answer.status, set(answer.clash.rules), answer.clash.is_minimal) == (Status.INFEASIBLE, rules, True)


def test_without_any_time_nothing_is_claimed() -> None:
    assert plan(random_year(3), work=0).status is Status.UNKNOWN
    assert plan(random_year(3), out_of_time=lambda: True).status is Status.UNKNOWN


def test_an_empty_year_is_planned() -> None:
    assert plan(Programme(days=3, events=(), venues=())).status is Status.OPTIMAL


def test_the_same_work_and_seed_give_the_same_plan() -> None:
    year = random_year(5, events=6, days=30)

    assert plan(year, seed=2, work=3) == plan(year, seed=2, work=3)
