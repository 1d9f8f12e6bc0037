"""Say what came of a meeting."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.viewer import get_user
from matchmaker.errors import NotAllowed, RuleViolation
from matchmaker.i18n import gettext as _
from matchmaker.meetings import services
from matchmaker.meetings.forms import MISSED, OutcomeForm
from matchmaker.meetings.models import Meeting, MeetingOutcome, MeetingState
from matchmaker.meetings.policies import may_record
from matchmaker.meetings.views.blueprint import bp
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import expect_version, find_or_404
from matchmaker.web.policies import allow, policy
from matchmaker.web.visibility import visible


@bp.route("/meetings/<public_id:meeting_id>/outcome", methods=["GET", "POST"])
@policy(allow(Role.ENTERPRISE, Role.ORGANISER))
def outcome(meeting_id: str) -> AnyResponse:
    """Record whether a meeting was held and what came of it."""
    session, user, form = get_session(), get_user(), OutcomeForm()
    meeting = find_or_404(visible(Meeting, user), meeting_id)
    if not may_record(user, meeting):
        raise NotAllowed
    if not form.is_submitted():
        _show(form, meeting)
    elif form.validate():
        came = None if form.outcome.data == MISSED else MeetingOutcome(form.outcome.data)
        try:
            expect_version(meeting, form.seen)
            services.record_outcome(session, meeting=meeting, was_held=came is not None, outcome=came, actor=user)
        except RuleViolation as violation:
            form.form_errors.append(violation.message)
        else:
            answer = remember(redirect(_next(meeting, user)))
            session.commit()
            flash(_("已登记洽谈结果"), "success")
            return answer
    status = 422 if form.is_submitted() else 200
    return Response(
        render_template("meetings/outcome.html", form=form, meeting=meeting, back=_home_of(meeting, user)), status
    )


def _show(form: OutcomeForm, meeting: Meeting) -> None:
    form.seen_version.data = str(meeting.version)
    if meeting.state is MeetingState.MISSED:
        form.outcome.data = MISSED
    elif meeting.outcome is not None:
        form.outcome.data = meeting.outcome.value


def _next(meeting: Meeting, user: User) -> str:
    """A firm that came to terms goes on to declare them; everybody else goes back to where they were."""
    if user.role is Role.ENTERPRISE and meeting.outcome is MeetingOutcome.INTENT:
        return url_for("deals.declare", meeting=meeting.public_id)
    return _home_of(meeting, user)


def _home_of(meeting: Meeting, user: User) -> str:
    if user.role is Role.ORGANISER:
        return url_for("meetings.timetable", event_id=meeting.request.event.public_id)
    return url_for("meetings.mine")
