"""A timetable as the grid, lists and reasons that pages show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import MatchmakingEvent
from matchmaker.i18n import gettext as _
from matchmaker.meetings.models import Meeting, MeetingRequest, Slot, Table, TimetableVersion
from matchmaker.meetings.words import reason_of, remedy_of
from matchmaker.web.formats import clock


@dataclass(frozen=True, slots=True)
class Column:
    """One table of the hall."""

    label: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One meeting in its slot; `marks` says “clash” when a party gave up its seat."""

    title: str
    sub: str
    marks: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One slot across all tables."""

    time: str
    cells: tuple[Cell | None, ...]


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
class LeftOut:
    """A request without a place, why, and what would help."""

    pair: str
    reason: str
    remedy: str
    url: str = ""


def board_of(slots: Sequence[Slot], tables: Sequence[Table], meetings: Sequence[Meeting], seated: set[int]) -> Board:
    """The grid of a timetable: slots down, tables across."""
    held = {(meeting.slot_id, meeting.table_id): meeting for meeting in meetings}
    columns = tuple(Column(str(_("%(number)s 号桌", number=table.number))) for table in tables)
    rows = []
    for slot in slots:
        found = [held.get((slot.id, table.id)) for table in tables]
        rows.append(Row(clock(slot.starts_at), tuple(_cell(each, seated) if each else None for each in found)))
    return Board(columns, tuple(rows))


def _cell(meeting: Meeting, seated: set[int]) -> Cell:
    request = meeting.request
    marks = "" if {request.asker_id, request.asked_id} <= seated else "clash"
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


def left_out_of(
    timetable: TimetableVersion, requests: Mapping[int, MeetingRequest], slots: Sequence[Slot]
) -> list[LeftOut]:
    """The requests a version left out, in words."""
    times = {slot.number: clock(slot.starts_at) for slot in slots}
    lines = []
    for row in timetable.unplaced:
        request = requests.get(row["request_id"])
        if request is None:
            continue
        names = {request.asker_id: request.asker.display_name, request.asked_id: request.asked.display_name}
        firms = [names[firm] for firm in row["firm_ids"] if firm in names]
        when = [times[number] for number in row["slots"] if number in times]
        reason = reason_of(row["cause"], firms=firms, times=when)
        lines.append(LeftOut(" × ".join(names.values()), reason, remedy_of(row["cause"])))
    return lines


def clashes_in(meetings: Sequence[Meeting], seated: set[int]) -> int:
    """How many meetings lost a party."""
    return sum(not {each.request.asker_id, each.request.asked_id} <= seated for each in meetings)
