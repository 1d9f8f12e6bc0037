"""Arrange a draft by hand: lock a meeting, move it, take the move back."""

from __future__ import annotations

from flask import flash, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.policies import organisers
from matchmaker.accounts.viewer import get_user
from matchmaker.errors import RuleViolation
from matchmaker.i18n import gettext as _
from matchmaker.meetings import queries, services
from matchmaker.meetings.models import Meeting, Slot, Table
from matchmaker.meetings.views.blueprint import bp
from matchmaker.meetings.views.reach import own_meeting, own_timetable, to_timetable
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import expect_version
from matchmaker.web.policies import policy


@bp.post("/meetings/<public_id:meeting_id>/move")
@policy(organisers)
def move(meeting_id: str) -> AnyResponse:
    """Hold a meeting elsewhere; what stands in the way is said on the board."""
    session, user, meeting = get_session(), get_user(), own_meeting(meeting_id)
    slot, table = _wanted(meeting)
    try:
        expect_version(meeting.timetable, request.form.get("seen_version", type=int))
        services.move_meeting(session, meeting=meeting, slot=slot, table=table, actor=user)
    except RuleViolation as violation:
        flash(violation.message, "warning")
        return _to_board(meeting, pick=meeting.public_id)
    answer = remember(_to_board(meeting, at=meeting.public_id))
    session.commit()
    flash(_("已移到 %(table)s 号桌", table=table.number), "success")
    return answer


def _wanted(meeting: Meeting) -> tuple[Slot, Table]:
    """The slot and table sent as “slot-table”, both by number."""
    session, event = get_session(), meeting.timetable.event
    slot, _dash, table = request.form.get("to", "").partition("-")
    if not (slot.isascii() and slot.isdigit() and table.isascii() and table.isdigit() and len(slot + table) < 10):  # noqa: PLR2004
        raise BadRequest
    found = queries.find_slot(session, event, int(slot)), queries.find_table(session, event, int(table))
    if found[0] is None or found[1] is None:
        raise BadRequest
    return found[0], found[1]


@bp.post("/meetings/<public_id:meeting_id>/lock")
@policy(organisers)
def lock(meeting_id: str) -> AnyResponse:
    """Keep a meeting where it is when the timetable is computed anew."""
    return _lock(meeting_id, is_locked=True)


@bp.post("/meetings/<public_id:meeting_id>/unlock")
@policy(organisers)
def unlock(meeting_id: str) -> AnyResponse:
    """Let a meeting go."""
    return _lock(meeting_id, is_locked=False)


def _lock(meeting_id: str, *, is_locked: bool) -> AnyResponse:
    session, user, meeting = get_session(), get_user(), own_meeting(meeting_id)
    services.lock_meeting(session, meeting=meeting, is_locked=is_locked, actor=user)
    answer = remember(_to_board(meeting, at=meeting.public_id))
    session.commit()
    flash(_("已锁定，重算时不动") if is_locked else _("已解锁"), "success")
    return answer


@bp.post("/timetables/<public_id:timetable_id>/undo-move")
@policy(organisers)
def undo_move(timetable_id: str) -> AnyResponse:
    """Put the meeting moved last back."""
    session, user, version = get_session(), get_user(), own_timetable(timetable_id)
    try:
        meeting = services.undo_move(session, timetable=version, actor=user)
    except RuleViolation as violation:
        flash(violation.message, "warning")
        return to_timetable(version.event, version=version.public_id, anchor="board")
    answer = remember(_to_board(meeting, at=meeting.public_id))
    session.commit()
    flash(_("已移回原位置"), "success")
    return answer


def _to_board(meeting: Meeting, **place: str) -> AnyResponse:
    version = meeting.timetable
    return to_timetable(version.event, version=version.public_id, anchor="board", **place)
