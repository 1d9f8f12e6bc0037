"""Every day and venue each event could take if it were alone, as columns of one large choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.events.planning.values import Placement, Programme

MOVE = 100_000  # of the cost; more than all the days and seats of a year together

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Places:
    """Parallel arrays, sorted by event; `cost` counts a move from the previous plan as MOVE."""

    event: Ints
    day: Ints
    venue: Ints
    length: Ints
    cost: Ints

    def placement(self, column: int) -> Placement:
        """The column as a value."""
        return Placement(int(self.event[column]), int(self.day[column]), int(self.venue[column]))


def cost_of(programme: Programme, place: Placement) -> int:
    """Days off the wished date, and one for every ten seats left empty."""
    event, venue = programme.events[place.event], programme.venues[place.venue]
    return abs(place.day - event.wish) + (venue.seats - event.size) // 10


def places_of(programme: Programme, fixed: Mapping[int, Placement], previous: Mapping[int, Placement]) -> Places:
    """List what every rule that concerns one event leaves open to it."""
    found = [place for number in range(len(programme.events)) for place in _of(programme, number, fixed)]
    rows = np.array([(one.event, one.day, one.venue) for one in found], dtype=np.int64).reshape(-1, 3)
    lengths = np.array([event.days for event in programme.events], dtype=np.int64)
    cost = [cost_of(programme, one) + MOVE * (previous.get(one.event, one) != one) for one in found]
    return Places(rows[:, 0], rows[:, 1], rows[:, 2], lengths[rows[:, 0]], np.array(cost, dtype=np.int64))


def only(places: Places, columns: Ints) -> Places:
    """Some of the places."""
    kept = (places.event, places.day, places.venue, places.length, places.cost)
    return Places(*(array[columns] for array in kept))


def _of(programme: Programme, number: int, fixed: Mapping[int, Placement]) -> Iterator[Placement]:
    event = programme.events[number]
    away = frozenset[int]().union(*(programme.away[leader] for leader in event.leaders))
    venues = [n for n, one in enumerate(programme.venues) if one.city in event.cities and one.seats >= event.size]
    for day in range(programme.days - event.days + 1):
        span = range(day, day + event.days)
        if not away.isdisjoint(span):
            continue
        for venue in venues:
            place = Placement(number, day, venue)
            if programme.venues[venue].closed.isdisjoint(span) and fixed.get(number, place) == place:
                yield place
