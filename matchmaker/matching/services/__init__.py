"""What matching does: keep lists of suggestions and take answers to them."""

from matchmaker.matching.services.suggesting import (
    REINDEX,
    IndexNotKept,
    Replay,
    answer_suggestion,
    is_reindex_waiting,
    keep_run,
    note_changes,
    promise_reindex,
    replay,
    suggest,
    take_back_answer,
)

__all__ = [
    "REINDEX",
    "IndexNotKept",
    "Replay",
    "answer_suggestion",
    "is_reindex_waiting",
    "keep_run",
    "note_changes",
    "promise_reindex",
    "replay",
    "suggest",
    "take_back_answer",
]
