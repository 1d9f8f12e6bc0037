"""Whole plans: the exact choice of places by CP-SAT, over the places worth looking at."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from ortools.sat.python import cp_model

from matchmaker.events.planning.places import Ints, only
from matchmaker.events.planning.rows import Rows
from matchmaker.events.planning.values import OutOfTime
from matchmaker.solvers import repeatable_solver, stopping


def arrange(
    rows: Rows,
    columns: Ints,
    *,
    hint: Ints,
    work: float,
    seed: int,
    out_of_time: OutOfTime,
    tell: Callable[[int], None] = lambda _: None,
) -> tuple[Ints | None, float]:
    """The best plan found among these places (None without one), and the work it took."""
    places = rows.places
    model = cp_model.CpModel()
    x = {int(column): model.new_bool_var("") for column in columns}
    for event in range(len(rows.length)):
        model.add_exactly_one(x[int(c)] for c in columns[places.event[columns] == event])
    _keep_rules(model, rows, columns, x)
    total = cp_model.LinearExpr.weighted_sum(list(x.values()), [int(places.cost[c]) for c in x])
    model.minimize(total)
    known = set(map(int, hint))
    for column, choice in x.items() if known else ():
        model.add_hint(choice, column in known)
    solver = repeatable_solver(seed=seed, work=work)
    with stopping(solver, out_of_time):
        status = solver.solve(model, _Teller(tell))
    used = solver.response_proto.deterministic_time
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None, used
    return np.array([column for column, choice in x.items() if solver.boolean_value(choice)], dtype=np.int64), used


def _keep_rules(model: cp_model.CpModel, rows: Rows, columns: Ints, x: dict[int, cp_model.IntVar]) -> None:
    """Every row that these places could break."""
    literals = [x[int(column)] for column in columns]
    for line in Rows(rows.programme, only(rows.places, columns)).every_line():
        chosen = [literals[place] for place in line.places]
        if line.most == 1:
            model.add_at_most_one(chosen)
        else:
            model.add(cp_model.LinearExpr.weighted_sum(chosen, line.coefficients.tolist()) <= line.most)


class _Teller(cp_model.CpSolverSolutionCallback):
    """Tells the cost of every better plan."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        super().__init__()
        self._tell = tell

    def on_solution_callback(self) -> None:
        self._tell(round(self.objective_value))
