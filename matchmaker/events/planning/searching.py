"""The way to a year's plan: price the places, choose among the promising ones, prove how good that is."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping

import numpy as np

from matchmaker.events.planning.arranging import arrange
from matchmaker.events.planning.bounding import Relaxation
from matchmaker.events.planning.clashing import feasible
from matchmaker.events.planning.places import MOVE, Ints, cost_of, places_of
from matchmaker.events.planning.values import Clash, OutOfTime, Placement, Programme, Status, YearPlan

PROMISING = 6_000  # places a plan is chosen from
PROVING = 12_000  # places a proof may look at
WORTHWHILE = 0.8  # of the places left: then it pays to begin again with those
EACH = 10  # places of every event that are looked at, however dear
EVERY = 3  # rounds: so often a plan is looked for near what is nearly one
NEAR = 4  # days about a nearly valid plan in which a valid one is looked for

# Shares of the work a step may use.
PRICING = 0.1
FIRST_SHARE, NEAR_SHARE = 0.02, 0.02
FIRST_PLAN = 1.0  # work the first plan may take at least


class Search:
    """One search: the best plan so far, and what is known about all others."""

    def __init__(
        self,
        programme: Programme,
        fixed: Mapping[int, Placement],
        previous: Mapping[int, Placement],
        seed: int,
        out_of_time: OutOfTime,
        progress: Callable[[int, float], None],
    ) -> None:
        self.programme, self.fixed, self.previous = programme, fixed, previous
        self.seed, self.out_of_time, self.progress = seed, out_of_time, progress
        self.places = places_of(programme, fixed, previous)
        self.best: tuple[Placement, ...] | None = None
        self.bound = 0.0

    def run(self, work: float) -> Clash | None:
        """Search for so much work; a clash when there is no plan."""
        if len(np.unique(self.places.event)) < len(self.programme.events):
            return self._any_plan(work)
        relaxation = Relaxation(self.programme, self.places)
        while relaxation.work < PRICING * work and not relaxation.is_over and not self.out_of_time():
            relaxation.tighten()
        if relaxation.is_impossible:
            return self._any_plan(work)
        self.bound = relaxation.bound
        self._arrange(relaxation, relaxation.promising(PROMISING, EACH), max(FIRST_PLAN, FIRST_SHARE * work))
        if self.best is None:
            clash = self._any_plan(work - relaxation.work)
            if self.best is None:
                return clash
        relaxation = self._converged(relaxation, work)
        self._prove(relaxation, work)
        return None

    def value(self) -> int:
        """Cost of the best plan, moves included."""
        return sum(self._cost(place) for place in self.best or ())

    def _cost(self, place: Placement) -> int:
        return cost_of(self.programme, place) + MOVE * (self.previous.get(place.event, place) != place)

    def _any_plan(self, work: float) -> Clash | None:
        answer = feasible(self.programme, self.fixed, seed=self.seed, work=work, out_of_time=self.out_of_time)
        if isinstance(answer, tuple):
            self.best = answer
        return answer if isinstance(answer, Clash) else None

    def _arrange(self, relaxation: Relaxation, columns: Ints, work: float) -> None:
        """Look for a better plan among these places."""
        known = set(self.best or ())
        found, used = arrange(
            relaxation.rows,
            columns,
            hint=np.array([column for column in columns if relaxation.places.placement(int(column)) in known]),
            work=work,
            seed=self.seed,
            out_of_time=self.out_of_time,
            tell=lambda cost: self.progress(cost % MOVE, relaxation.bound % MOVE),
        )
        self._keep(relaxation, found)
        relaxation.work += used

    def _converged(self, relaxation: Relaxation, end: float) -> Relaxation:
        """Raise the bound in fractions, over what can still be better."""
        relaxation = relaxation.narrowed(self.value())
        while not self._is_over(relaxation) and not relaxation.is_over and relaxation.work < end:
            relaxation.tighten()
            if relaxation.surviving(self.value()) < WORTHWHILE * relaxation.size:
                relaxation = relaxation.narrowed(self.value())
        return relaxation

    def _prove(self, relaxation: Relaxation, end: float) -> None:
        """Raise the bound in whole numbers; what nearly is a plan shows where to look for one."""
        relaxation = relaxation.narrowed(self.value())
        rounds, nearly = itertools.count(1), None
        while not self._is_over(relaxation) and not relaxation.is_over and relaxation.work < end:
            nearly = relaxation.improve(self.value(), PROVING)
            if nearly is not None and next(rounds) % EVERY == 0:
                self._arrange(relaxation, relaxation.near(nearly, NEAR), NEAR_SHARE * end)
        if nearly is not None and relaxation.is_over:
            self._keep(relaxation, nearly)

    def _is_over(self, relaxation: Relaxation) -> bool:
        if relaxation.is_impossible:
            self.bound = self.value()
        self.bound = max(self.bound, min(relaxation.bound, self.value()))
        return self._is_proved() or self.out_of_time()

    def _is_proved(self) -> bool:
        return self.best is not None and self.limit() >= self.value()

    def limit(self) -> int:
        """What no plan can cost less than."""
        return max(0, math.ceil(self.bound - 1e-4)) if math.isfinite(self.bound) else 0

    def _keep(self, relaxation: Relaxation, columns: Ints | None) -> None:
        if columns is None:
            return
        found = tuple(relaxation.places.placement(int(column)) for column in columns)
        if self.best is None or sum(map(self._cost, found)) < self.value():
            self.best = found


def plan_year(
    programme: Programme,
    *,
    fixed: Mapping[int, Placement],
    previous: Mapping[int, Placement],
    seed: int,
    work: float,
    out_of_time: OutOfTime,
    progress: Callable[[int, float], None],
) -> YearPlan:
    """Plan one year; see `plan` of the package."""
    if work <= 0 or out_of_time():
        return YearPlan((), Status.UNKNOWN)
    if not programme.events and not (programme.quarters and programme.quarter_min):
        return YearPlan((), Status.OPTIMAL, cost=0, bound=0)
    search = Search(programme, fixed, previous, seed, out_of_time, progress)
    clash = search.run(work)
    if clash is not None:
        return YearPlan((), Status.INFEASIBLE, clash=clash)
    if search.best is None:
        return YearPlan((), Status.UNKNOWN)
    moved = tuple(place.event for place in search.best if previous.get(place.event, place) != place)
    cost, limit = sum(cost_of(programme, place) for place in search.best), min(search.limit(), search.value())
    return YearPlan(
        placements=search.best,
        status=Status.OPTIMAL if limit == search.value() else Status.FEASIBLE,
        cost=cost,
        bound=limit % MOVE if limit // MOVE == len(moved) else 0,
        moved=moved,
        moved_bound=limit // MOVE,
    )
