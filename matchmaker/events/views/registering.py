"""Register for an event, and decide who gets a seat."""

from __future__ import annotations

import io

from flask import Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import enterprises, offices, organisers
from matchmaker.accounts.viewer import get_user
from matchmaker.db import SHANGHAI
from matchmaker.documents.writing import OutColumn, OutSheet, OutValue, write_workbook
from matchmaker.enterprises.models import Enterprise
from matchmaker.errors import RuleViolation
from matchmaker.events import queries, services
from matchmaker.events.forms import ApplyForm
from matchmaker.events.models import CheckIn, MatchmakingEvent, Registration, RegistrationState, Side
from matchmaker.events.policies import may_run
from matchmaker.events.transitions import UNDER_REVIEW
from matchmaker.events.views.blueprint import bp, find_event, find_event_in_reach, find_own_event
from matchmaker.events.words import REGISTRATION_STATES, SIDES
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.pagination import page_number, paginate
from matchmaker.web.policies import policy
from matchmaker.web.visibility import visible

GROUPS: dict[str, tuple[RegistrationState, ...]] = {
    "review": UNDER_REVIEW,
    "seated": (RegistrationState.APPROVED, RegistrationState.CONFIRMED, RegistrationState.CHECKED_IN),
    "waiting": (RegistrationState.WAITING,),
    "others": (
        RegistrationState.INVITED,
        RegistrationState.REFUSED,
        RegistrationState.ABSENT,
        RegistrationState.CANCELLED,
    ),
}


@bp.route("/<public_id:event_id>/apply", methods=["GET", "POST"])
@policy(enterprises)
def apply(event_id: str) -> AnyResponse:
    """Ask for a place at an event."""
    session, user, event, form = get_session(), get_user(), find_event(event_id), ApplyForm()
    if form.validate_on_submit():
        try:
            services.apply_to_event(
                session,
                event=event,
                enterprise=own_enterprise(session, user),
                side=Side(form.side.data),
                note=(form.note.data or "").strip(),
                actor=user,
            )
        except RuleViolation as violation:
            form.form_errors.append(violation.message)
        else:
            answer = remember(redirect(url_for(".show", event_id=event.public_id)))
            session.commit()
            flash(_("已报名，等待承办单位审核"), "success")
            return answer
    status = 422 if form.is_submitted() else 200
    return Response(render_template("events/apply.html", form=form, event=event), status)


def own_enterprise(session: Session, user: User) -> Enterprise:
    """The enterprise a person speaks for."""
    return session.scalars(visible(Enterprise, user).where(Enterprise.id == user.enterprise_id)).one()


@bp.post("/registrations/<public_id:registration_id>/confirm")
@policy(enterprises)
def confirm(registration_id: str) -> AnyResponse:
    """Say that the firm will come."""
    session, user = get_session(), get_user()
    registration = find_or_404(visible(Registration, user), registration_id)
    services.confirm_registration(session, registration=registration, actor=user)
    return _back_to_event(session, registration, _("已确认参加"))


@bp.post("/registrations/<public_id:registration_id>/cancel")
@policy(enterprises)
def give_up(registration_id: str) -> AnyResponse:
    """Give a place up; the first who waits gets it."""
    session, user = get_session(), get_user()
    registration = find_or_404(visible(Registration, user), registration_id)
    services.cancel_registration(session, registration=registration, actor=user)
    return _back_to_event(session, registration, _("已取消报名。如需参加，可以重新报名，排在队尾"))


def _back_to_event(session: Session, registration: Registration, done: str) -> AnyResponse:
    answer = remember(redirect(url_for(".show", event_id=registration.event.public_id)))
    session.commit()
    flash(done, "success")
    return answer


@bp.get("/<public_id:event_id>/registrations")
@policy(offices)
def registrations(event_id: str) -> str:
    """The queue of an event: who asks, who has a seat, who waits."""
    return _queue_page(get_session(), find_event_in_reach(event_id))


def _queue_page(session: Session, event: MatchmakingEvent, reason: str = "") -> str:
    group = request.args.get("group", "review")
    states, text = GROUPS.get(group, ()), request.args.get("q", "").strip()[:100]
    statement = queries.registrations_of(event, states=states, text=text)
    counts = queries.registration_counts(session, event)
    return render_template(
        "events/registrations.html",
        event=event,
        page=paginate(session, statement, number=page_number(request.args.get("page")), size=50),
        group=group if group in GROUPS else "all",
        text=text,
        counts={name: sum(counts.get(state, 0) for state in each) for name, each in GROUPS.items()},
        total=sum(counts.values()),
        runs=may_run(get_user(), event),
        reason=reason,
    )


@bp.post("/<public_id:event_id>/registrations")
@policy(organisers)
def decide(event_id: str) -> AnyResponse:
    """Approve or refuse one registration or many."""
    session = get_session()
    event, user = find_own_event(event_id)
    chosen = _chosen(session, event)
    reason = request.form.get("reason", "").strip()[:500]
    try:
        words = _decide(session, event, chosen, reason, user)
    except RuleViolation as violation:
        flash(violation.message, "warning")
        return Response(_queue_page(session, event, reason), violation.status)
    group = request.args.get("group", "review")
    answer = remember(redirect(url_for(".registrations", event_id=event.public_id, group=group)))
    session.commit()
    flash(words, "success")
    return answer


def _chosen(session: Session, event: MatchmakingEvent) -> list[Registration]:
    """The rows picked on the page, or all the page stands for."""
    if request.form.get("all") == "1":
        states = GROUPS.get(request.args.get("group", "review"), ())
        text = request.args.get("q", "").strip()[:100]
        return list(session.scalars(queries.registrations_of(event, states=states, text=text)))
    return queries.chosen_registrations(session, event, request.form.getlist("chosen")[:1000])


def _decide(session: Session, event: MatchmakingEvent, chosen: list[Registration], reason: str, user: User) -> str:
    if request.form.get("decision") == "refuse":
        refused = services.refuse_registrations(session, registrations=chosen, reason=reason, actor=user)
        return str(_("已作不通过处理 %(count)s 家", count=len(chosen) - refused.skipped))
    decided = services.approve_registrations(session, event=event, registrations=chosen, actor=user)
    words = str(_("已通过 %(count)s 家", count=decided.approved))
    if decided.waiting:
        words += str(_("，名额已满，%(count)s 家在候补", count=decided.waiting))
    if decided.skipped:
        words += str(_("，%(count)s 家此前已办理", count=decided.skipped))
    return words


@bp.get("/<public_id:event_id>/registrations.xlsx")
@policy(offices)
def export(event_id: str) -> Response:
    """The list of registrations as a workbook."""
    session, event = get_session(), find_event_in_reach(event_id)
    check_ins = queries.check_ins_of(session, event)
    rows = [
        _row(number, registration, check_ins)
        for number, registration in enumerate(session.scalars(queries.registrations_of(event)), 1)
    ]
    columns = (
        OutColumn(_("序号"), 6),
        OutColumn(_("企业名称"), 32),
        OutColumn(_("统一社会信用代码"), 22, is_text=True),
        OutColumn(_("所在地"), 14),
        OutColumn(_("身份"), 8),
        OutColumn(_("状态"), 10),
        OutColumn(_("报名时间"), 18),
        OutColumn(_("签到时间"), 18),
        OutColumn(_("备注"), 30),
    )
    file = io.BytesIO()
    write_workbook([OutSheet(_("报名名单"), columns, rows)], file)
    answer = Response(file.getvalue(), mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer.headers.set("Content-Disposition", "attachment", filename=f"registrations-{event.held_on:%Y%m%d}.xlsx")
    return answer


def _row(number: int, registration: Registration, check_ins: dict[int, CheckIn]) -> list[OutValue]:
    firm, check_in = registration.enterprise, check_ins.get(registration.enterprise_id)
    return [
        number,
        firm.name,
        firm.credit_code,
        firm.region.name,
        str(SIDES[registration.side]),
        str(REGISTRATION_STATES[registration.state]),
        registration.applied_at.astimezone(SHANGHAI),
        check_in.at.astimezone(SHANGHAI) if check_in else None,
        registration.note,
    ]
