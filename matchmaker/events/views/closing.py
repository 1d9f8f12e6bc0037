"""The close-out: reported by the organiser, approved by another office."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import offices, organisers
from matchmaker.accounts.viewer import get_user
from matchmaker.db import utcnow
from matchmaker.errors import NotAllowed, RuleViolation
from matchmaker.events import queries, services
from matchmaker.events.forms import CloseoutForm
from matchmaker.events.models import EventState, MatchmakingEvent, RegistrationState
from matchmaker.events.policies import may_approve, may_run
from matchmaker.events.views.blueprint import bp, find_event, find_event_in_reach, find_own_event
from matchmaker.events.views.planning import ask_reason
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.forms import Form
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import expect_version
from matchmaker.web.policies import policy


@bp.get("/<public_id:event_id>/close-out")
@policy(offices)
def close_out(event_id: str) -> str:
    """What an event came to, and where its close-out stands."""
    event, form = find_event_in_reach(event_id), CloseoutForm()
    form.text.data, form.seen_version.data = event.closeout, str(event.version)
    return _page(event, form)


@bp.post("/<public_id:event_id>/close-out")
@policy(organisers)
def submit_close_out(event_id: str) -> AnyResponse:
    """Report an event that was held."""
    session, form = get_session(), CloseoutForm()
    event, user = find_own_event(event_id)
    if form.validate():
        try:
            expect_version(event, form.seen)
            services.submit_closeout(session, event=event, text=form.text.data.strip(), actor=user)
        except RuleViolation as violation:
            form.form_errors.append(violation.message)
        else:
            answer = remember(redirect(url_for(".close_out", event_id=event.public_id)))
            session.commit()
            flash(_("已送核，等待另一单位核定"), "success")
            return answer
    return Response(_page(event, form), 422)


@bp.post("/<public_id:event_id>/close-out/approve")
@policy(offices)
def approve_close_out(event_id: str) -> AnyResponse:
    """Approve another office's close-out; the event counts from now on."""
    session = get_session()
    event, user = _find_to_approve(event_id)
    expect_version(event, Form().seen)
    services.approve_closeout(session, event=event, actor=user)
    answer = remember(redirect(url_for(".close_out", event_id=event.public_id)))
    session.commit()
    flash(_("已核定，本场按口径计数"), "success")
    return answer


@bp.route("/<public_id:event_id>/close-out/return", methods=["GET", "POST"])
@policy(offices)
def return_close_out(event_id: str) -> AnyResponse:
    """Give a close-out back with the reason."""
    event, user = _find_to_approve(event_id)
    return ask_reason(
        event,
        _("退回结报"),
        lambda session, why: services.return_closeout(session, event=event, reason=why, actor=user),
    )


def _find_to_approve(event_id: str) -> tuple[MatchmakingEvent, User]:
    event, user = find_event(event_id), get_user()
    if not may_approve(user, event):
        raise NotAllowed
    return event, user


def _page(event: MatchmakingEvent, form: CloseoutForm) -> str:
    session, user = get_session(), get_user()
    return render_template(
        "events/close_out.html",
        event=event,
        form=form,
        now=utcnow(),
        attendance=queries.attendance_of(session, event),
        absent=queries.registration_counts(session, event).get(RegistrationState.ABSENT, 0),
        reports=may_run(user, event) and event.state is EventState.HELD,
        approves=may_approve(user, event) and event.state is EventState.CLOSING,
        runs=may_run(user, event),
    )
