"""Timetables of one-to-one meetings: plain values in, plain values out.

`solve` takes an `Instance` and returns a `Timetable` that obeys every rule, whatever the time allowed.
"""

from __future__ import annotations

from matchmaker.meetings.timetable.values import (
    Assignment,
    Cause,
    Instance,
    Objective,
    OutOfTime,
    Participant,
    Progress,
    Request,
    Stage,
    StageName,
    Status,
    Table,
    Timetable,
    Unplaced,
)

__all__ = [
    "Assignment",
    "Cause",
    "Instance",
    "Objective",
    "Participant",
    "Request",
    "Stage",
    "StageName",
    "Status",
    "Table",
    "Timetable",
    "Unplaced",
    "solve",
]


def solve(
    instance: Instance,
    *,
    seed: int = 0,
    work: float = 10.0,
    out_of_time: OutOfTime = lambda: False,
    progress: Progress = lambda _: None,
) -> Timetable:
    """The best timetable found for a session.

    work: how hard to try, about a second each; the same instance, seed and work give the same timetable unless
    out_of_time cuts the search short. It is asked often and from another thread; once true it must stay true.
    progress: told every better value, with the bound known then.
    """
    from matchmaker.meetings.timetable.solving import solve_instance  # noqa: PLC0415 -- slow import

    return solve_instance(instance, seed=seed, work=work, out_of_time=out_of_time, progress=progress)
