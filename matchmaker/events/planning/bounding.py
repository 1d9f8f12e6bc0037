"""A limit no plan can beat: the linear relaxation, with rows and columns added as they turn out to matter."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from matchmaker.events.planning.places import Floats, Ints, Places, only
from matchmaker.events.planning.rows import Key, Rows
from matchmaker.events.planning.values import Programme

FIRST = 60  # cheapest places of each event to begin with
APART = 3  # days between two rows of one rule that are added together; those between tend to follow
PRICED_IN = 3_000  # places added at once
EXACT = 1e-7
CLOSE = 0.0005  # gap at which a tree is left: the rows it lacks matter more
NODES = 100  # of one branch-and-bound tree; a count, so that the same input gives the same answer
INFEASIBLE = 2  # what HiGHS answers
ROUND = 1.5e-5  # work of one round, for each place it looks at


class Relaxation:
    """The choice of one place per event, fractions allowed. `bound` holds at any moment; `prices` go with it."""

    def __init__(self, programme: Programme, places: Places) -> None:
        self.programme, self.places, self.rows = programme, places, Rows(programme, places)
        self.size, self.events = len(places.event), len(programme.events)
        self._starts = np.searchsorted(places.event, np.arange(self.events))
        self._keys: set[Key] = set()
        self._lines: list[csr_array] = []
        self._most: list[int] = []
        self._open = self._cheapest(FIRST)
        self.bound = -np.inf
        self.prices: Floats = places.cost.astype(float)  # how much each place exceeds the best, at these prices
        self.is_impossible = False
        self.is_over = False
        self.work = 0.0

    def tighten(self) -> None:
        """One round: the best fractional choice under the rows known, then the rows it breaks."""
        x = self._best_fraction()
        if x is None:
            self.is_impossible = self.is_over = True
            return
        broken = self.rows.violated(x)
        self.is_over = not self._add(_spread(broken))

    def surviving(self, cutoff: int) -> int:
        """How many places can be part of a plan below the cutoff."""
        return int(np.count_nonzero(self.prices <= cutoff - self.bound))

    def narrowed(self, cutoff: int) -> Relaxation:
        """The same over the places that can be part of a plan below the cutoff.

        A bound above the cutoff only says that there is no such plan.
        """
        columns = np.flatnonzero(self.prices <= cutoff - self.bound)
        smaller = Relaxation(self.programme, only(self.places, columns))
        smaller.bound, smaller.prices, smaller.work = self.bound, self.prices[columns], self.work
        smaller._open[:] = True
        smaller._add(sorted(self._keys))
        return smaller

    def improve(self, cutoff: int, most: int) -> Ints | None:
        """One round in whole numbers over the places that can be part of a plan below the cutoff.

        Returns one place for each event, which may break rows nobody thought of yet. most: places it may look at.
        """
        margin = self._margin(cutoff, most)
        columns = np.flatnonzero(self.prices <= margin)
        answer = milp(
            self.places.cost[columns],
            integrality=np.ones(len(columns)),
            bounds=Bounds(0, 1),
            constraints=self._constraints(columns),
            options={"node_limit": NODES, "mip_rel_gap": CLOSE},
        )
        self.work += ROUND * len(columns) * (10 + 0.25 * (answer.mip_node_count or 0))
        dual = np.inf if answer.status == INFEASIBLE else answer.mip_dual_bound
        if dual is not None:
            # A plan with any place that was not looked at costs at least margin more.
            self.bound = max(self.bound, min(self.bound + margin, dual))
        if answer.x is None:
            self.is_over = True
            return None
        x = np.zeros(self.size)
        x[columns] = np.round(answer.x)
        self.is_over = not self._add([key for _, key in self.rows.violated(x)])
        return np.flatnonzero(x)

    def promising(self, count: int, each: int) -> Ints:
        """The places that exceed the best least, some of every event among them."""
        order = np.lexsort((np.arange(self.size), self.prices))
        chosen = np.zeros(self.size, dtype=np.bool_)
        chosen[order[:count]] = True
        for event in range(self.events):
            chosen[order[self.places.event[order] == event][:each]] = True
        return np.flatnonzero(chosen)

    def near(self, plan: Ints, days: int) -> Ints:
        """The places at most so many days from those of a plan."""
        day = np.zeros(self.events, dtype=np.int64)
        day[self.places.event[plan]] = self.places.day[plan]
        return np.flatnonzero(np.abs(self.places.day - day[self.places.event]) <= days)

    def _margin(self, cutoff: int, most: int) -> float:
        wanted = max(0.0, cutoff - self.bound)
        if np.count_nonzero(self.prices <= wanted) <= most:
            return wanted
        return float(np.partition(self.prices, most)[most]) - EXACT

    def _best_fraction(self) -> Floats | None:
        """The best choice under the rows known over all places; None when there is none."""
        lines = vstack(self._lines).tocsr() if self._lines else None
        while True:
            columns = np.flatnonzero(self._open)
            self.work += ROUND * len(columns) + 0.02
            answer = linprog(
                self.places.cost[columns],
                A_ub=None if lines is None else lines[:, columns],
                b_ub=self._most or None,
                A_eq=self._one_each(columns),
                b_eq=np.ones(self.events),
                bounds=(0, None),
                method="highs-ds",
            )
            if answer.x is None:
                if self._open.all():
                    return None
                self._open = self._cheapest(2 * int(np.add.reduceat(self._open, self._starts).max()))
                continue
            if not self._price(answer, lines):
                x = np.zeros(self.size)
                x[columns] = answer.x
                return x

    def _price(self, answer: object, lines: csr_array | None) -> bool:
        """Note the bound, and open the places that would make the choice cheaper; whether there are any."""
        prices = self.places.cost - answer.eqlin.marginals[self.places.event]  # type: ignore[attr-defined]
        if lines is not None:
            prices = prices - lines.T @ answer.ineqlin.marginals  # type: ignore[attr-defined]
        below = np.minimum(np.minimum.reduceat(prices, self._starts), 0)
        bound = answer.fun + below.sum()  # type: ignore[attr-defined]
        if bound >= self.bound:
            self.bound, self.prices = bound, prices - below[self.places.event]
        cheaper = (prices < -EXACT) & ~self._open
        if np.count_nonzero(cheaper) > PRICED_IN:
            cheaper &= prices <= np.partition(prices[~self._open], PRICED_IN)[PRICED_IN]
        self._open |= cheaper
        return bool(cheaper.any())

    def _add(self, keys: list[Key]) -> bool:
        new = [key for key in keys if key not in self._keys]
        for key in new:
            line, most = self.rows.row(key)
            self._keys.add(key)
            self._lines.append(csr_array(line[None, :]))
            self._most.append(most)
        return bool(new)

    def _constraints(self, columns: Ints) -> list[LinearConstraint]:
        each = LinearConstraint(self._one_each(columns), 1, 1)
        if not self._lines:
            return [each]
        return [each, LinearConstraint(vstack(self._lines).tocsr()[:, columns], -np.inf, self._most)]

    def _one_each(self, columns: Ints) -> csr_array:
        events = self.places.event[columns]
        return csr_array((np.ones(len(columns)), (events, np.arange(len(columns)))), shape=(self.events, len(columns)))

    def _cheapest(self, count: int) -> np.ndarray:
        """Mark so many places of each event, by cost."""
        mark = np.zeros(self.size, dtype=np.bool_)
        for start, end in zip(self._starts, [*self._starts[1:], self.size], strict=True):
            mark[start + np.argsort(self.places.cost[start:end], kind="stable")[:count]] = True
        return mark


def _spread(broken: list[tuple[float, Key]]) -> list[Key]:
    """The worst broken rows, not many alike."""
    near: dict[tuple[str, int], list[int]] = {}
    chosen = []
    for _, key in broken:
        days = near.setdefault((key.family, key.member), [])
        if all(abs(key.day - day) >= APART for day in days):
            days.append(key.day)
            chosen.append(key)
    return chosen
