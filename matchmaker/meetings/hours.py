"""The slots of an event's day in words, whether or not they have rows yet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from matchmaker.events.hours import day_of
from matchmaker.events.models import MatchmakingEvent
from matchmaker.i18n import gettext as _
from matchmaker.web.formats import clock

MORNING, AFTERNOON = "morning", "afternoon"


def hours_of(event: MatchmakingEvent, *, after: datetime | None = None) -> dict[int, str]:
    """When each slot begins, by number; those that begin after a moment where one is given."""
    begins = enumerate(day_of(event).begins(), start=1)
    return {number: clock(at) for number, at in begins if after is None or at > after}


def halves_of(event: MatchmakingEvent) -> dict[str, range]:
    """The numbers of the slots before and after lunch, by the name of the half; nothing without a lunch break."""
    return dict(zip((MORNING, AFTERNOON), day_of(event).halves, strict=False))


def half_words() -> dict[str, str]:
    """What the two halves are called."""
    return {MORNING: str(_("上午")), AFTERNOON: str(_("下午"))}


def hours_in_words(event: MatchmakingEvent, numbers: Collection[int]) -> str:
    """Some slots of the day: a half of which none is missing by its name, the others by when they begin."""
    said, rest = [], set(numbers)
    for half, inside in halves_of(event).items():
        if rest.issuperset(inside):
            said.append(half_words()[half])
            rest -= set(inside)
    said += [at for number, at in hours_of(event).items() if number in rest]
    return "、".join(said)


def slots_chosen(event: MatchmakingEvent, numbers: Collection[int], halves: Collection[str]) -> list[int]:
    """Slots chosen one by one and by the half, in order."""
    inside = halves_of(event)
    return sorted({*numbers, *(number for half in halves for number in inside.get(half, ()))})


def lunch_of(event: MatchmakingEvent) -> str:
    """From when until when lunch is; empty where the day is not divided."""
    lunch = day_of(event).lunch
    return f"{clock(lunch[0])}–{clock(lunch[1])}" if lunch else ""
