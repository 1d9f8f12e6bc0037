"""The pages of meetings."""

from __future__ import annotations

from matchmaker.meetings.views import arranging, limiting, recording, repairing, requesting, timetabling
from matchmaker.meetings.views.blueprint import bp

__all__ = ["arranging", "bp", "limiting", "recording", "repairing", "requesting", "timetabling"]
