"""An intent on its way, and what is known of it on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SILENT_DAYS = 60  # without a word for so long, what became of an intent is unknown


class Fate(StrEnum):
    """What became of an intent; each is in exactly one slice."""

    CONTRACTED = "contracted"
    TALKING = "talking"
    OFF = "off"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Intent:
    """A deal both sides confirmed, with its days in Shanghai as far as they are known by the day asked about.

    amount: whole yuan in force, not annualised; the same in every stage (R20). news_on: the day of the last entry
    or answer. off_for: the reason a side called it off for, where no side still talks. at_odds: one side calls off
    what the other still talks about.
    """

    id: str
    amount: int
    agreed_on: date
    news_on: date
    contracted_on: date | None = None
    withdrawn_on: date | None = None
    off_for: str | None = None
    at_odds: bool = False


def fate_of(intent: Intent, as_of: date) -> Fate:
    """What is known of an intent at the end of a day; one that was contracted stays so whatever followed.

    Two sides who contradict each other leave it unknown; what is off still counts until it is withdrawn.
    """
    if intent.contracted_on is not None:
        return Fate.CONTRACTED
    if intent.withdrawn_on is not None:
        return Fate.ENDED
    if intent.at_odds:
        return Fate.UNKNOWN
    if intent.off_for is not None:
        return Fate.OFF
    return Fate.UNKNOWN if (as_of - intent.news_on).days >= SILENT_DAYS else Fate.TALKING
