"""What became of an intent: a firm's list of questions, the one-tap answer, and asking out of turn."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.db import utcnow
from matchmaker.deals.evidence.models import Purpose
from matchmaker.deals.following_up import policies, queries, refusals, services, wording
from matchmaker.deals.following_up.forms import AnswerForm
from matchmaker.deals.following_up.models import Answer, FollowUp
from matchmaker.deals.models import Deal, DealEntry
from matchmaker.deals.standing import contract_amount
from matchmaker.deals.views.blueprint import bp
from matchmaker.deals.views.saying import find_deal, with_files
from matchmaker.errors import NotAllowed, RuleViolation, Stale
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import expect_version
from matchmaker.web.policies import policy


@bp.get("/follow-ups")
@policy(policies.answerers)
def follow_ups() -> str:
    """Everything a firm was asked and has not answered."""
    session, user = get_session(), get_user()
    if user.enterprise_id is None:
        raise NotFound
    waiting = queries.waiting_for(session, user.enterprise_id)
    return render_template("deals/follow_ups.html", waiting=waiting, own=user.enterprise_id, now=utcnow())


@bp.route("/<public_id:deal_id>/follow-up", methods=["GET", "POST"])
@policy(policies.answerers)
def follow_up(deal_id: str) -> Response:
    """Answer what became of an intent."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    asked = queries.own_question(session, user, deal)
    if asked is None:
        flash(refusals.NothingAsked().message, "warning")
        return redirect(url_for("deals.show", deal_id=deal_id))
    form = AnswerForm()
    status = 200
    if request.method == "POST":
        status = answered(session, asked, form, user)
        if status < 400:  # noqa: PLR2004 -- not refused
            reply = remember(redirect(url_for("deals.follow_up", deal_id=deal_id)))
            session.commit()
            return reply
    return answer_page(asked, form, url=url_for("deals.follow_up", deal_id=deal_id), status=status)


@bp.post("/<public_id:deal_id>/follow-up/ask")
@policy(policies.askers)
def ask_follow_up(deal_id: str) -> Response:
    """Have both sides asked today."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    try:
        services.ask_again(session, deal=deal, actor=user)
    except NotAllowed:
        raise
    except RuleViolation as violation:
        flash(violation.message, "warning")
        return _back(deal)
    reply = remember(_back(deal))
    session.commit()
    flash(_("已再次询问 %(number)s 的双方。对方登录即见，通知今晚合并发出。", number=deal.number), "success")
    return reply


def answered(session: Session, asked: FollowUp, form: AnswerForm, user: User, *, by_link: bool = False) -> int:
    """Take the answer of a form, or leave on the form why not; the status of the page that follows."""
    if not form.validate():
        return 422
    try:
        if form.tapped is Answer.SIGNED:
            expect_version(asked.deal, form.seen)
            say = partial(_signed, session, asked, form, user, by_link=by_link)
            with_files(session, (asked.deal, user, form), Purpose.CONTRACT, say)()
        else:
            services.answer_follow_up(session, follow_up=asked, said=form.said, actor=user, by_link=by_link)
    except Stale as stale:
        form.form_errors.append(stale.message)
        return stale.status
    except NotAllowed:
        raise
    except RuleViolation as violation:
        form.form_errors.append(violation.message)
        return violation.status
    return 303


def _signed(session: Session, asked: FollowUp, form: AnswerForm, user: User, *, by_link: bool) -> DealEntry:
    """The contract's entry, to which its picture belongs."""
    answer = services.answer_follow_up(session, follow_up=asked, said=form.said, actor=user, by_link=by_link)
    assert answer.entry is not None  # noqa: S101 -- a contract that could not be recorded was refused
    return answer.entry


def answer_page(asked: FollowUp, form: AnswerForm, *, url: str, status: int = 200, is_public: bool = False) -> Response:
    """The page of one question: what was answered, and the choices while there is anything to answer."""
    deal: Deal = asked.deal
    form.seen_version.data = deal.version
    page = render_template(
        "deals/follow_up_by_link.html" if is_public else "deals/follow_up.html",
        asked=asked,
        deal=deal,
        last=asked.answers[-1] if asked.answers else None,
        contract=contract_amount(deal.entries),
        form=form,
        url=url,
        words=wording,
        now=utcnow(),
    )
    return Response(page, status, mimetype="text/html")


def _back(deal: Deal) -> Response:
    """To the list the officer came from, or to the deal."""
    if request.form.get("from") == "conversion":
        return redirect(f"{url_for('progress.conversion')}#stuck")
    return redirect(url_for("deals.show", deal_id=deal.public_id))
