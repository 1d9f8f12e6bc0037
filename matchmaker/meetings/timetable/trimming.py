"""The last resort for the spread of breaks: fewer meetings, but a rule kept."""

from __future__ import annotations

from collections.abc import Mapping

from matchmaker.meetings.timetable.measuring import agendas, breaks_of, is_fair
from matchmaker.meetings.timetable.values import Instance


def within_spread(instance: Instance, slots: Mapping[int, int]) -> dict[int, int]:
    """The same timetable without the meetings it takes to bring the breaks as close together as demanded."""
    kept = dict(slots)
    while not is_fair(instance, kept):
        breaks = breaks_of(instance, kept)
        plan = agendas(instance, kept)[breaks.index(max(breaks))]
        for meeting in _shorter_end(plan):
            _drop(instance, kept, meeting)
    return kept


def _shorter_end(plan: Mapping[int, int]) -> list[int]:
    """The meetings before the first break or after the last, whichever are fewer."""
    runs: list[list[int]] = []
    for slot in sorted(plan):
        if slot - 1 not in plan:
            runs.append([])
        runs[-1].append(plan[slot])
    return min(runs[0], runs[-1], key=len)


def _drop(instance: Instance, slots: dict[int, int], meeting: int) -> None:
    """Take a meeting out, and with it those that may only be held after it."""
    if slots.pop(meeting, None) is not None:
        for follower in [k for k in slots if meeting in instance.meetings[k].after]:
            _drop(instance, slots, follower)
