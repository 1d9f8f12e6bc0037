"""The door: check firms in from the list."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.policies import organisers
from matchmaker.errors import RuleViolation
from matchmaker.events import queries, services
from matchmaker.events.models import MatchmakingEvent, Registration, RegistrationState
from matchmaker.events.transitions import TAKING_CHECK_INS
from matchmaker.events.views.blueprint import bp, find_own_event
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.formats import clock
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.pagination import page_number, paginate
from matchmaker.web.policies import policy

EXPECTED = (RegistrationState.APPROVED, RegistrationState.CONFIRMED, RegistrationState.ABSENT)
LISTED = (*EXPECTED, RegistrationState.CHECKED_IN)


@bp.route("/<public_id:event_id>/check-in", methods=["GET", "POST"])
@policy(organisers)
def check_in(event_id: str) -> AnyResponse | str:
    """The list at the door; one tap checks a firm in."""
    session = get_session()
    event, user = find_own_event(event_id)
    if request.method == "GET":
        return _door(session, event)
    registration = find_or_404(queries.registrations_of(event), request.form.get("registration", ""))
    try:
        done = services.check_in(session, registration=registration, actor=user)
    except RuleViolation as violation:
        flash(violation.message, "warning")
        return remember(_back(event))
    answer = remember(_back(event))
    session.commit()
    name, time = registration.enterprise.display_name, clock(done.check_in.at)
    if done.is_first:
        undo = url_for(".undo_check_in", event_id=event.public_id, registration_id=registration.public_id)
        flash(_("%(name)s已签到 %(time)s", name=name, time=time), f"undo:{undo}")
    else:
        flash(_("%(name)s此前已签到，时间 %(time)s，没有重复记录", name=name, time=time), "warning")
    return answer


@bp.post("/<public_id:event_id>/check-in/<public_id:registration_id>/undo")
@policy(organisers)
def undo_check_in(event_id: str, registration_id: str) -> AnyResponse:
    """Take back a mistaken tap."""
    session = get_session()
    event, user = find_own_event(event_id)
    registration: Registration = find_or_404(queries.registrations_of(event), registration_id)
    services.undo_check_in(session, registration=registration, actor=user)
    answer = remember(_back(event))
    session.commit()
    flash(_("已撤销%(name)s的签到", name=registration.enterprise.display_name), "success")
    return answer


def _door(session: Session, event: MatchmakingEvent) -> str:
    text = request.args.get("q", "").strip()[:100]
    group = "came" if request.args.get("group") == "came" else "expected"
    states = (RegistrationState.CHECKED_IN,) if group == "came" else EXPECTED
    statement = queries.registrations_of(event, states=LISTED if text else states, text=text)
    counts = queries.registration_counts(session, event)
    return render_template(
        "events/check_in.html",
        event=event,
        page=paginate(session, statement, number=page_number(request.args.get("page")), size=50),
        group=group,
        text=text,
        check_ins=queries.check_ins_of(session, event),
        came=counts.get(RegistrationState.CHECKED_IN, 0),
        expected=sum(counts.get(state, 0) for state in EXPECTED),
        is_open=event.state in TAKING_CHECK_INS and event.held_on <= queries.today(),
    )


def _back(event: MatchmakingEvent) -> AnyResponse:
    return redirect(url_for(".check_in", event_id=event.public_id))
