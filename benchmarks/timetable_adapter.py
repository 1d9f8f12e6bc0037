"""The timetable engine as the scheduling harness calls it."""

from __future__ import annotations

import time
from typing import Any

from matchmaker.meetings import timetable
from matchmaker.meetings.timetable.instances import instance_from


class Timetable:
    """`solve` only: repairs and year plans are not built yet."""

    def solve(self, instance: dict[str, Any], seconds: float, workers: int) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        answer = timetable.solve(
            instance_from(instance), work=seconds, out_of_time=lambda: time.monotonic() >= deadline
        )
        return {
            "assignments": [[held.meeting, held.slot, held.table] for held in answer.assignments],
            "status": answer.status.value,
            "utility_bound": answer.stage(timetable.StageName.UTILITY).bound,
            "breaks_bound": answer.stage(timetable.StageName.BREAKS).bound,
        }
