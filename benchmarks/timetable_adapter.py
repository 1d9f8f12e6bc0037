"""The timetable engine as the scheduling harness calls it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from matchmaker.events import planning
from matchmaker.events.planning.programmes import programme_from
from matchmaker.meetings import timetable
from matchmaker.meetings.timetable.instances import instance_from


class Timetable:
    """Seconds are both the work a search may do and the latest moment at which it stops."""

    def solve(self, instance: dict[str, Any], seconds: float, workers: int) -> dict[str, Any]:
        answer = timetable.solve(instance_from(instance), work=seconds, out_of_time=_deadline(seconds))
        return _answer(answer)

    def repair(
        self, instance: dict[str, Any], previous: list[list[int]], seconds: float, workers: int
    ) -> dict[str, Any]:
        published = [timetable.Assignment(*row) for row in previous]
        mended = timetable.repair(instance_from(instance), published, work=seconds, out_of_time=_deadline(seconds))
        return _answer(mended.timetable)

    def plan(self, programme: dict[str, Any], seconds: float, workers: int) -> dict[str, Any]:
        answer = planning.plan(programme_from(programme), work=seconds, out_of_time=_deadline(seconds))
        return {"plan": {place.event: [place.day, place.venue] for place in answer.placements}, "bound": answer.bound}


def _deadline(seconds: float) -> Callable[[], bool]:
    """Counted in processor time, so that a busy machine measures the same search."""
    end = time.process_time() + seconds
    return lambda: time.process_time() >= end


def _answer(answer: timetable.Timetable) -> dict[str, Any]:
    return {
        "assignments": [[held.meeting, held.slot, held.table] for held in answer.assignments],
        "status": answer.status.value,
        "utility_bound": answer.stage(timetable.StageName.UTILITY).bound,
        "breaks_bound": answer.stage(timetable.StageName.BREAKS).bound,
    }
