"""The last resort for the spread of breaks: fewer meetings, but a rule kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matchmaker.meetings.timetable.measuring import agendas, breaks_in, is_fair
from matchmaker.meetings.timetable.values import Instance

Plans = Sequence[Mapping[int, int]]  # of each participant, the meeting in each busy slot


def within_spread(instance: Instance, slots: Mapping[int, int]) -> dict[int, int]:
    """The same timetable without the meetings it takes to bring the breaks as close together as demanded."""
    kept = dict(slots)
    while not is_fair(instance, kept):
        plans = agendas(instance, kept)
        breaks = [breaks_in(plan) for plan in plans]
        person = breaks.index(max(breaks))
        ends = _ends(plans[person])
        for meeting in min(ends, key=lambda run: _cost(instance, plans, person, run)):
            _drop(instance, kept, meeting)
    return kept


def _ends(plan: Mapping[int, int]) -> tuple[list[int], list[int]]:
    """The meetings before the first break, and those after the last."""
    runs: list[list[int]] = []
    for slot in sorted(plan):
        if slot - 1 not in plan:
            runs.append([])
        runs[-1].append(plan[slot])
    return runs[0], runs[-1]


def _cost(instance: Instance, plans: Plans, person: int, run: Sequence[int]) -> int:
    """The meetings lost, and the breaks their other sides have more or less afterwards."""
    gone = set(run)
    others = {side for meeting in run for side in instance.meetings[meeting].sides} - {person}
    added = [
        breaks_in(slot for slot, meeting in plans[other].items() if meeting not in gone) - breaks_in(plans[other])
        for other in others
    ]
    return len(run) + sum(added)


def _drop(instance: Instance, slots: dict[int, int], meeting: int) -> None:
    """Take a meeting out, and with it those that may only be held after it."""
    if slots.pop(meeting, None) is not None:
        for follower in [k for k in slots if meeting in instance.meetings[k].after]:
            _drop(instance, slots, follower)
