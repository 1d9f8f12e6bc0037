"""The rules that concern several events, each as one linear row over the places; made when it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.events.planning.places import Floats, Ints, Places
from matchmaker.events.planning.values import TEAM_REST, Level, Programme

SLACK = 1e-6
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Which row: a family of rules, one of its members, a day."""

    family: str  # "share", "venue", "quarter" or "order"
    member: int
    day: int


@dataclass(frozen=True, slots=True)
class Share:
    """Events that exclude one another while they last, and for some days after, beyond so many at once."""

    events: Bools
    rest: int
    most: int


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the places in it, their coefficients, and what their sum must not exceed."""

    places: Ints
    coefficients: Ints
    most: int


class Rows:
    """All rows of a programme over its places."""

    def __init__(self, programme: Programme, places: Places) -> None:
        self.programme, self.places = programme, places
        self.length = np.array([event.days for event in programme.events], dtype=np.int64)
        self.shares = _shares(programme)
        self.orders = chain_orders(programme)

    def row(self, key: Key) -> tuple[Floats, int]:
        """Coefficients over all places, and what their sum must not exceed."""
        places, day = self.places, key.day
        begun = places.day <= day
        match key.family:
            case "share":
                share = self.shares[key.member]
                lasts = places.day + places.length + share.rest > day
                return (share.events[places.event] & begun & lasts).astype(float), share.most
            case "venue":
                return ((places.venue == key.member) & begun & (places.day + places.length > day)).astype(float), 1
            case "quarter":
                first, last = self.programme.quarters[key.member]
                within = (places.day >= first) & (places.day <= last)
                return -within.astype(float), -self.programme.quarter_min
            case _:
                early, late = self.orders[key.member]
                ended = (places.event == early) & (places.day + places.length <= day)
                return ((places.event == late) & begun).astype(float) - ended, 0

    def every_line(self) -> Iterator[Line]:
        """Every row that one place for each event could break."""
        places = self.places
        for share in self.shares:
            yield from self._at_once(np.flatnonzero(share.events[places.event]), share.rest, share.most)
        for venue in range(len(self.programme.venues)):
            yield from self._at_once(np.flatnonzero(places.venue == venue), 0, 1)
        for first, last in self.programme.quarters:
            within = np.flatnonzero((places.day >= first) & (places.day <= last))
            yield Line(within, np.full(len(within), -1), -self.programme.quarter_min)
        for early, late in self.orders:
            yield from self._in_turn(np.flatnonzero(places.event == early), np.flatnonzero(places.event == late))

    def _at_once(self, columns: Ints, rest: int, most: int) -> Iterator[Line]:
        """Rows of places that last on the same day; only days on which one begins can be full."""
        starts = self.places.day[columns]
        ends = starts + self.places.length[columns] + rest
        for day in np.unique(starts):
            here = columns[(starts <= day) & (ends > day)]
            if len(np.unique(self.places.event[here])) > most:
                yield Line(here, np.ones(len(here), dtype=np.int64), most)

    def _in_turn(self, early: Ints, late: Ints) -> Iterator[Line]:
        ends, starts = self.places.day[early] + self.places.length[early], self.places.day[late]
        for day in np.unique(starts):
            over, begun = early[ends <= day], late[starts <= day]
            yield Line(np.concatenate([begun, over]), np.repeat([1, -1], [len(begun), len(over)]), 0)

    def violated(self, x: Floats) -> list[tuple[float, Key]]:
        """The rows a (fractional) choice breaks, the worst first."""
        chosen = np.flatnonzero(x > SLACK)
        begins = np.zeros((len(self.length), self.programme.days))
        np.add.at(begins, (self.places.event[chosen], self.places.day[chosen]), x[chosen])
        begun = np.cumsum(begins, axis=1)
        found = [*self._shared(begun), *self._housed(x, chosen), *self._quarterly(begins), *self._ordered(begun)]
        return sorted(found, key=lambda pair: (-pair[0], pair[1]))

    def _shared(self, begun: Floats) -> Iterator[tuple[float, Key]]:
        for number, share in enumerate(self.shares):
            total = np.zeros(self.programme.days)
            for event in np.flatnonzero(share.events):
                total += begun[event] - _later(begun[event], int(self.length[event]) + share.rest)
            yield from self._excess("share", number, total - share.most)

    def _housed(self, x: Floats, chosen: Ints) -> Iterator[tuple[float, Key]]:
        use = np.zeros((len(self.programme.venues), self.programme.days))
        for day in range(int(self.length.max(initial=0))):
            columns = chosen[self.places.length[chosen] > day]
            np.add.at(use, (self.places.venue[columns], self.places.day[columns] + day), x[columns])
        for venue in range(len(use)):
            yield from self._excess("venue", venue, use[venue] - 1)

    def _quarterly(self, begins: Floats) -> Iterator[tuple[float, Key]]:
        for number, (first, last) in enumerate(self.programme.quarters):
            lacking = self.programme.quarter_min - float(begins[:, first : last + 1].sum())
            if lacking > SLACK:
                yield lacking, Key("quarter", number, 0)

    def _ordered(self, begun: Floats) -> Iterator[tuple[float, Key]]:
        for number, (early, late) in enumerate(self.orders):
            yield from self._excess("order", number, begun[late] - _later(begun[early], int(self.length[early])))

    def _excess(self, family: str, member: int, excess: Floats) -> Iterator[tuple[float, Key]]:
        for day in np.flatnonzero(excess > SLACK):
            yield float(excess[day]), Key(family, member, int(day))


def _later(values: Floats, days: int) -> Floats:
    """The same values so many days later, with nothing before them."""
    moved = np.zeros_like(values)
    moved[days:] = values[: max(0, len(values) - days)]
    return moved


def _shares(programme: Programme) -> list[Share]:
    events = programme.events
    leaders = [(programme.gap, [leader in event.leaders for event in events]) for leader in range(len(programme.away))]
    teams = [(TEAM_REST, [team == event.team for event in events]) for team in sorted({one.team for one in events})]
    crowded = [Share(np.array(row), rest, 1) for rest, row in [*leaders, *teams] if sum(row) > 1]
    return [*crowded, Share(np.ones(len(events), dtype=np.bool_), 0, programme.per_day)]


def chain_orders(programme: Programme) -> list[tuple[int, int]]:
    """Pairs of events of which the first must be over when the second begins."""
    events = list(enumerate(programme.events))
    return [
        (early, late)
        for early, one in events
        for late, other in events
        if one.chain == other.chain and one.level is Level.COUNTY and other.level is Level.PROVINCE
    ]
