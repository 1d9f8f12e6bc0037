"""CP-SAT under a deadline that is asked for, not known beforehand, and on a budget of work instead of seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ortools.sat.python import cp_model

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
