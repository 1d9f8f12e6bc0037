"""The standings of the prefectures (座次表): ranked by unrounded values, ties sharing a rank (R23)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from matchmaker.deals.counting.totals import NO_EVENT, OUTSIDE
from matchmaker.programmes.goals import Goal
from matchmaker.progress.pace import LAGGING, Stand
from matchmaker.progress.projection import Sheet
from matchmaker.progress.slices import Basis


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A prefecture as the tables name it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One prefecture: its three figures, its rank by completion and its rank by amount.

    rank is None without a target; moved is places gained since the standings before, None where unknown.
    """

    place: PlaceName
    amount: Stand
    events: Stand
    enterprises: Stand
    rank: int | None
    amount_rank: int
    moved: int | None = None
    shifts: bool = False  # the other basis would give another rank


@dataclass(frozen=True, slots=True)
class Remainder:
    """What belongs to no prefecture: a key of the count that is no prefecture's code."""

    key: str
    amount: int
    events: int
    enterprises: int


@dataclass(frozen=True, slots=True)
class Standings:
    """Every prefecture, the best first, and whatever belongs to none, so that the column adds up to the province."""

    rows: Sequence[Standing]
    others: Sequence[Remainder]

    @property
    def lagging(self) -> Sequence[Standing]:
        """The prefectures in the two worst bands."""
        return [row for row in self.rows if row.amount.band in LAGGING]


@dataclass(frozen=True, slots=True)
class Tallies:
    """Net yuan, counted events and enterprises present, by place."""

    amounts: Mapping[str, int]
    events: Mapping[str, int]
    enterprises: Mapping[str, int]


def tallies_of(sheet: Sheet, basis: Basis) -> Tallies:
    """The figures of a sheet by place: events by their organiser, enterprises by where they are registered."""
    attendance = sheet.attendance
    return Tallies(sheet.by_place(basis), attendance.events_of, attendance.enterprises_of)


def standings_of(
    places: Sequence[PlaceName], goals: Mapping[str, Goal], tallies: Tallies, share: Fraction | None
) -> Standings:
    """The prefectures ranked by how much of their target they reached; those without a target last, by amount."""
    stands = {place.code: _amount(place, goals, tallies, share) for place in places}
    ranks = ranks_of({code: done for code, stand in stands.items() if (done := stand.completion) is not None})
    amount_ranks = ranks_of({code: Fraction(stand.value) for code, stand in stands.items()})
    rows = [
        Standing(
            place=place,
            amount=stands[place.code],
            events=Stand(tallies.events.get(place.code, 0), _goal(goals, place, "events"), share),
            enterprises=Stand(tallies.enterprises.get(place.code, 0), _goal(goals, place, "enterprises"), share),
            rank=ranks.get(place.code),
            amount_rank=amount_ranks[place.code],
        )
        for place in places
    ]
    rows.sort(key=lambda row: (row.rank is None, row.rank, row.amount_rank, row.place.code))
    return Standings(rows, _others(places, tallies))


def _amount(place: PlaceName, goals: Mapping[str, Goal], tallies: Tallies, share: Fraction | None) -> Stand:
    return Stand(tallies.amounts.get(place.code, 0), _goal(goals, place, "amount"), share)


def _goal(goals: Mapping[str, Goal], place: PlaceName, name: str) -> int | None:
    """A target of nothing is none: it cannot be ranked by."""
    goal = goals.get(place.code)
    return (getattr(goal, name) or None) if goal else None


def _others(places: Iterable[PlaceName], tallies: Tallies) -> list[Remainder]:
    known = {place.code for place in places}
    keys = (set(tallies.amounts) | set(tallies.events) | set(tallies.enterprises)) - known
    return [
        Remainder(key, tallies.amounts.get(key, 0), tallies.events.get(key, 0), tallies.enterprises.get(key, 0))
        for key in sorted(keys, key=lambda key: (key in (OUTSIDE, NO_EVENT), key))
    ]


def ranks_of(values: Mapping[str, Fraction]) -> dict[str, int]:
    """Ranks from 1, the largest first; equal values share one, and the next is counted on from all before it."""
    ordered = sorted(values.values(), reverse=True)
    first: dict[Fraction, int] = {}
    for position, value in enumerate(ordered, 1):
        first.setdefault(value, position)
    return {code: first[value] for code, value in values.items()}
