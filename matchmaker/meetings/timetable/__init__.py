"""Timetables of one-to-one meetings: plain values in, plain values out.

`solve` takes an `Instance` and returns a `Timetable` that obeys every rule, whatever the time allowed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from matchmaker.meetings.timetable.values import (
    Assignment,
    Cause,
    Change,
    ChangeKind,
    Clash,
    Instance,
    Objective,
    OutOfTime,
    Participant,
    Progress,
    Remedy,
    Repair,
    Request,
    Rule,
    RuleKind,
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
    "Change",
    "ChangeKind",
    "Clash",
    "Instance",
    "Objective",
    "Participant",
    "Remedy",
    "Repair",
    "Request",
    "Rule",
    "RuleKind",
    "Stage",
    "StageName",
    "Status",
    "Table",
    "Timetable",
    "Unplaced",
    "clashes",
    "repair",
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


def repair(
    instance: Instance,
    published: Sequence[Assignment],
    *,
    cancelled: Collection[int] = (),
    seed: int = 0,
    work: float = 5.0,
    out_of_time: OutOfTime = lambda: False,
    progress: Progress = lambda _: None,
) -> Repair:
    """A published timetable mended after an event, with as few appointments changed as possible.

    instance: the session as it is now; meetings and participants that came since are appended to the published ones.
    cancelled: meetings that are not to be held any more; they are not listed as left out.
    In this order: required meetings are held, few appointments change, what was published is still held, people do not
    change their hour, breaks grow little. Requests that were waiting are added where that moves nobody.
    """
    from matchmaker.meetings.timetable.repairing import mend  # noqa: PLC0415 -- slow import

    return mend(
        instance,
        published,
        cancelled=cancelled,
        seed=seed,
        work=work,
        out_of_time=out_of_time,
        progress=progress,
    )


def clashes(
    instance: Instance, *, seed: int = 0, work: float = 10.0, out_of_time: OutOfTime = lambda: False
) -> Clash | None:
    """Why not every required meeting can be held: rules that clash, fewest where that could be shown.

    None when they can all be held, or when the work ran out before that was known.
    """
    from matchmaker.meetings.timetable.clashing import find_clash  # noqa: PLC0415 -- slow import

    return find_clash(instance, seed=seed, work=work, out_of_time=out_of_time)
