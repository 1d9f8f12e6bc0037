"""CP-SAT under a deadline that is asked for, not known beforehand, and on a budget of work instead of seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

from ortools.sat.python import cp_model

Rule = TypeVar("Rule", bound=Hashable)

PATIENCE = 0.05  # seconds between two looks at the deadline


def repeatable_solver(*, seed: int, work: float) -> cp_model.CpSolver:
    """A solver on one thread that does the same for the same model, seed and work (about a second each)."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = work
    return solver


@contextmanager
def stopping(solver: cp_model.CpSolver, out_of_time: Callable[[], bool]) -> Iterator[None]:
    """Stop the solver from another thread as soon as out_of_time says so."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(PATIENCE):
            if out_of_time():
                solver.stop_search()

    watch = threading.Thread(target=look, daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()


def smallest_clash(
    model: cp_model.CpModel,
    switches: Mapping[Rule, cp_model.IntVar],
    *,
    seed: int,
    work: float,
    out_of_time: Callable[[], bool],
) -> cp_model.CpSolver | tuple[tuple[Rule, ...], bool] | None:
    """Switch every rule on: the solver holding a solution, or rules that clash and whether they are fewest possible.

    The set is smallest in that every proper part of it can be kept: each rule is left out in turn to see whether the
    others still clash. None when the work ran out before anything was known.
    """
    search = _Clash(model, switches, seed, work, out_of_time)
    rest, solver = search.clashing(list(switches))
    if rest is None:
        return solver
    certain: list[Rule] = []
    is_minimal = True
    while rest:
        candidate, *others = rest
        smaller, answer = search.clashing([*certain, *others])
        if smaller is None:
            is_minimal &= answer is not None
            certain.append(candidate)
            rest = others
        else:
            rest = [rule for rule in others if rule in smaller]
    return tuple(certain), is_minimal


class _Clash(Generic[Rule]):
    """Asks the same model again and again, with other rules switched on."""

    def __init__(
        self,
        model: cp_model.CpModel,
        switches: Mapping[Rule, cp_model.IntVar],
        seed: int,
        work: float,
        out_of_time: Callable[[], bool],
    ) -> None:
        self.model, self.switches = model, switches
        self.seed, self.work, self.out_of_time = seed, work, out_of_time
        self._rule_of = {switch.index: rule for rule, switch in switches.items()}

    def clashing(self, rules: Sequence[Rule]) -> tuple[list[Rule] | None, cp_model.CpSolver | None]:
        """Those of the rules that clash, in their order; else None with a solution if one was found."""
        if self.work <= 0 or self.out_of_time():
            return None, None
        self.model.clear_assumptions()
        self.model.add_assumptions([self.switches[rule] for rule in rules])
        solver = repeatable_solver(seed=self.seed, work=self.work)
        with stopping(solver, self.out_of_time):
            status = solver.solve(self.model)
        self.work -= solver.response_proto.deterministic_time
        if status == cp_model.INFEASIBLE:
            core = {self._rule_of[index] for index in solver.sufficient_assumptions_for_infeasibility()}
            return [rule for rule in rules if rule in core], None
        return None, solver if status in {cp_model.OPTIMAL, cp_model.FEASIBLE} else None
