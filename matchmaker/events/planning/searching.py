"""The way to a year's plan: price the places, choose among the promising ones, prove how good that is."""

from __future__ import annotations

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

# Shares of the work a step may use.
PRICING = 0.15
ARRANGING = 0.2


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
        used = relaxation.work + self._arrange(relaxation, ARRANGING * work)
        if self.best is None:
            return self._any_plan(work - used)
        self._prove(relaxation, work - used)
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

    def _arrange(self, relaxation: Relaxation, work: float) -> float:
        columns = self._promising(relaxation)
        found, used = arrange(
            relaxation.rows,
            columns,
            hint=None,
            cutoff=None,
            work=work,
            seed=self.seed,
            out_of_time=self.out_of_time,
            tell=lambda cost: self.progress(cost % MOVE, relaxation.bound % MOVE),
        )
        self._keep(relaxation, found)
        self.bound = relaxation.bound
        return used

    def _promising(self, relaxation: Relaxation) -> Ints:
        """The places that exceed the best least, some of every event among them."""
        order = np.lexsort((np.arange(relaxation.size), relaxation.prices))
        chosen = np.zeros(relaxation.size, dtype=np.bool_)
        chosen[order[:PROMISING]] = True
        for event in range(relaxation.events):
            chosen[order[self.places.event[order] == event][:EACH]] = True
        return np.flatnonzero(chosen)

    def _prove(self, relaxation: Relaxation, work: float) -> None:
        """Raise the bound over what can still be better: first in fractions, then in whole numbers."""
        end = relaxation.work + work
        relaxation = relaxation.narrowed(self.value())
        while not self._is_over(relaxation) and not relaxation.is_over and relaxation.work < end:
            relaxation.tighten()
            if relaxation.surviving(self.value()) < WORTHWHILE * relaxation.size:
                relaxation = relaxation.narrowed(self.value())
        relaxation = relaxation.narrowed(self.value())
        while not self._is_over(relaxation) and not relaxation.is_over and relaxation.work < end:
            self._keep(relaxation, relaxation.improve(self.value(), PROVING))

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
