"""The values a timetable is made of: what is asked, and what was arranged.

Every number that names something (slot, participant, table, meeting) is its position in its list, from zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

OutOfTime = Callable[[], bool]


class Objective(StrEnum):
    """What the session is for; it decides whether a meeting is required when nothing else says so."""

    BREAKS = "breaks"  # everything asked for is to be held
    UTILITY = "utility"  # more was asked for than fits


@dataclass(frozen=True, slots=True)
class Participant:
    """One side of meetings: when it is away, and how many talks it wants at most."""

    unavailable: frozenset[int] = frozenset()
    max_meetings: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A place for one meeting at a time; with a host it is that participant's booth, where only it receives."""

    closed: frozenset[int] = frozenset()
    host: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A meeting both sides agreed to, with whatever is already settled about it.

    after: meetings that must be held, and earlier, for this one to be held.
    """

    a: int
    b: int
    utility: int = 1
    required: bool = False
    group: int | None = None
    slot: int | None = None
    table: int | None = None
    after: tuple[int, ...] = ()

    @property
    def sides(self) -> tuple[int, int]:
        """Both participants."""
        return self.a, self.b


@dataclass(frozen=True, slots=True)
class Instance:
    """One session to be timetabled.

    fairness: largest allowed difference between the breaks of any two participants.
    """

    slots: int
    participants: tuple[Participant, ...] = ()
    tables: tuple[Table, ...] = ()
    meetings: tuple[Request, ...] = ()
    slot_groups: tuple[frozenset[int], ...] = ()
    fairness: int | None = None
    objective: Objective = Objective.UTILITY
    name: str = ""


class Cause(StrEnum):
    """Why a meeting was left out; the comment says which fields of `Unplaced` go with it."""

    SAME_FIRM = "same_firm"  # firms: the one on both sides
    CAP = "cap"  # firms: it has as many meetings as it wants
    FIXED_SLOT = "fixed_slot"  # firms away at the fixed slot (none: the slot is outside the meeting's group)
    NO_COMMON_SLOT = "no_common_slot"  # firms: never both present in the slots the meeting may take
    NO_TABLE = "no_table"  # table (when fixed): no table it may use is open when both are present
    PRECEDENCE = "precedence"  # before: the one that must come first and is left out or leaves no slot after it
    FIRM_FULL = "firm_full"  # firms: one whose every suitable slot is taken
    NO_FREE_SLOT = "no_free_slot"  # firms: each has free slots, but none is free to both
    HALL_FULL = "hall_full"  # slots: free to both, every table taken
    SPREAD = "spread"  # it could be held, but the allowed spread of breaks would be broken
    OUTWEIGHED = "outweighed"  # it could be held, but the whole is better without it


class ChangeKind(StrEnum):
    """What could be changed about a session; the comment says which fields of `Change` go with it."""

    HOLD = "hold"  # nothing stands in the way
    MOVE = "move"  # meeting, slot: hold that other meeting there instead
    GIVE_WAY = "give_way"  # meeting: leave that other meeting out
    MORE_TABLES = "more_tables"  # slot: one more table in it
    OPEN_TABLE = "open_table"  # table, slot: have it open then
    FIRM_PRESENT = "firm_present"  # firms (one), slot: be there then
    RAISE_CAP = "raise_cap"  # firms (one): want one meeting more
    LIFT_SLOT = "lift_slot"  # do not tie the meeting to its slot
    LIFT_GROUP = "lift_group"  # do not tie the meeting to its group of slots
    LIFT_TABLE = "lift_table"  # do not tie the meeting to its table
    LIFT_ORDER = "lift_order"  # meeting: it need not come first
    WIDEN_SPREAD = "widen_spread"  # amount: so much more difference between the breaks of two participants


@dataclass(frozen=True, slots=True)
class Change:
    """One change to a session or to its timetable."""

    kind: ChangeKind
    slot: int | None = None
    firms: tuple[int, ...] = ()
    meeting: int | None = None
    table: int | None = None
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Remedy:
    """The smallest set of changes after which a meeting could be held in this slot, all else staying as it is."""

    slot: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A meeting that is not held, why, and what would help; nothing helps a firm that is to meet itself."""

    meeting: int
    cause: Cause
    firms: tuple[int, ...] = ()
    slots: tuple[int, ...] = ()
    before: int | None = None
    table: int | None = None
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True, order=True)
class Assignment:
    """Where and when a meeting is held."""

    meeting: int
    slot: int
    table: int


class StageName(StrEnum):
    """The aims, the most important first; each is pursued without giving up any before it."""

    REQUIRED = "required"  # required meetings held, most
    SERVED = "served"  # participants with at least one meeting, most
    UTILITY = "utility"  # total utility, most
    BREAKS = "breaks"  # groups of idle slots between two meetings of a participant, fewest
    TABLE_MOVES = "table_moves"  # changes of table between consecutive meetings, fewest


@dataclass(frozen=True, slots=True)
class Stage:
    """What one aim reached, and what no timetable with the same values before it can beat.

    The last stage, table moves, takes the slots as they are: its bound is for these meetings at these times.
    """

    name: StageName
    value: int
    bound: int

    @property
    def proved(self) -> bool:
        """Whether nothing better exists."""
        return self.value == self.bound


class Status(StrEnum):
    """How much is known about a timetable."""

    OPTIMAL = "optimal"  # proved best in every stage but, perhaps, table moves
    FEASIBLE = "feasible"  # every required meeting is held
    INFEASIBLE = "infeasible"  # proved: not every required meeting can be held; as many as we could are
    UNKNOWN = "unknown"  # some required meeting is not held, and it is not known whether all could be


Progress = Callable[[Stage], None]


@dataclass(frozen=True, slots=True)
class Timetable:
    """What was arranged: obeys every rule, whatever the time allowed; required meetings may be missing (see status)."""

    assignments: tuple[Assignment, ...]
    unplaced: tuple[Unplaced, ...] = ()
    stages: tuple[Stage, ...] = ()
    status: Status = Status.FEASIBLE

    def stage(self, name: StageName) -> Stage:
        """The stage of this name."""
        return next(stage for stage in self.stages if stage.name is name)


@dataclass(frozen=True, slots=True)
class Repair:
    """A mended timetable, and what it changes for whom.

    broken: published meetings the event itself made impossible as they stood.
    moved: published meetings now at another time or table. dropped: published, no longer held. added: not held before.
    told: participants whose own appointments differ from the published ones.
    """

    timetable: Timetable
    broken: tuple[int, ...]
    moved: tuple[int, ...]
    dropped: tuple[int, ...]
    added: tuple[int, ...]
    told: tuple[int, ...]


class RuleKind(StrEnum):
    """What may clash; the comment says what `number` (and `other`) of a `Rule` name."""

    REQUIRED = "required"  # a meeting that must be held
    UNAVAILABLE = "unavailable"  # a participant's absences
    CAP = "cap"  # the most meetings a participant wants
    TABLES = "tables"  # how many shared tables there are
    CLOSED = "closed"  # the slots in which a table is closed
    BOOTH = "booth"  # a participant receives at its own table only
    FIXED_SLOT = "fixed_slot"  # the slot of a meeting
    FIXED_TABLE = "fixed_table"  # the table of a meeting
    GROUP = "group"  # the group of slots of a meeting
    ORDER = "order"  # a meeting, and another that must be held before it
    SPREAD = "spread"  # the allowed difference between the breaks of two participants


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """One rule of the session. Two firms cannot be in two places at once: that is never listed."""

    kind: RuleKind
    number: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class Clash:
    """Rules that cannot all be kept; when minimal, any one of them could be given up and the others kept."""

    rules: tuple[Rule, ...]
    is_minimal: bool
