"""Where a meeting of a draft may go, and what stands in the way everywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from matchmaker.i18n import gettext as _
from matchmaker.meetings.models import Meeting, Slot, Table


@dataclass(frozen=True, slots=True)
class Hall:
    """One version of a timetable as it stands: who is where, who is away, which tables are closed."""

    slots: Sequence[Slot]
    tables: Sequence[Table]
    meetings: Sequence[Meeting]
    absent: Mapping[int, Iterable[int]] = field(default_factory=dict)  # numbers of slots, by enterprise id

    def obstacles(self, meeting: Meeting) -> dict[tuple[int, int], str]:
        """For every slot and table (by number), why the meeting cannot be held there; empty words where it can."""
        others = [each for each in self.meetings if each is not meeting]
        taken = {(each.slot.number, each.table.number): each for each in others}
        found = {}
        for slot in self.slots:
            away = self._absent(meeting, slot) or _busy(meeting, slot, others)
            for table in self.tables:
                place = slot.number, table.number
                found[place] = away or _closed(table, slot) or _taken(taken.get(place))
        return found

    def nearest(self, meeting: Meeting, wanted: tuple[int, int]) -> tuple[int, int] | None:
        """The free place nearest to a wanted one: nearest in time, then in the hall."""
        here = meeting.slot.number, meeting.table.number
        free = [place for place, why in self.obstacles(meeting).items() if not why and place != here]
        return min(free, key=lambda p: (abs(p[0] - wanted[0]), abs(p[1] - wanted[1]), p), default=None)

    def _absent(self, meeting: Meeting, slot: Slot) -> str:
        for firm in (meeting.request.asker, meeting.request.asked):
            if slot.number in self.absent.get(firm.id, ()):
                return str(_("%(firm)s此时不在场", firm=firm.display_name))
        return ""


def _busy(meeting: Meeting, slot: Slot, others: Iterable[Meeting]) -> str:
    for firm in (meeting.request.asker, meeting.request.asked):
        for each in others:
            request = each.request
            if each.slot_id == slot.id and firm.id in (request.asker_id, request.asked_id):
                other = request.asked if request.asker_id == firm.id else request.asker
                return str(
                    _(
                        "%(firm)s此时在 %(table)s 号桌与%(other)s洽谈",
                        firm=firm.display_name,
                        table=each.table.number,
                        other=other.display_name,
                    )
                )
    return ""


def _closed(table: Table, slot: Slot) -> str:
    return str(_("这张桌此时不开放")) if slot.number in table.closed_slots else ""


def _taken(other: Meeting | None) -> str:
    if other is None:
        return ""
    request = other.request
    return str(_("桌位已排%(one)s × %(other)s", one=request.asker.display_name, other=request.asked.display_name))
