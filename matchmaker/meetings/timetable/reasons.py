"""For every meeting left out, the rule that binds, and what would help."""

from __future__ import annotations

from dataclasses import replace

from matchmaker.meetings.timetable.board import Board
from matchmaker.meetings.timetable.domains import Domains
from matchmaker.meetings.timetable.measuring import is_fair
from matchmaker.meetings.timetable.remedies import Remedies
from matchmaker.meetings.timetable.values import Cause, Instance, Unplaced


def reasons(instance: Instance, domains: Domains, slots: dict[int, int]) -> tuple[Unplaced, ...]:
    """Why each meeting without a slot has none, given everything that is held."""
    board = Board(instance, domains, slots)
    remedies = Remedies(board)
    missing = [meeting for meeting in range(len(instance.meetings)) if meeting not in slots]
    causes = [domains.impossible.get(meeting) or _reason(board, meeting) for meeting in missing]
    return tuple(replace(left, remedy=remedies.of(left.meeting)) for left in causes)


def _reason(board: Board, meeting: int) -> Unplaced:
    sides = board.instance.meetings[meeting].sides
    if capped := tuple(person for person in sides if board.is_full(person)):
        return Unplaced(meeting, Cause.CAP, firms=capped)
    for before in board.instance.meetings[meeting].after:
        if before not in board.slot_of:
            return Unplaced(meeting, Cause.PRECEDENCE, before=before)
    room = board.domains.slots[meeting]
    if full := tuple(person for person in sides if room <= board.agenda[person].keys()):
        return Unplaced(meeting, Cause.FIRM_FULL, firms=full)
    common = board.common_slots(meeting)
    if not common:
        return Unplaced(meeting, Cause.NO_FREE_SLOT, firms=sides)
    return _no_place(board, meeting, common)


def _no_place(board: Board, meeting: int, common: list[int]) -> Unplaced:
    late_enough = [slot for slot in common if board.follows(meeting, slot)]
    if not late_enough:
        last = max(board.instance.meetings[meeting].after, key=lambda before: board.slot_of[before])
        return Unplaced(meeting, Cause.PRECEDENCE, before=last)
    seated = [slot for slot in late_enough if board.has_table(meeting, slot)]
    if not seated:
        return Unplaced(meeting, Cause.HALL_FULL, slots=tuple(late_enough), table=board.pinned[meeting])
    fair = any(is_fair(board.instance, {**board.slot_of, meeting: slot}) for slot in seated)
    return Unplaced(meeting, Cause.OUTWEIGHED if fair else Cause.SPREAD, slots=tuple(seated))
