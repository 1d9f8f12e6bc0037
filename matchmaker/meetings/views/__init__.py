"""The pages of meetings."""

from __future__ import annotations

from matchmaker.meetings.views import recording, requesting, timetabling
from matchmaker.meetings.views.blueprint import bp

__all__ = ["bp", "recording", "requesting", "timetabling"]
