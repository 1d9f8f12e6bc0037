"""Tables for the meetings a repair moved: everybody else stays where they sit."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from scipy.optimize import linear_sum_assignment

from matchmaker.meetings.timetable.domains import Domains
from matchmaker.meetings.timetable.measuring import agendas
from matchmaker.meetings.timetable.values import Assignment, Instance

TAKEN = 1_000_000  # more than any number of table changes


def seat_moved(
    instance: Instance, domains: Domains, seated: Mapping[int, Assignment], slots: Mapping[int, int]
) -> dict[int, Assignment]:
    """All of `slots` with tables: those of `seated` as they are, the others where fewest people change table."""
    result = dict(seated)
    taken = {(held.table, held.slot) for held in seated.values()}
    beside = _neighbours(instance, slots)
    waiting: defaultdict[int, list[int]] = defaultdict(list)
    for meeting in sorted(slots.keys() - seated.keys()):
        waiting[slots[meeting]].append(meeting)
    for slot, meetings in sorted(waiting.items()):
        columns = sorted({n for k in meetings for n in domains.tables[k] if slot not in instance.tables[n].closed})
        cost = np.full((len(meetings), len(columns)), TAKEN)
        for row, meeting in enumerate(meetings):
            near = [result[other].table for other in beside[meeting] if other in result]
            allowed = set(domains.tables[meeting])
            for column, table in enumerate(columns):
                if table in allowed and (table, slot) not in taken:
                    cost[row, column] = len(near) - near.count(table)
        for row, column in zip(*linear_sum_assignment(cost), strict=True):
            result[meetings[row]] = Assignment(meetings[row], slot, columns[column])
    return result


def _neighbours(instance: Instance, slots: Mapping[int, int]) -> dict[int, list[int]]:
    """For each meeting, those its two sides hold just before and just after."""
    beside: dict[int, list[int]] = {meeting: [] for meeting in slots}
    for plan in agendas(instance, slots):
        order = [plan[slot] for slot in sorted(plan)]
        for x, y in itertools.pairwise(order):
            beside[x].append(y)
            beside[y].append(x)
    return beside
