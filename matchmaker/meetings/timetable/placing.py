"""A first timetable, quickly: each meeting where it opens the fewest gaps, and others make way when none is open."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterable, Sequence

from matchmaker.meetings.timetable.board import Board
from matchmaker.meetings.timetable.measuring import rank
from matchmaker.meetings.timetable.values import Instance, OutOfTime

ROUNDS = 3  # a meeting refused in one round may fit after others have moved
EJECTIONS = 5  # for each meeting chosen, spent on those still without a slot
MEMORY = 20  # turns for which a meeting may not return to where it was driven from


def place_all(board: Board, order: Sequence[int], out_of_time: OutOfTime) -> None:
    """Place the meetings in this order (predecessors come first whatever it says), as many as will go."""
    waiting = place_open(board, order)
    for _ in range(ROUNDS):
        waiting = [meeting for meeting in waiting if out_of_time() or not _place(board, meeting, may_move=True)]
    if waiting and not out_of_time():
        before = dict(board.slot_of)
        after = _Ejection(board, waiting).run(EJECTIONS * len(order), out_of_time)
        board.restore(max(before, after, key=lambda slots: rank(board.instance, slots)))


def place_open(board: Board, order: Sequence[int]) -> list[int]:
    """Place the meetings for which a slot is open, in this order; returns those for which there is none."""
    return [meeting for meeting in in_sequence(board.instance, order) if not _place(board, meeting, may_move=False)]


def in_sequence(instance: Instance, order: Sequence[int]) -> list[int]:
    """The same meetings, each after those that must come before it; circles are left out."""
    place_of = {meeting: place for place, meeting in enumerate(order)}
    open_befores = {k: {j for j in instance.meetings[k].after if j in place_of} for k in order}
    followers: dict[int, list[int]] = {}
    for meeting, befores in open_befores.items():
        for before in befores:
            followers.setdefault(before, []).append(meeting)
    heap = [(place_of[k], k) for k in order if not open_befores[k]]
    heapq.heapify(heap)
    result = []
    while heap:
        _, meeting = heapq.heappop(heap)
        result.append(meeting)
        for follower in followers.get(meeting, []):
            open_befores[follower].discard(meeting)
            if not open_befores[follower]:
                heapq.heappush(heap, (place_of[follower], follower))
    return result


def _place(board: Board, meeting: int, *, may_move: bool) -> bool:
    if slots := board.open_slots(meeting):
        board.place(meeting, min(slots, key=lambda slot: (board.added_breaks(meeting, slot), -board.spare[slot])))
        return True
    return may_move and board.wants_more(meeting) and _make_way(board, meeting)


def _make_way(board: Board, meeting: int) -> bool:
    """Let other meetings change places between two slots so that this one can be held in one of them."""
    for here in sorted(board.domains.slots[meeting]):
        if not board.follows(meeting, here):
            continue
        for starts in _obstacles(board, meeting, here):
            for there in range(board.instance.slots):
                if there != here and _exchange(board, meeting, starts, here, there):
                    return True
    return False


def _obstacles(board: Board, meeting: int, slot: int) -> Iterable[list[int]]:
    """Meetings that must leave the slot: those of the two sides; else, the hall being full, any at a shared table."""
    sides = board.instance.meetings[meeting].sides
    if blockers := sorted({board.agenda[person][slot] for person in sides if slot in board.agenda[person]}):
        return [blockers]
    if board.pinned[meeting] is not None:
        return []
    return [[k] for k in sorted(board.slot_of) if board.slot_of[k] == slot and board.domains.in_hall[k]]


def _exchange(board: Board, meeting: int, starts: list[int], here: int, there: int) -> bool:
    chain = board.chain(starts, here, there)
    if chain is None or any(board.agenda[p].get(there) in chain for p in board.instance.meetings[meeting].sides):
        return False
    freed = board.tables_freed(chain, here)
    wanted = int(board.domains.in_hall[meeting])
    if board.spare[here] + freed < wanted or board.spare[there] - freed < 0:
        return False
    board.exchange(chain, here, there)
    if board.has_table(meeting, here):
        board.place(meeting, here)
        return True
    return False


class _Ejection:
    """A meeting takes a slot and drives out whoever is in the way; they look for another and may not return at once."""

    def __init__(self, board: Board, waiting: list[int]) -> None:
        self.board = board
        self.waiting = [meeting for meeting in waiting if board.is_free(meeting)]
        self._chance = random.Random(0).random  # noqa: S311 -- repeatable, not secret
        self._barred: dict[tuple[int, int], int] = {}  # until which turn

    def run(self, turns: int, out_of_time: OutOfTime) -> dict[int, int]:
        """Go on for so many turns, or until nobody waits; the slots when the fewest did."""
        best, fewest = dict(self.board.slot_of), len(self.waiting)
        for turn in range(turns):
            if not self.waiting or out_of_time():
                break
            self._turn(turn)
            if len(self.waiting) < fewest:
                best, fewest = dict(self.board.slot_of), len(self.waiting)
        return best

    def _turn(self, turn: int) -> None:
        meeting = self.waiting.pop(int(self._chance() * len(self.waiting)))
        if not self.board.wants_more(meeting):
            return
        rooms = [slot for slot in sorted(self.board.domains.slots[meeting]) if self._may(meeting, slot, turn)]
        ways = [(self._in_the_way(meeting, slot), slot) for slot in rooms]
        ways = [(out, slot) for out, slot in ways if all(map(self.board.is_free, out))]
        if ways:
            self._take(meeting, *min(ways, key=lambda way: (len(way[0]), self._chance())), turn)
        else:
            self.waiting.append(meeting)

    def _may(self, meeting: int, slot: int, turn: int) -> bool:
        return self._barred.get((meeting, slot), -1) < turn

    def _in_the_way(self, meeting: int, slot: int) -> set[int]:
        """Whoever meets one of the sides then; else, the hall being full, anybody at a shared table."""
        board = self.board
        sides = board.instance.meetings[meeting].sides
        out = {board.agenda[person][slot] for person in sides if slot in board.agenda[person]}
        if board.domains.in_hall[meeting] and board.spare[slot] + sum(board.domains.in_hall[k] for k in out) < 1:
            seated = board.seated(slot)
            out.add(seated[int(self._chance() * len(seated))])
        return out

    def _take(self, meeting: int, out: set[int], slot: int, turn: int) -> None:
        for other in sorted(out):
            self.board.lift(other)
            self._barred[other, slot] = turn + MEMORY
            self.waiting.append(other)
        if self.board.has_table(meeting, slot):
            self.board.place(meeting, slot)
        else:
            self.waiting.append(meeting)
