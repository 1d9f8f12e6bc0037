"""What becomes of intents: how many turn into contracts, how soon, and of how many nothing is known.

Plain values in, plain values out: no database, no clock.
"""

from matchmaker.progress.conversion.cohorts import Cohort, Part, Whole, cohorts_of, reasons_of, whole_of
from matchmaker.progress.conversion.values import SILENT_DAYS, Fate, Intent, fate_of
from matchmaker.progress.conversion.waiting import MARKS, Mark, Waiting, waiting_of

__all__ = [
    "MARKS",
    "SILENT_DAYS",
    "Cohort",
    "Fate",
    "Intent",
    "Mark",
    "Part",
    "Waiting",
    "Whole",
    "cohorts_of",
    "fate_of",
    "reasons_of",
    "waiting_of",
    "whole_of",
]
