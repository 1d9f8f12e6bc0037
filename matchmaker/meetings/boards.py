"""A timetable as the grid and the lists that pages show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import MatchmakingEvent
from matchmaker.i18n import gettext as _
from matchmaker.meetings.hours import AFTERNOON, MORNING, half_words
from matchmaker.meetings.models import Meeting, Slot, Table
from matchmaker.web.formats import clock


@dataclass(frozen=True, slots=True)
class Column:
    """One table of the hall."""

    label: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the hall.

    marks: “clash” when a party gave up its seat, “pin” when the meeting is locked. url: where the meeting is picked.
    While one is being moved: to, the place as it is sent, where it may go; why, what stands in the way.
    """

    title: str
    sub: str
    marks: str = ""
    url: str = ""
    to: str = ""
    why: str = ""
    is_first: bool = False  # the cell that takes the keyboard's focus


@dataclass(frozen=True, slots=True)
class Row:
    """One slot across all tables, or, without cells, what the slots after it are called."""

    time: str
    cells: tuple[Cell | None, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """The whole hall."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """One line of a firm's own day."""

    time: str
    title: str
    sub: str
    url: str = ""
    end: str = ""
    free: bool = False


@dataclass(frozen=True, slots=True)
class Pick:
    """A meeting being moved: what stands in its way at each place (by slot and table), and the nearest free one."""

    meeting: Meeting
    obstacles: Mapping[tuple[int, int], str]
    nearest: tuple[int, int] | None

    def cell(self, place: tuple[int, int], there: Meeting | None) -> Cell:
        """What one place is to the meeting being moved."""
        if there is self.meeting:
            return replace(_cell(there), sub=str(_("原位置")), marks="from")
        why = str(_("已锁定")) if self.meeting.is_locked else self.obstacles[place]
        if why:
            return replace(_cell(there), why=why) if there else Cell(str(_("不可放")), why, why=why)
        return Cell(str(_("可放")), str(_("无冲突")), "drop", to=place_value(place), is_first=place == self.nearest)


def place_value(place: tuple[int, int]) -> str:
    """A slot and a table as a form sends them."""
    return f"{place[0]}-{place[1]}"


def board_of(
    slots: Sequence[Slot],
    tables: Sequence[Table],
    meetings: Sequence[Meeting],
    seated: set[int],
    *,
    pick: Pick | None = None,
    url_of: Callable[[Meeting], str] = lambda _meeting: "",
    focus: str = "",
    lunch: str = "",
) -> Board:
    """The grid of a timetable: slots down, tables across.

    pick: the meeting being moved. url_of: where a meeting is picked. focus: the public id of one to stand on.
    lunch: from when until when it is, in words.
    """
    held = {(meeting.slot_id, meeting.table_id): meeting for meeting in meetings}
    columns = tuple(
        Column(
            str(_("%(number)s 号桌", number=table.number)),
            str(_("%(count)s 个时段不开放", count=len(table.closed_slots))) if table.closed_slots else "",
        )
        for table in tables
    )

    def cell(slot: Slot, table: Table) -> Cell | None:
        there = held.get((slot.id, table.id))
        if pick is not None:
            return pick.cell((slot.number, table.number), there)
        if there is None:
            return None
        shown = _cell(there, seated)
        return replace(shown, url=url_of(there), is_first=there.public_id == focus)

    rows = [Row(clock(slot.starts_at), tuple(cell(slot, table) for table in tables)) for slot in slots]
    return Board(columns, tuple(_named(rows, _before_lunch(slots), lunch)))


def _before_lunch(slots: Sequence[Slot]) -> int:
    """How many slots were laid before the one that does not follow on the last; 0 where all follow."""
    return next((number for number, (one, other) in enumerate(pairwise(slots), 1) if one.ends_at < other.starts_at), 0)


def _named(rows: Sequence[Row], before: int, lunch: str) -> Iterator[Row]:
    """The rows under the names of the two halves of the day, where lunch parts them."""
    words = half_words()
    for number, row in enumerate(rows):
        if before and number == 0:
            yield Row(words[MORNING], ())
        elif before and number == before:
            yield Row(words[AFTERNOON], (), str(_("午休 %(hours)s", hours=lunch)))
        yield row


def _cell(meeting: Meeting, seated: set[int] | None = None) -> Cell:
    request = meeting.request
    has_left = seated is not None and not {request.asker_id, request.asked_id} <= seated
    marks = " ".join([*(["pin"] if meeting.is_locked else []), *(["clash"] if has_left else [])])
    return Cell(request.asker.display_name, f"× {request.asked.display_name}", marks)


def days_of(meetings: Sequence[Meeting]) -> list[tuple[Enterprise, list[Talk]]]:
    """Every participant with its talks in order, by name."""
    lines: dict[int, list[Talk]] = defaultdict(list)
    firms: dict[int, Enterprise] = {}
    for meeting in meetings:
        request = meeting.request
        for own, other in ((request.asker, request.asked), (request.asked, request.asker)):
            firms[own.id] = own
            lines[own.id].append(Talk(clock(meeting.slot.starts_at), other.name, table_word(meeting)))
    return sorted(((firms[key], talks) for key, talks in lines.items()), key=lambda pair: pair[0].name)


def by_event(meetings: Sequence[Meeting]) -> list[tuple[MatchmakingEvent, list[Meeting]]]:
    """Meetings in order of time, event by event."""
    groups: dict[int, tuple[MatchmakingEvent, list[Meeting]]] = {}
    for meeting in meetings:
        event = meeting.request.event
        groups.setdefault(event.id, (event, []))[1].append(meeting)
    return list(groups.values())


def table_word(meeting: Meeting) -> str:
    """The table of a meeting in words."""
    return str(_("%(number)s 号桌", number=meeting.table.number))


def clashes_in(meetings: Sequence[Meeting], seated: set[int]) -> int:
    """How many meetings lost a party."""
    return sum(not {each.request.asker_id, each.request.asked_id} <= seated for each in meetings)
