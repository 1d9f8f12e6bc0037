"""The slots of an event's day in words, whether or not they have rows yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from matchmaker.events.models import MatchmakingEvent
from matchmaker.web.formats import clock


def hours_of(event: MatchmakingEvent, *, after: datetime | None = None) -> dict[int, str]:
    """When each slot begins, by number; those that begin after a moment where one is given."""
    length = timedelta(minutes=event.slot_minutes)
    begins = {number: event.starts_at + (number - 1) * length for number in range(1, event.slot_count + 1)}
    return {number: clock(at) for number, at in begins.items() if after is None or at > after}
