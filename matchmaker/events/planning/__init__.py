"""The year's plan: which event is held when and in which venue. Plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matchmaker.events.planning.values import (
    Clash,
    Event,
    Level,
    OutOfTime,
    Placement,
    Programme,
    Rule,
    RuleKind,
    Status,
    Venue,
    YearPlan,
)

__all__ = [
    "Clash",
    "Event",
    "Level",
    "Placement",
    "Programme",
    "Rule",
    "RuleKind",
    "Status",
    "Venue",
    "YearPlan",
    "plan",
]


def plan(
    programme: Programme,
    *,
    fixed: Mapping[int, Placement] | None = None,
    previous: Mapping[int, Placement] | None = None,
    seed: int = 0,
    work: float = 60.0,
    out_of_time: OutOfTime = lambda: False,
    progress: Callable[[int, float], None] = lambda _cost, _bound: None,
) -> YearPlan:
    """The best plan found for a year; when there is none, a smallest set of rules that clash.

    fixed: events that stay where they are put. previous: an earlier plan, from which as few events as possible move;
    only then does the cost count. work: how hard to try, about a second each; the same input gives the same plan
    unless out_of_time cuts the search short. progress: told cost and bound of every better plan.
    """
    from matchmaker.events.planning.searching import plan_year  # noqa: PLC0415 -- slow import

    return plan_year(
        programme,
        fixed=fixed or {},
        previous=previous or {},
        seed=seed,
        work=work,
        out_of_time=out_of_time,
        progress=progress,
    )
