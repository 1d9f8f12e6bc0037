"""A first timetable, quickly: each meeting where it opens the fewest gaps, and others make way when none is open."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

from matchmaker.meetings.timetable.board import Board
from matchmaker.meetings.timetable.values import Instance, OutOfTime

ROUNDS = 3  # a meeting refused in one round may fit after others have moved


def place_all(board: Board, order: Sequence[int], out_of_time: OutOfTime) -> None:
    """Place the meetings in this order (predecessors come first whatever it says), as many as will go."""
    waiting = in_sequence(board.instance, order)
    for may_move in (False, *[True] * ROUNDS):
        waiting = [meeting for meeting in waiting if not _place(board, meeting, may_move and not out_of_time())]


def in_sequence(instance: Instance, order: Sequence[int]) -> list[int]:
    """The same meetings, each after those that must come before it; circles are left out."""
    rank = {meeting: place for place, meeting in enumerate(order)}
    open_befores = {k: {j for j in instance.meetings[k].after if j in rank} for k in order}
    followers: dict[int, list[int]] = {}
    for meeting, befores in open_befores.items():
        for before in befores:
            followers.setdefault(before, []).append(meeting)
    heap = [(rank[k], k) for k in order if not open_befores[k]]
    heapq.heapify(heap)
    result = []
    while heap:
        _, meeting = heapq.heappop(heap)
        result.append(meeting)
        for follower in followers.get(meeting, []):
            open_befores[follower].discard(meeting)
            if not open_befores[follower]:
                heapq.heappush(heap, (rank[follower], follower))
    return result


def _place(board: Board, meeting: int, may_move: bool) -> bool:
    if slots := board.open_slots(meeting):
        board.place(meeting, min(slots, key=lambda slot: (_added_breaks(board, meeting, slot), -board.spare[slot])))
        return True
    return may_move and board.wants_more(meeting) and _make_way(board, meeting)


def _added_breaks(board: Board, meeting: int, slot: int) -> int:
    return sum(_change(board.agenda[person], slot) for person in board.instance.meetings[meeting].sides)


def _change(busy: dict[int, int], slot: int) -> int:
    if not busy:
        return 0
    beside = (slot - 1 in busy) + (slot + 1 in busy)
    if beside == 0:
        # Outside the present span or inside a gap: either way one more gap.
        return 1
    return 1 - beside


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
