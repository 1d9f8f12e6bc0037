"""The values a year's plan is made of. Every number that names something is its position in its list, from zero."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

OutOfTime = Callable[[], bool]

TEAM_REST = 3  # days a team needs between two events of its own


class Level(StrEnum):
    """Who holds an event; within a chain, what counties hold comes before what the province holds."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class Event:
    """A matchmaking event to be given a day and a venue."""

    days: int
    size: int
    cities: frozenset[int]
    wish: int
    team: int
    leaders: frozenset[int]
    chain: int
    level: Level = Level.CITY


@dataclass(frozen=True, slots=True)
class Venue:
    """A hall in a city, for one event at a time."""

    city: int
    seats: int
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Programme:
    """One year to be planned.

    away: for each invited leader, the days on which it cannot come. gap: days it needs between two events.
    per_day: most events on one day. quarters: first and last day of each, in which quarter_min events must begin.
    """

    days: int
    events: tuple[Event, ...]
    venues: tuple[Venue, ...]
    away: tuple[frozenset[int], ...] = ()
    gap: int = 0
    per_day: int = 1
    quarters: tuple[tuple[int, int], ...] = ()
    quarter_min: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Placement:
    """Where an event is held, and its first day."""

    event: int
    day: int
    venue: int


class RuleKind(StrEnum):
    """What may clash in a year; the comment says which field of `Rule` goes with it."""

    EVENT = "event"  # number: this event is to be held, with its length, size and cities
    FIXED = "fixed"  # number: this event keeps its fixed day and venue
    VENUE_CLOSED = "venue_closed"  # number: the days on which this venue is closed
    LEADER_AWAY = "leader_away"  # number: the days on which this leader is away
    LEADER_GAP = "leader_gap"  # number: one event at a time for this leader, with the gap between two
    TEAM_REST = "team_rest"  # number: one event at a time for this team, with its rest between two
    CHAIN_ORDER = "chain_order"  # number: in this chain, counties come before the province
    PER_DAY = "per_day"  # so many events on one day at most
    QUARTER = "quarter"  # number: so many events in this quarter at least


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """One rule of the year."""

    kind: RuleKind
    number: int = 0


@dataclass(frozen=True, slots=True)
class Clash:
    """Rules that cannot all be kept; when minimal, any one of them could be given up and the others kept."""

    rules: tuple[Rule, ...]
    is_minimal: bool


class Status(StrEnum):
    """How much is known about a plan."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"  # proved: no plan keeps every rule
    UNKNOWN = "unknown"  # none was found, and it is not known whether there is one


@dataclass(frozen=True, slots=True)
class YearPlan:
    """A plan that keeps every rule, or none.

    cost: days off the wished dates, and one for every ten seats left empty. bound: no plan costs less (among those that
    move as few events, when there was a previous plan). moved: events not where the previous plan had them.
    moved_bound: no plan moves fewer.
    """

    placements: tuple[Placement, ...]
    status: Status
    cost: int | None = None
    bound: int | None = None
    moved: tuple[int, ...] = ()
    moved_bound: int = 0
    clash: Clash | None = None
