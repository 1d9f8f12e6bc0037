"""What is news to a watch, and when it is time to look: plain values, no database and no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from matchmaker.db import SHANGHAI
from matchmaker.enterprises.models import LineKind
from matchmaker.matching.models import Frequency

WORTH_TELLING: Final = 5_000  # of 10,000: below it lines share a word or a trade rather than a product
_ROUND: Final = time(8, tzinfo=SHANGHAI)

Mark = tuple[LineKind, int]  # what a changed line leaves behind


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer as a watch sees it now.

    key: what makes it one answer. marks: the rows whose change may have made it an answer.
    """

    key: str
    enterprise_id: int
    name: str
    line: str
    line_number: int
    score: int
    marks: frozenset[Mark]


@dataclass(frozen=True, slots=True)
class Sorted:
    """What of the answers is to be told, best first, and what is only to be remembered."""

    news: tuple[Seen, ...]
    quiet: tuple[Seen, ...]


def sort_out(
    seen: Iterable[Seen],
    *,
    known: Collection[str],
    changed: Mapping[Mark, int],
    since: int | None,
    asked: frozenset[Mark] = frozenset(),
) -> Sorted:
    """Tell news from what only moved up a list.

    changed: the last change of each row. since: up to which change the watch has looked; None for its
    first look, which only learns what is there. asked: the watched line, whose own change makes all answers new.
    """
    fresh = [each for each in seen if each.key not in known and each.score >= WORTH_TELLING]
    told = [
        each for each in fresh if since is not None and any(changed.get(mark, 0) > since for mark in each.marks | asked)
    ]
    news = sorted(told, key=lambda each: (-each.score, each.key))
    return Sorted(tuple(news), tuple(each for each in fresh if each not in told))


def last_round(frequency: Frequency, now: datetime) -> datetime:
    """The moment of the last round of a daily or weekly watch: eight in the morning, weekly on a Monday."""
    there = now.astimezone(SHANGHAI)
    day = there.date() if there.timetz() >= _ROUND else there.date() - timedelta(days=1)
    if frequency is Frequency.WEEKLY:
        day -= timedelta(days=day.weekday())
    return datetime.combine(day, _ROUND)
