"""A programme's facts read from the database, and counted by the function every other surface calls.

Deals and events are known by their public ids, enterprises by their credit codes. A deal belongs to the
programme of its event; one without an event to the year in which it was first declared; a duplicate to
the programme of the deal it repeats.
"""

from matchmaker.deals.recounting.answering import export_facts, recount, recounted
from matchmaker.deals.recounting.attending import Attendance, attendance_of, attended
from matchmaker.deals.recounting.books import Books, Reached, Recount, StageEntry
from matchmaker.deals.recounting.document import in_pieces, written
from matchmaker.deals.recounting.judging import Judged, judge_some, judged
from matchmaker.deals.recounting.outline import Frame, read_frame, register_mark

__all__ = [
    "Attendance",
    "Books",
    "Frame",
    "Judged",
    "Reached",
    "Recount",
    "StageEntry",
    "attendance_of",
    "attended",
    "export_facts",
    "in_pieces",
    "judge_some",
    "judged",
    "read_frame",
    "recount",
    "recounted",
    "register_mark",
    "written",
]
