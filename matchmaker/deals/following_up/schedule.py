"""When a side is asked, and what its answers come to: plain values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from matchmaker.db import SHANGHAI
from matchmaker.deals.following_up.models import Answer

STEPS = (30, 60, 90, 180)
_MAIL_FROM = time(8, tzinfo=SHANGHAI)


def windows(today: date) -> list[tuple[int, datetime | None, datetime]]:
    """For each step its days and between which moments a deal asked for it now was confirmed, the oldest first.

    A deal is asked for the last step it has reached and for none it has passed, so that whatever was never asked
    about before costs one question and not four.
    """
    ends = [start_of(today - timedelta(days=days) + timedelta(days=1)) for days in STEPS]
    starts = [*ends[1:], None]
    return list(reversed(list(zip(STEPS, starts, ends, strict=True))))


def start_of(day: date) -> datetime:
    """The moment a Shanghai day begins."""
    return datetime.combine(day, time(), SHANGHAI)


def mail_from(today: date) -> datetime:
    """Before this nobody is written to."""
    return datetime.combine(today, _MAIL_FROM)


def contradict(answers: Iterable[Answer]) -> bool:
    """Whether one side calls off what the other still talks about."""
    said = set(answers)
    return Answer.OFF in said and Answer.TALKING in said
