"""The figures by which two timetables are compared."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

from matchmaker.meetings.timetable.values import Assignment, Instance

Slots = Mapping[int, int]  # the slot of each meeting that is held


def breaks_in(slots: Iterable[int]) -> int:
    """How often somebody who meets in these slots sits idle between two meetings (lunch is not a slot)."""
    ordered = sorted(slots)
    return sum(later != earlier + 1 for earlier, later in itertools.pairwise(ordered))


def agendas(instance: Instance, slots: Slots) -> list[dict[int, int]]:
    """For each participant, the meeting held in each of its busy slots."""
    plans: list[dict[int, int]] = [{} for _ in instance.participants]
    for meeting, slot in slots.items():
        for person in instance.meetings[meeting].sides:
            plans[person][slot] = meeting
    return plans


def breaks_of(instance: Instance, slots: Slots) -> list[int]:
    """The number of breaks of each participant."""
    return [breaks_in(plan) for plan in agendas(instance, slots)]


def is_fair(instance: Instance, slots: Slots) -> bool:
    """Whether the breaks lie as close together as the session demands."""
    counts = breaks_of(instance, slots)
    return instance.fairness is None or not counts or max(counts) - min(counts) <= instance.fairness


def required_held(instance: Instance, slots: Slots) -> int:
    """How many required meetings are held."""
    return sum(instance.meetings[meeting].required for meeting in slots)


def served(instance: Instance, slots: Slots) -> int:
    """How many participants have at least one meeting."""
    return sum(bool(plan) for plan in agendas(instance, slots))


def utility(instance: Instance, slots: Slots) -> int:
    """The total utility of the meetings held."""
    return sum(instance.meetings[meeting].utility for meeting in slots)


def table_moves(instance: Instance, assignments: Iterable[Assignment]) -> int:
    """How often somebody must change table between one meeting and its next."""
    plans: list[list[tuple[int, int]]] = [[] for _ in instance.participants]
    for held in assignments:
        for person in instance.meetings[held.meeting].sides:
            plans[person].append((held.slot, held.table))
    return sum(x[1] != y[1] for plan in map(sorted, plans) for x, y in itertools.pairwise(plan))


def rank(instance: Instance, slots: Slots) -> tuple[int, int, int, int]:
    """How good these slots are, the aims in their order; greater is better."""
    return (
        required_held(instance, slots),
        served(instance, slots),
        utility(instance, slots),
        -sum(breaks_of(instance, slots)),
    )
