"""The verbs of meetings: ask and answer, compute and publish the timetable, say what came of it."""

from __future__ import annotations

from matchmaker.meetings.services.computing import compute_timetable
from matchmaker.meetings.services.publishing import publish_timetable, start_timetable, unpublish_timetable
from matchmaker.meetings.services.recording import record_outcome
from matchmaker.meetings.services.requesting import (
    accept_meeting,
    ask_for_meeting,
    decline_meeting,
    reopen_meeting,
    withdraw_meeting,
)

__all__ = [
    "accept_meeting",
    "ask_for_meeting",
    "compute_timetable",
    "decline_meeting",
    "publish_timetable",
    "record_outcome",
    "reopen_meeting",
    "start_timetable",
    "unpublish_timetable",
    "withdraw_meeting",
]
