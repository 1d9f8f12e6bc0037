"""Mending a published timetable after something happened, while disturbing as few people as possible."""

from __future__ import annotations

from matchmaker.meetings.timetable.repairing.mending import mend

__all__ = ["mend"]
