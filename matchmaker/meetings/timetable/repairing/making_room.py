"""Which standing meetings may have to move so that a stuck one finds a place."""

from __future__ import annotations

from collections.abc import Iterable

from matchmaker.meetings.timetable.board import Board

CHOICE = 12  # meetings of a full slot that are asked to leave it, those whose move costs least


def neighbours(board: Board, meetings: Iterable[int]) -> set[int]:
    """The meetings held by anybody who takes part in these."""
    people = {person for k in meetings for person in board.instance.meetings[k].sides}
    return {k for person in people for k in board.agenda[person].values()}


def seat_givers(board: Board, stuck: Iterable[int]) -> set[int]:
    """Meetings that could leave a full hall for another slot, or be given up, in slots the stuck ones could use."""
    needy = [k for k in stuck if board.domains.in_hall[k]]
    full = {slot for k in needy for slot in board.domains.slots[k] if board.spare[slot] <= 0}
    in_slot: dict[int, list[int]] = {slot: [] for slot in sorted(full)}
    for meeting, slot in sorted(board.slot_of.items()):
        if slot in full and board.domains.in_hall[meeting]:
            in_slot[slot].append(meeting)
    return {k for meetings in in_slot.values() for k in (*_movable(board, meetings), *_cheapest(board, meetings))}


def _movable(board: Board, meetings: list[int]) -> list[int]:
    costs = []
    for meeting in meetings:
        slots = [s for s in board.common_slots(meeting) if board.has_table(meeting, s) and board.follows(meeting, s)]
        if slots:
            costs.append((min(board.added_breaks(meeting, slot) for slot in slots), meeting))
    return [meeting for _, meeting in sorted(costs)[:CHOICE]]


def _cheapest(board: Board, meetings: list[int]) -> list[int]:
    optional = [k for k in meetings if not board.instance.meetings[k].required]
    return sorted(optional, key=lambda k: (board.instance.meetings[k].utility, k))[:CHOICE]
