"""Slots for what lost its place: first beside everybody else, then in wider circles of others who may move."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from matchmaker.meetings.timetable.board import Board
from matchmaker.meetings.timetable.repairing.damage import Damage
from matchmaker.meetings.timetable.repairing.making_room import neighbours, seat_givers, take_over
from matchmaker.meetings.timetable.repairing.nearby import Found, Nearby
from matchmaker.meetings.timetable.values import Instance, OutOfTime

RESCUE = 2  # others who may be disturbed so that published meetings nobody required are still held
POLISH = 0.08  # work spent on changed hours and breaks once it is settled who must move
LARGEST = 15_000  # pairs of meeting and slot in a model; beyond, it takes longer than anybody waits


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What one circle reached. Smaller ranks are better."""

    model: Nearby
    found: Found
    unheld: int  # meetings owed to somebody and not held

    @property
    def rank(self) -> tuple[int, int, int, int]:
        return self.found.missing, max(0, self.found.others - RESCUE), self.unheld, self.found.others


def rearrange(instance: Instance, damage: Damage, *, seed: int, work: float, out_of_time: OutOfTime) -> Board:
    """The board after the repair: every standing meeting where it was, unless something required it to move."""
    board = Board(instance, damage.domains, {k: held.slot for k, held in damage.standing.items()})
    circle: frozenset[int] | None = _homeless(instance, damage)
    hopeless = _hopeless(instance, damage)
    best: _Attempt | None = None
    while circle is not None and work > 0 and not out_of_time():
        model = Nearby(instance, damage, _without(board, circle), circle)
        start = _start(board, best, circle)
        found = model.solve(start=start, rescue=RESCUE, seed=seed, out_of_time=out_of_time)
        if found is not None:
            attempt = _Attempt(model, found, len(_owed(instance, damage) & circle - found.slots.keys()))
            best = attempt if best is None or attempt.rank < best.rank else best
            work -= found.work
        is_good = best is not None and best.unheld <= hopeless
        circle = None if is_good else _wider(board, damage, circle, found)
    if best is None:
        return board
    effort = min(POLISH, max(work, 0.0))
    found = best.model.polish(best.found, work=effort, seed=seed, out_of_time=out_of_time)
    repaired = best.model.board
    for meeting, slot in found.slots.items():
        repaired.place(meeting, slot)
    return repaired


def _start(board: Board, best: _Attempt | None, circle: frozenset[int]) -> dict[int, int]:
    """Where a search in this circle begins: the best so far, with whatever is still missing in the place of others."""
    held = board.slot_of if best is None else {**best.model.board.slot_of, **best.found.slots}
    start = Board(board.instance, board.domains, held)
    missing = (k for k in sorted(circle - held.keys()) if board.instance.meetings[k].required)
    take_over(start, circle, missing)
    return start.slot_of


def _owed(instance: Instance, damage: Damage) -> frozenset[int]:
    """What was published or is required, and could be held somewhere."""
    owed = damage.published.keys() | {k for k, request in enumerate(instance.meetings) if request.required}
    return frozenset(k for k in owed if damage.domains.slots[k])


def _hopeless(instance: Instance, damage: Damage) -> int:
    """How many of the owed meetings cannot be held at least, because somebody has too few slots for its own."""
    counts: Counter[int] = Counter()
    slots: defaultdict[int, set[int]] = defaultdict(set)
    for meeting in _owed(instance, damage):
        for person in instance.meetings[meeting].sides:
            counts[person] += 1
            slots[person] |= damage.domains.slots[meeting]
    room = {person: len(slots[person]) for person in counts}
    for person in counts:
        cap = instance.participants[person].max_meetings
        room[person] = room[person] if cap is None else min(room[person], cap)
    excess = [max(0, counts[person] - room[person]) for person in counts]
    return max(*excess, (sum(excess) + 1) // 2) if excess else 0


def _homeless(instance: Instance, damage: Damage) -> frozenset[int]:
    return _owed(instance, damage) - damage.standing.keys()


def _without(board: Board, meetings: frozenset[int]) -> Board:
    stay = {meeting: slot for meeting, slot in board.slot_of.items() if meeting not in meetings}
    return Board(board.instance, board.domains, stay)


def _wider(board: Board, damage: Damage, circle: frozenset[int], found: Found | None) -> frozenset[int] | None:
    """The next circle; None when it would be the same or too large, or when only optional meetings are still lost."""
    if found is None:
        wider = frozenset(board.slot_of) | circle
    elif circle.isdisjoint(damage.standing) or found.missing:
        stuck = circle - found.slots.keys()
        near = neighbours(board, stuck if circle.isdisjoint(damage.standing) else circle)
        wider = circle | near | seat_givers(board, stuck)
    else:
        return None
    size = sum(len(damage.domains.slots[meeting]) for meeting in wider)
    return wider if wider != circle and size <= LARGEST else None
