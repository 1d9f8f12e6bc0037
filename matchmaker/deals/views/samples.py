"""The audit sample: every draw, one draw with its findings, and one finding."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.auditing import policies, queries, services, wording
from matchmaker.deals.auditing.forms import DrawForm, FindingForm
from matchmaker.deals.auditing.models import AuditDraw, AuditPick
from matchmaker.deals.views.blueprint import bp
from matchmaker.errors import RuleViolation
from matchmaker.i18n import gettext as _
from matchmaker.money import wan
from matchmaker.programmes.models import Programme
from matchmaker.programmes.queries import current_programme
from matchmaker.web.database import get_session
from matchmaker.web.formats import moment
from matchmaker.web.idempotency import remember
from matchmaker.web.policies import policy

_SEED_BYTES = 4


@bp.route("/samples", methods=["GET", "POST"])
@policy(policies.auditors)
def samples() -> Response:
    """Every sample drawn from this year's programme, and the form to draw another."""
    session, user = get_session(), get_user()
    programme, form = current_programme(session), DrawForm()
    if request.method == "GET" and not form.seed.data:
        form.seed.data = secrets.token_hex(_SEED_BYTES)
    if programme is not None and form.validate_on_submit():
        try:
            return _draw(session, user, programme, form)
        except RuleViolation as violation:
            flash(violation.message, "warning")
            return _samples_page(session, user, programme, form, violation.status)
    return _samples_page(session, user, programme, form, 422 if form.is_submitted() else 200)


@bp.get("/samples/<public_id:draw_id>")
@policy(policies.auditors)
def sample(draw_id: str) -> str:
    """One draw: how it was drawn, its picks with what was found, and what follows for all deals."""
    session, user = get_session(), get_user()
    draw = _find_draw(session, user, draw_id)
    return render_template(
        "deals/sample.html",
        draw=draw,
        audit=queries.audit_of(draw),
        reviewed=queries.reviewed(session, [pick.deal for pick in draw.picks]),
        words=wording,
        now=utcnow(),
    )


@bp.route("/samples/<public_id:draw_id>/<public_id:pick_id>", methods=["GET", "POST"])
@policy(policies.auditors)
def find(draw_id: str, pick_id: str) -> Response:
    """Record what was found to be true of one picked deal, or correct it."""
    session, user = get_session(), get_user()
    pick = next((each for each in _find_draw(session, user, draw_id).picks if each.public_id == pick_id), None)
    if pick is None:
        raise NotFound
    form = FindingForm()
    if not form.validate_on_submit():
        return _finding_page(pick, form, 422 if form.is_submitted() else 200)
    try:
        services.record_finding(
            session,
            pick=pick,
            true_amount=form.amount(pick.amount),
            note=form.note.data or "",
            actor=user,
            seen=form.seen,
        )
    except RuleViolation as violation:
        flash(violation.message, "warning")
        return _finding_page(pick, form, violation.status)
    answer = remember(redirect(url_for("deals.sample", draw_id=draw_id)))
    session.commit()
    flash(_("查实金额已记下。"), "success")
    return answer


def _draw(session: Session, user: User, programme: Programme, form: DrawForm) -> Response:
    draw = services.draw_sample(
        session,
        programme=programme,
        as_of=shanghai_day(utcnow()),
        seed=form.seed.data.strip(),
        size=form.size.data,
        actor=user,
    )
    answer = remember(redirect(url_for("deals.sample", draw_id=draw.public_id)))
    session.commit()
    flash(_("样本已抽取并存档，种子和结果不能再改。"), "success")
    return answer


def _samples_page(session: Session, user: User, programme: Programme | None, form: DrawForm, status: int) -> Response:
    audits = [] if programme is None else queries.audits_of(session, user, programme)
    page = render_template("deals/samples.html", programme=programme, audits=audits, form=form, now=utcnow())
    return Response(page, status, mimetype="text/html")


def _finding_page(pick: AuditPick, form: FindingForm, status: int) -> Response:
    form.seen_version.data = len(pick.findings)
    history = [
        {
            "at": moment(each.at),
            "what": _("查实 %(amount)s 万元", amount=wan(each.true_amount)),
            "who": each.user.name,
            "note": each.note,
        }
        for each in reversed(pick.findings)
    ]
    page = render_template("deals/find.html", pick=pick, draw=pick.draw, form=form, history=history, words=wording)
    return Response(page, status, mimetype="text/html")


def _find_draw(session: Session, user: User, public_id: str) -> AuditDraw:
    draw = queries.find_draw(session, user, public_id)
    if draw is None:
        raise NotFound
    return draw
