"""A search watched while it runs: the clock, what it has reached, and whether somebody said “good enough”."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from matchmaker.i18n import gettext as _
from matchmaker.jobs.services import Reporter
from matchmaker.meetings.timetable import Stage
from matchmaker.meetings.words import STAGES

SECONDS = 20


@dataclass
class Watch:
    """Looks at the clock for the solver, reports about once a second, and notes how the value rose."""

    report: Reporter
    seconds: float = SECONDS
    curves: dict[str, list[list[float]]] = field(default_factory=dict)
    stages: dict[str, list[int]] = field(default_factory=dict)
    _started: float = field(default_factory=time.monotonic)
    _told: float = -1.0
    _is_over: bool = False
    _words: str = ""
    _current: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_out_of_time(self) -> bool:
        """Whether the search must end; the solver asks from its own thread."""
        elapsed = time.monotonic() - self._started
        if elapsed >= self.seconds:
            self._is_over = True
        elif elapsed - self._told >= 1 and self._lock.acquire(blocking=False):
            try:
                self._told = elapsed
                self._is_over |= not self.report(int(elapsed), int(self.seconds), self._words, so_far=self.known())
            finally:
                self._lock.release()
        return self._is_over

    def note(self, stage: Stage) -> None:
        """A better value was found; the first one is told at once."""
        if not self.stages:
            self._told = -1.0
        self._current = stage.name.value
        self.stages = {**self.stages, stage.name.value: [stage.value, stage.bound]}
        elapsed = round(time.monotonic() - self._started, 1)
        known = self.curves.get(stage.name.value, [])
        self.curves = {**self.curves, stage.name.value: [*known, [elapsed, stage.value, stage.bound]]}
        self._words = _(
            "%(stage)s %(value)s，界 %(bound)s", stage=STAGES[stage.name.value], value=stage.value, bound=stage.bound
        )

    def known(self) -> dict[str, Any]:
        """What the page shows while it waits."""
        return {"curves": self.curves, "stages": self.stages, "current": self._current}
