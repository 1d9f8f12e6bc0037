"""Tell participants what of their day they did not know yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy.orm import Session

from matchmaker.db import SHANGHAI
from matchmaker.i18n import gettext as _
from matchmaker.meetings.changes import Change, Difference
from matchmaker.meetings.models import Meeting, MeetingRequest, TimetableVersion
from matchmaker.meetings.queries import meetings_of_timetable
from matchmaker.notices.services import tell


def tell_participants(session: Session, timetable: TimetableVersion) -> None:
    """One notice for each participant, with each of its talks."""
    lines: dict[int, list[str]] = defaultdict(list)
    for meeting in meetings_of_timetable(session, timetable):
        for own, other in _sides(meeting.request):
            lines[own].append(_("%(place)s与%(other)s洽谈", place=_place(meeting), other=other))
    _send(session, lines, _("“%(title)s”排期已发布", title=timetable.event.title))


def tell_changes(session: Session, timetable: TimetableVersion, changed: Difference) -> None:
    """One notice for each participant whose own appointments changed; nobody else hears anything."""
    lines: dict[int, list[str]] = defaultdict(list)
    for change in changed.changes:
        for own, other in _sides(change.request):
            lines[own].append(_line(change, other))
    _send(session, lines, _("“%(title)s”排期有变动，请查看", title=timetable.event.title))


def tell_taken_back(session: Session, timetable: TimetableVersion) -> None:
    """The timetable participants knew is no longer valid."""
    title = _("“%(title)s”排期已撤回，请等待新的排期", title=timetable.event.title)
    meetings = meetings_of_timetable(session, timetable)
    for enterprise_id in {own for meeting in meetings for own, _other in _sides(meeting.request)}:
        tell(session, title=title, path="/meetings", enterprise_id=enterprise_id)


def _send(session: Session, lines: dict[int, list[str]], title: str) -> None:
    for enterprise_id, talks in lines.items():
        tell(session, title=title, body="；".join(talks), path="/meetings", enterprise_id=enterprise_id)


def _line(change: Change, other: str) -> str:
    if change.before is None and change.after is not None:
        return str(_("新增：%(place)s与%(other)s洽谈", place=_place(change.after), other=other))
    if change.before is not None and change.after is None:
        return str(_("取消：原定%(place)s与%(other)s的洽谈", place=_place(change.before), other=other))
    before, after = (_place(each) for each in (change.before, change.after) if each is not None)
    return str(_("改动：与%(other)s的洽谈由%(before)s改到%(after)s", other=other, before=before, after=after))


def _place(meeting: Meeting) -> str:
    time = f"{meeting.slot.starts_at.astimezone(SHANGHAI):%H:%M}"
    return str(_("%(time)s 在 %(table)s 号桌", time=time, table=meeting.table.number))


def _sides(request: MeetingRequest) -> Iterable[tuple[int, str]]:
    """Each side with the name of the other."""
    return (request.asker_id, request.asked.display_name), (request.asked_id, request.asker.display_name)
