"""The pages of events."""

from __future__ import annotations

from matchmaker.events.views import attending, calendar, closing, planning, registering
from matchmaker.events.views.blueprint import bp

__all__ = ["attending", "bp", "calendar", "closing", "planning", "registering"]
