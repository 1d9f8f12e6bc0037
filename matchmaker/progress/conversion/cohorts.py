"""Intents by the month in which both sides confirmed them, by number and by money."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from matchmaker.progress.conversion.values import Fate, Intent, fate_of


@dataclass(frozen=True, slots=True)
class Part:
    """So many intents, and what they come to in yuan."""

    count: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Whole:
    """Intents in their slices, which add up to all of them."""

    all: Part
    parts: Mapping[Fate, Part]


@dataclass(frozen=True, slots=True)
class Cohort:
    """The intents of one month, written “2026-03”."""

    month: str
    whole: Whole


def whole_of(intents: Iterable[Intent], as_of: date) -> Whole:
    """Split intents by what became of them."""
    amounts: dict[Fate, list[int]] = {fate: [] for fate in Fate}
    for intent in intents:
        amounts[fate_of(intent, as_of)].append(intent.amount)
    parts = {fate: Part(len(each), sum(each)) for fate, each in amounts.items()}
    counts, totals = (part.count for part in parts.values()), (part.amount for part in parts.values())
    return Whole(Part(sum(counts), sum(totals)), parts)


def reasons_of(intents: Iterable[Intent], as_of: date) -> dict[str, int]:
    """How many intents are off for each reason that was given, the most frequent first."""
    given = Counter(intent.off_for for intent in intents if fate_of(intent, as_of) is Fate.OFF)
    return {str(reason): count for reason, count in sorted(given.items(), key=lambda each: (-each[1], str(each[0])))}


def cohorts_of(intents: Iterable[Intent], as_of: date) -> list[Cohort]:
    """The intents month by month, the earliest first; months without an intent are left out."""
    months: dict[str, list[Intent]] = defaultdict(list)
    for intent in intents:
        months[f"{intent.agreed_on:%Y-%m}"].append(intent)
    return [Cohort(month, whole_of(months[month], as_of)) for month in sorted(months)]
