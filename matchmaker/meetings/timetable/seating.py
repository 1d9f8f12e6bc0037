"""Tables for meetings whose slots are settled: everybody stays at one table as far as possible."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from matchmaker.meetings.timetable.domains import Domains, hall_table_of
from matchmaker.meetings.timetable.measuring import agendas, table_moves
from matchmaker.meetings.timetable.values import Assignment, Instance, OutOfTime

SWEEPS = 6


def seat(instance: Instance, domains: Domains, slots: dict[int, int], out_of_time: OutOfTime) -> list[Assignment]:
    """Give every meeting a table. One assignment problem per slot, forwards and backwards until nothing improves."""
    beside = _neighbours(instance, slots)
    table_of = _settled(instance, domains, slots)
    hall: dict[int, list[int]] = {}
    for meeting in sorted(slots):
        if domains.in_hall[meeting] and hall_table_of(instance, meeting) is None:
            hall.setdefault(slots[meeting], []).append(meeting)
    free = {slot: _free_tables(instance, slot, {table_of[k] for k in table_of if slots[k] == slot}) for slot in hall}
    best: list[Assignment] = []
    for sweep in range(SWEEPS):
        for slot in sorted(hall, reverse=bool(sweep % 2)):
            wishes = [[table_of[other] for other in beside[k] if other in table_of] for k in hall[slot]]
            for meeting, table in zip(hall[slot], _assign(wishes, free[slot]), strict=True):
                table_of[meeting] = table
        found = [Assignment(k, slots[k], table_of[k]) for k in sorted(slots)]
        if best and (table_moves(instance, found) >= table_moves(instance, best) or out_of_time()):
            break
        best = found
    return best


def forced_moves(instance: Instance, domains: Domains, slots: dict[int, int]) -> int:
    """Moves no seating avoids.

    From one slot to another a meeting can leave its table to one meeting at most, though two people may go on from it:
    those who stay are a matching. Pairs of meetings without an open table in common cannot be in it.
    """
    opened: dict[tuple[tuple[int, ...], int], set[int]] = {}  # many meetings may take the same tables
    for meeting, slot in slots.items():
        place = domains.tables[meeting], slot
        if place not in opened:
            opened[place] = _open_tables(instance, *place)
    rooms = {meeting: opened[domains.tables[meeting], slot] for meeting, slot in slots.items()}
    walks = Counter(_consecutive(instance, slots))
    between: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for x, y in walks:
        if not rooms[x].isdisjoint(rooms[y]):
            between.setdefault((slots[x], slots[y]), []).append((x, y))
    staying = sum(map(_most_pairs, between.values())) + sum(count - 1 for count in walks.values())
    return max(0, walks.total() - staying)


def _most_pairs(pairs: list[tuple[int, int]]) -> int:
    """How many of these pairs can be chosen so that nothing is in two of them."""
    row, column = ({each: place for place, each in enumerate(sorted(set(side)))} for side in zip(*pairs, strict=True))
    entries = ([row[x] for x, _ in pairs], [column[y] for _, y in pairs])
    graph = csr_array((np.ones(len(pairs)), entries), shape=(len(row), len(column)))
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())


def _open_tables(instance: Instance, tables: tuple[int, ...], slot: int) -> set[int]:
    return {n for n in tables if slot not in instance.tables[n].closed}


def _consecutive(instance: Instance, slots: dict[int, int]) -> list[tuple[int, int]]:
    plans = [[plan[slot] for slot in sorted(plan)] for plan in agendas(instance, slots)]
    return [pair for plan in plans for pair in itertools.pairwise(plan)]


def _neighbours(instance: Instance, slots: dict[int, int]) -> dict[int, list[int]]:
    """For each meeting, those its two sides hold just before and just after."""
    beside: dict[int, list[int]] = {meeting: [] for meeting in slots}
    for x, y in _consecutive(instance, slots):
        beside[x].append(y)
        beside[y].append(x)
    return beside


def _settled(instance: Instance, domains: Domains, slots: dict[int, int]) -> dict[int, int]:
    """Tables that leave no choice worth weighing: fixed ones, and the first open booth of a host."""
    return {
        meeting: min(_open_tables(instance, domains.tables[meeting], slots[meeting]))
        for meeting in sorted(slots)
        if not domains.in_hall[meeting] or hall_table_of(instance, meeting) is not None
    }


def _free_tables(instance: Instance, slot: int, taken: set[int]) -> list[int]:
    return [
        n
        for n, table in enumerate(instance.tables)
        if table.host is None and slot not in table.closed and n not in taken
    ]


def _assign(wishes: list[list[int]], free: list[int]) -> list[int]:
    """A table of its own for each row of wished tables, granting as many wishes as possible."""
    column = {table: place for place, table in enumerate(free)}
    granted = np.zeros((len(wishes), len(free)), dtype=np.int64)
    for row, tables in enumerate(wishes):
        for table in tables:
            if table in column:
                granted[row, column[table]] += 1
    _, places = linear_sum_assignment(granted, maximize=True)
    return [free[place] for place in places]
