"""The verbs of meetings: ask and answer, compute, arrange, publish and mend the timetable, say what came of it."""

from __future__ import annotations

from matchmaker.meetings.services.arranging import lock_meeting, move_meeting, undo_move
from matchmaker.meetings.services.computing import compute_timetable
from matchmaker.meetings.services.limiting import close_table, limit_firm
from matchmaker.meetings.services.publishing import (
    discard_timetable,
    publish_timetable,
    start_timetable,
    take_up_timetable,
    unpublish_timetable,
)
from matchmaker.meetings.services.recording import record_outcome
from matchmaker.meetings.services.repairing import (
    add_agreed_meeting,
    mend_called_off,
    mend_firm_away,
    mend_newcomers,
    mend_table_lost,
    undo_repair,
)
from matchmaker.meetings.services.requesting import (
    accept_meeting,
    ask_for_meeting,
    decline_meeting,
    reopen_meeting,
    withdraw_meeting,
)

__all__ = [
    "accept_meeting",
    "add_agreed_meeting",
    "ask_for_meeting",
    "close_table",
    "compute_timetable",
    "decline_meeting",
    "discard_timetable",
    "limit_firm",
    "lock_meeting",
    "mend_called_off",
    "mend_firm_away",
    "mend_newcomers",
    "mend_table_lost",
    "move_meeting",
    "publish_timetable",
    "record_outcome",
    "reopen_meeting",
    "start_timetable",
    "take_up_timetable",
    "undo_move",
    "undo_repair",
    "unpublish_timetable",
    "withdraw_meeting",
]
