"""What differs between two versions of a timetable, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.meetings.models import Meeting, MeetingRequest


@dataclass(frozen=True, slots=True)
class Change:
    """One request's meeting before and after; at least one of them is there."""

    request: MeetingRequest
    before: Meeting | None
    after: Meeting | None

    @property
    def kind(self) -> str:
        """`added`, `dropped`, `moved` to another hour, or only `reseated` at another table."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "dropped"
        return "moved" if self.before.slot_id != self.after.slot_id else "reseated"


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes from one version to another, by the hour of what was or will be."""

    changes: tuple[Change, ...]
    unchanged: int

    @property
    def firm_ids(self) -> frozenset[int]:
        """The enterprises whose own appointments differ."""
        return frozenset(firm for each in self.changes for firm in (each.request.asker_id, each.request.asked_id))


def difference(before: Sequence[Meeting], after: Sequence[Meeting]) -> Difference:
    """What somebody who knew one version must learn about the other."""
    old = {meeting.request_id: meeting for meeting in before}
    new = {meeting.request_id: meeting for meeting in after}
    changes = [
        Change((old.get(key) or new[key]).request, old.get(key), new.get(key))
        for key in old.keys() | new.keys()
        if _place(old.get(key)) != _place(new.get(key))
    ]
    same = sum(_place(meeting) == _place(new.get(key)) for key, meeting in old.items())
    return Difference(tuple(sorted(changes, key=_hour)), same)


def _place(meeting: Meeting | None) -> tuple[int, int] | None:
    return None if meeting is None else (meeting.slot_id, meeting.table_id)


def _hour(change: Change) -> tuple[int, int, int]:
    meeting = change.before or change.after
    assert meeting is not None  # noqa: S101 -- a change has at least one side
    return meeting.slot.number, meeting.table.number, change.request.id
