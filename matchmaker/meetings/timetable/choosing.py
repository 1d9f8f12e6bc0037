"""Which requests to hold, before asking when: a relaxation that forgets the slots, solved to optimality by HiGHS.

What it cannot reach no timetable can, so its optima are bounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from matchmaker.meetings.timetable.domains import Domains, hall_table_of
from matchmaker.meetings.timetable.values import Instance

NODES = 500  # of the branch-and-bound tree; a count, so that the same input gives the same answer


@dataclass(frozen=True, slots=True)
class Choice:
    """A selection of meetings, and limits nobody can exceed."""

    held: tuple[int, ...]
    required: int
    served: int
    utility: int


class Relaxation:
    """Meetings as yes or no: enough slots for each participant and enough tables in total, whatever the hour."""

    def __init__(self, instance: Instance, domains: Domains) -> None:
        self.instance = instance
        self._placeable = np.array([domains.placeable(k) for k in range(len(instance.meetings))], dtype=float)
        self._required = np.array([request.required for request in instance.meetings], dtype=float)
        self._utility = np.array([request.utility for request in instance.meetings], dtype=float)
        self._reach = _reach(instance, domains)
        self._meetings_of: list[list[int]] = [[] for _ in self._reach]
        for meeting, request in enumerate(instance.meetings):
            for person in set(request.sides):
                self._meetings_of[person].append(meeting)
        self._rows: list[dict[int, float]] = []
        self._limits: list[float] = []
        self._limit_participants()
        self._limit_tables(domains)
        self._limit_order()

    def choose(self) -> Choice:
        """The most required meetings, then the most participants served, then the most utility, slots aside."""
        required, served = int(self._required.sum()), int(self._can_meet().sum())
        if self._fits_whole():
            everything = tuple(int(k) for k in np.flatnonzero(self._placeable))
            return Choice(
                everything, int(self._required @ self._placeable), served, int(self._utility @ self._placeable)
            )
        held, utility = self._solve_for_all()
        if held is not None:
            return Choice(held, required, served, utility)
        everybody = np.ones(len(self._reach))
        _, required = self._solve(self._required, self._nobody(), 0, 0)
        _, served = self._solve(self._nothing(), everybody, required, 0)
        held, utility = self._solve(self._utility, self._nobody(), required, served)
        return Choice(held or (), required, served, utility)

    def utility_bound(self, required: int, served: int) -> int:
        """The most utility of any timetable that holds and serves at least so many."""
        return self._solve(self._utility, self._nobody(), required, served)[1]

    def _limit_participants(self) -> None:
        size = len(self.instance.meetings)
        for person, meetings in enumerate(self._meetings_of):
            self._limit(dict.fromkeys(meetings, 1.0), self._reach[person])
            self._limit({size + person: 1.0, **dict.fromkeys(meetings, -1.0)}, 0)

    def _limit_tables(self, domains: Domains) -> None:
        self._limit({k: 1.0 for k, shared in enumerate(domains.in_hall) if shared}, sum(domains.open_hall))
        fixed: dict[int, list[int]] = {}
        for meeting in range(len(self.instance.meetings)):
            if (table := hall_table_of(self.instance, meeting)) is not None:
                fixed.setdefault(table, []).append(meeting)
        for table, meetings in fixed.items():
            slots = self.instance.slots - len(self.instance.tables[table].closed)
            self._limit(dict.fromkeys(meetings, 1.0), slots)

    def _limit_order(self) -> None:
        for meeting, request in enumerate(self.instance.meetings):
            for before in request.after:
                if before != meeting:
                    self._limit({meeting: 1.0, before: -1.0}, 0)

    def _limit(self, row: dict[int, float], most: float) -> None:
        if row:
            self._rows.append(row)
            self._limits.append(most)

    def _fits_whole(self) -> bool:
        """Whether nothing has to be left out that could be held alone."""
        whole = np.concatenate([self._placeable, self._can_meet()])
        return bool((_matrix(self._rows, len(whole)) @ whole <= np.array(self._limits)).all())

    def _can_meet(self) -> np.ndarray:
        return np.array([slots > 0 for slots in self._reach], dtype=float)

    def _nothing(self) -> np.ndarray:
        return np.zeros(len(self.instance.meetings))

    def _nobody(self) -> np.ndarray:
        return np.zeros(len(self._reach))

    def _solve(
        self, meetings: np.ndarray, people: np.ndarray, required: int, served: int
    ) -> tuple[tuple[int, ...] | None, int]:
        """The best selection (None when there is none) and a bound on its value; both floors are at least demanded."""
        size, value = len(meetings), np.concatenate([meetings, people])
        if not self._placeable.any():
            return (None if required or served else ()), 0
        floors = [
            dict(enumerate(-self._required)),
            {size + person: -1.0 for person in range(len(people))},
        ]
        matrix = _matrix([*self._rows, *floors], len(value))
        room = Bounds(0, np.concatenate([self._placeable, self._can_meet()]))
        return _most(value, room, LinearConstraint(matrix, ub=[*self._limits, -required, -served]), size)

    def _solve_for_all(self) -> tuple[tuple[int, ...] | None, int]:
        """The most utility if nothing required and nobody who can meet is left out: usual, and far easier to solve."""
        size = len(self.instance.meetings)
        if not self._placeable.any() or (self._required > self._placeable).any():
            return None, 0
        served = [dict.fromkeys(self._meetings_of[person], -1.0) for person in np.flatnonzero(self._can_meet())]
        rows = [row for row in self._rows if max(row) < size]
        limits = [limit for row, limit in zip(self._rows, self._limits, strict=True) if max(row) < size]
        matrix = _matrix([*rows, *served], size)
        room = Bounds(self._required, self._placeable)
        return _most(self._utility, room, LinearConstraint(matrix, ub=[*limits, *[-1] * len(served)]), size)


def _most(
    value: np.ndarray, room: Bounds, rules: LinearConstraint, meetings: int
) -> tuple[tuple[int, ...] | None, int]:
    """The first so many columns that are 1 where the value is greatest, and a bound on that value."""
    options = {"node_limit": NODES, "mip_rel_gap": 0}
    answer = milp(-value, integrality=np.ones(len(value)), bounds=room, constraints=rules, options=options)
    bound = answer.mip_dual_bound
    most = int(value.sum()) if bound is None or not np.isfinite(bound) else int(np.floor(-bound + 1e-6))
    held = None if answer.x is None else tuple(int(k) for k in np.flatnonzero(answer.x[:meetings] > 0.5))  # noqa: PLR2004 -- rounding a 0/1 variable
    return held, most


def _reach(instance: Instance, domains: Domains) -> list[int]:
    """For each participant, the most meetings it could hold."""
    slots: list[set[int]] = [set() for _ in instance.participants]
    for request, room in zip(instance.meetings, domains.slots, strict=True):
        for person in request.sides:
            slots[person] |= room
    return [
        len(room) if person.max_meetings is None else min(len(room), person.max_meetings)
        for person, room in zip(instance.participants, slots, strict=True)
    ]


def _matrix(rows: list[dict[int, float]], width: int) -> csr_array:
    entries = [(line, column, number) for line, row in enumerate(rows) for column, number in row.items() if number]
    lines, columns, numbers = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_array((numbers, (lines, columns)), shape=(len(rows), width), dtype=float)
