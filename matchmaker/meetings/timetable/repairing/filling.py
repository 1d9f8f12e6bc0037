"""Places for meetings that have none, beside what stands."""

from __future__ import annotations

from collections.abc import Collection

from matchmaker.meetings.timetable.board import Board
from matchmaker.meetings.timetable.measuring import is_fair
from matchmaker.meetings.timetable.placing import in_sequence
from matchmaker.meetings.timetable.repairing.damage import Damage


def fill(board: Board, damage: Damage, seats: Collection[tuple[int, int]]) -> None:
    """Hold what can be held without moving anybody: what is required, what was published, then what was left out.

    seats: tables and slots at which those who stay sit; a meeting tied to such a table cannot have it then.
    """
    waiting = [k for k in range(len(board.instance.meetings)) if k not in board.slot_of and damage.domains.slots[k]]

    def urgency(meeting: int) -> tuple[bool, bool, bool, int, int]:
        request = board.instance.meetings[meeting]
        is_served = all(board.agenda[person] for person in request.sides)
        return (not request.required, meeting not in damage.published, is_served, -request.utility, meeting)

    for meeting in in_sequence(board.instance, sorted(waiting, key=urgency)):
        published = damage.published.get(meeting)
        before = None if published is None else published.slot
        slots = [slot for slot in board.open_slots(meeting) if (board.pinned[meeting], slot) not in seats]
        for slot in sorted(slots, key=lambda slot: (slot != before, board.added_breaks(meeting, slot), slot)):
            if _keeps_spread(board, meeting, slot):
                board.place(meeting, slot)
                break


def _keeps_spread(board: Board, meeting: int, slot: int) -> bool:
    """Whether the spread of breaks stays as demanded."""
    if board.instance.fairness is None:
        return True
    return is_fair(board.instance, {**board.slot_of, meeting: slot})
