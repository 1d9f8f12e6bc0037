"""Which office answers for which deal: the list, handing one over, and the thresholds."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matchmaker.accounts.models import OfficeLevel, User
from matchmaker.accounts.viewer import get_user
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.counting import RULE_VERSION
from matchmaker.deals.following_up import queries as following_up
from matchmaker.deals.following_up import wording as answers
from matchmaker.deals.models import Deal
from matchmaker.deals.stewardship import policies, queries, refusals, services, wording
from matchmaker.deals.stewardship.forms import HandOverForm, ThresholdsForm
from matchmaker.deals.stewardship.models import Stewardship
from matchmaker.deals.stewardship.queries import Whose
from matchmaker.deals.views.blueprint import bp
from matchmaker.deals.views.saying import find_deal
from matchmaker.errors import NotAllowed, RuleViolation
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.pagination import page_number
from matchmaker.web.policies import policy


@bp.get("/stewardship")
@policy(policies.readers)
def stewardship() -> str:
    """The open deals an office stewards, by level."""
    session, user = get_session(), get_user()
    whose, level = _whose(), _level()
    page = queries.stewarded(session, user, whose=whose, level=level, number=page_number(request.args.get("page")))
    return render_template(
        "deals/stewardship.html",
        page=page,
        tally=queries.tally(session, user, whose),
        whose=whose,
        level=level,
        limits=queries.thresholds(session),
        latest=following_up.last_answers(session, user, [row.deal for row in page.rows]),
        may_set=policies.may_set_rules(user),
        words=wording,
        answer_words=answers,
        now=utcnow(),
        rule_version=RULE_VERSION,
    )


@bp.route("/<public_id:deal_id>/stewardship", methods=["GET", "POST"])
@policy(policies.stewards)
def hand_over(deal_id: str) -> Response:
    """Put another office or officer in charge of a deal."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    known = queries.holding(session, deal)
    if not policies.may_hand_over(user, deal, known):
        raise refusals.NotTheSteward
    colleagues = queries.colleagues_for(session, deal, shanghai_day(utcnow()))
    form = HandOverForm().offer(colleagues)
    if not form.validate_on_submit():
        return _hand_over_page(session, user, deal, known, form, 422 if form.is_submitted() else 200)
    office, officer = form.chosen(colleagues)
    try:
        services.hand_over(
            session, deal=deal, office=office, officer=officer, why=form.why.data, actor=user, seen=form.seen
        )
    except NotAllowed:
        raise
    except RuleViolation as violation:
        flash(violation.message, "warning")
        return _hand_over_page(session, user, deal, queries.holding(session, deal), form, violation.status)
    reply = remember(redirect(url_for("deals.show", deal_id=deal_id)))
    session.commit()
    flash(_("已移交，并通知接手的单位或人员。"), "success")
    return reply


@bp.route("/stewardship/thresholds", methods=["GET", "POST"])
@policy(policies.rule_readers)
def stewardship_thresholds() -> Response:
    """The thresholds in force and those before; the province sets them."""
    session, user, form = get_session(), get_user(), ThresholdsForm()
    if request.method == "GET":
        limits = queries.thresholds(session)
        form.county.data, form.city.data, form.province.data = limits.county, limits.city, limits.province
        return _thresholds_page(session, user, form, 200)
    if not form.validate():
        return _thresholds_page(session, user, form, 422)
    try:
        services.set_thresholds(session, limits=form.limits, actor=user, seen=form.seen)
    except NotAllowed:
        raise
    except RuleViolation as violation:
        form.form_errors.append(violation.message)
        return _thresholds_page(session, user, form, violation.status)
    reply = remember(redirect(url_for("deals.stewardship_thresholds")))
    session.commit()
    flash(_("门槛已更新，用于此后确认或更正的意向。"), "success")
    return reply


def _hand_over_page(
    session: Session, user: User, deal: Deal, known: Stewardship | None, form: HandOverForm, status: int
) -> Response:
    form.seen_version.data = known.number if known else 0
    page = render_template(
        "deals/hand_over.html",
        deal=deal,
        known=known,
        seat=queries.seat_of(deal),
        form=form,
        words=wording,
    )
    return Response(page, status, mimetype="text/html")


def _thresholds_page(session: Session, user: User, form: ThresholdsForm, status: int) -> Response:
    rules = queries.rules(session)
    form.seen_version.data = len(rules)
    page = render_template(
        "deals/stewardship_thresholds.html",
        form=form,
        rules=rules,
        limits=queries.thresholds(session),
        may_set=policies.may_set_rules(user),
    )
    return Response(page, status, mimetype="text/html")


def _whose() -> Whose:
    asked = request.args.get("whose", "")
    return Whose(asked) if asked in list(Whose) else Whose.OFFICE


def _level() -> OfficeLevel | None:
    asked = request.args.get("level", "")
    return next((level for level in OfficeLevel if level.value == asked), None)
