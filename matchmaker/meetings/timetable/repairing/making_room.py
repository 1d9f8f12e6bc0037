"""Which standing meetings may have to move so that a stuck one finds a place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

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


def take_over(board: Board, circle: Collection[int], stuck: Iterable[int]) -> None:
    """Hold each stuck meeting in the place of as few optional ones of the circle as can be, those wanted least.

    What comes of it is somewhere to begin a search, not the best: nobody is moved. Changes the board.
    """
    givers = _givers(board, circle)
    for meeting in stuck:
        ways = sorted(
            (len(leaving), sum(board.instance.meetings[k].utility for k in leaving), slot, leaving)
            for slot, leaving in _ways(board, givers, meeting)
        )
        for _, _, slot, leaving in ways:
            back = {k: board.slot_of[k] for k in leaving}
            for k in leaving:
                board.lift(k)
            if slot in board.open_slots(meeting):
                board.place(meeting, slot)
                break
            for k, there in back.items():
                board.place(k, there)


def _givers(board: Board, circle: Collection[int]) -> dict[int, list[int]]:
    """For each slot the meetings of the circle that may be given up, those wanted least first."""
    givers: dict[int, list[int]] = {}
    for meeting in sorted(circle, key=lambda k: (board.instance.meetings[k].utility, k)):
        if meeting in board.slot_of and not board.instance.meetings[meeting].required and board.is_free(meeting):
            givers.setdefault(board.slot_of[meeting], []).append(meeting)
    return givers


def _ways(board: Board, givers: dict[int, list[int]], meeting: int) -> Iterator[tuple[int, list[int]]]:
    """Each slot the meeting may take, with what has to leave for it."""
    sides, in_hall = board.instance.meetings[meeting].sides, board.domains.in_hall
    for slot in sorted(board.domains.slots[meeting]):
        may_go = [k for k in givers.get(slot, ()) if board.slot_of.get(k) == slot]
        leaving = sorted({board.agenda[person][slot] for person in sides if slot in board.agenda[person]})
        if any(k not in may_go for k in leaving):
            continue
        if in_hall[meeting] and board.spare[slot] + sum(in_hall[k] for k in leaving) <= 0:
            seat = next((k for k in may_go if in_hall[k] and k not in leaving), None)
            if seat is None:
                continue
            leaving.append(seat)
        yield slot, leaving
