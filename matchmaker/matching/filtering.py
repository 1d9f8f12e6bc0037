"""Which rows of a list pass its filters, in which order they stand, and which one filter to drop when none does.

Pure computation over plain rows: nothing here knows a page, a database or a clock.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

EARTH_KM: Final = 6371.0
Seat = tuple[float, float]  # longitude and latitude, in degrees


class Order(enum.StrEnum):
    """What a list may be put in order by; everything else equal, its own order stays."""

    SCORE = "score"
    NEAR = "near"
    DAYS = "days"
    CONDITIONS = "conditions"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class Row:
    """What filters and orders look at in one suggestion.

    score is in hundredths; met, unknown and failed count its hard conditions; certified is the share of the
    certificates asked for that are held; kilometres and days are None when nobody knows.
    """

    score: int
    prefecture: str = ""
    chain: str = ""
    segment: str = ""
    badges: frozenset[str] = frozenset()
    size: str = ""
    met: int = 0
    unknown: int = 0
    failed: int = 0
    certified: float = 0.0
    is_partner: bool = False
    kilometres: float | None = None
    days: int | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader wants to see of a list; an empty filter lets everything through.

    meets: only those of whom every hard condition is known to be met. strangers: no partners already.
    least: the lowest score, in whole points.
    """

    prefecture: str = ""
    chain: str = ""
    segment: str = ""
    badge: str = ""
    size: str = ""
    meets: bool = False
    strangers: bool = False
    least: int = 0

    @property
    def active(self) -> tuple[str, ...]:
        """The names of the filters in force."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name))

    def without(self, name: str) -> Filters:
        """The same filters with one dropped."""
        return replace(self, **{name: type(getattr(self, name))()})

    def passes(self, row: Row) -> bool:
        """Whether a row is let through by every filter in force."""
        return all(_passes(name, getattr(self, name), row) for name in self.active)


@dataclass(frozen=True, slots=True)
class WayOut:
    """One filter whose dropping would show something, and how many."""

    name: str
    count: int


def _passes(name: str, wanted: Any, row: Row) -> bool:
    if name == "badge":
        return str(wanted) in row.badges
    if name == "meets":
        return not row.failed and not row.unknown
    if name == "strangers":
        return not row.is_partner
    if name == "least":
        return row.score >= int(wanted) * 100
    return bool(getattr(row, name) == wanted)


def passing(rows: Sequence[Row], filters: Filters) -> list[int]:
    """The places of the rows that pass."""
    return [place for place, row in enumerate(rows) if filters.passes(row)]


def ways_out(rows: Sequence[Row], filters: Filters) -> list[WayOut]:
    """Each single filter whose dropping shows something, the most first."""
    found = (WayOut(name, len(passing(rows, filters.without(name)))) for name in filters.active)
    return sorted((each for each in found if each.count), key=lambda each: -each.count)


def in_order(rows: Sequence[Row], order: Order) -> list[int]:
    """The places of the rows as they stand under an order; what nobody knows comes last."""
    return sorted(range(len(rows)), key=lambda place: (*_rank(rows[place], order), place))


def _rank(row: Row, order: Order) -> tuple[float, ...]:
    if order is Order.NEAR:
        return (math.inf if row.kilometres is None else row.kilometres,)
    if order is Order.DAYS:
        return (math.inf if row.days is None else row.days,)
    if order is Order.CONDITIONS:
        return (row.failed, row.unknown, -row.met, -row.certified)
    if order is Order.FRESH:
        return (math.inf if row.updated_at is None else -row.updated_at.timestamp(),)
    return ()


def kilometres_between(here: Seat | None, there: Seat | None) -> float | None:
    """The distance between two seats as the crow flies, or None when one is not known."""
    if here is None or there is None:
        return None
    (east, north), (far_east, far_north) = (tuple(map(math.radians, seat)) for seat in (here, there))
    chord = math.sin((far_north - north) / 2) ** 2
    chord += math.cos(north) * math.cos(far_north) * math.sin((far_east - east) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(chord))
