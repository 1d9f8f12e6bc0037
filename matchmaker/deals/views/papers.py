"""Sealed papers: state that one bears both seals, and hold another person's against the record."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.deals import wording
from matchmaker.deals.evidence import obstacles, policies, queries, services
from matchmaker.deals.evidence.forms import CheckForm, WithPaper, megabytes_allowed
from matchmaker.deals.evidence.models import SealedPaper
from matchmaker.deals.evidence.refusals import CheckerInvolved
from matchmaker.deals.evidence.serving import data_dir
from matchmaker.deals.models import Deal
from matchmaker.deals.obstacles import Obstacle, party_of
from matchmaker.deals.scale import is_suspicious
from matchmaker.deals.standing import newest_amount, yuan_of
from matchmaker.deals.views.blueprint import bp
from matchmaker.deals.views.saying import find_deal, leave_a_trace
from matchmaker.deals.views.showing import deal_page
from matchmaker.errors import NotAllowed, RuleViolation, Stale
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.forms import Form
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import expect_version
from matchmaker.web.pagination import page_number
from matchmaker.web.policies import policy


@bp.get("/papers")
@policy(policies.recorders)
def papers() -> str:
    """The papers that wait for a second person."""
    session, user = get_session(), get_user()
    page = queries.papers_to_check(session, user, number=page_number(request.args.get("page")))
    return render_template("deals/papers.html", page=page, reader=user)


@bp.route("/<public_id:deal_id>/paper", methods=["GET", "POST"])
@policy(policies.recorders)
def state_paper(deal_id: str) -> Response:
    """Send the scan of a sealed paper for a deal this office recorded."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    if away := _away(session, user, deal, obstacles.to_stating(deal, queries.waiting_paper(session, deal), user)):
        return away
    form = WithPaper()
    if not form.validate_on_submit():
        return _form_page("deals/state_paper.html", deal, user, form, 422 if form.is_submitted() else 200)
    try:
        expect_version(deal, form.seen)
        services.state_paper(
            session,
            deal=deal,
            actor=user,
            upload=form.upload,
            data_dir=data_dir(),
            buyer_sealed=form.buyer_sealed.data,
            seller_sealed=form.seller_sealed.data,
        )
    except RuleViolation as violation:
        return _refused("deals/state_paper.html", deal, user, form, violation)
    return _done(session, deal, _("纸质件已提交，由另一人复核后双方的确认才生效。"))


@bp.route("/<public_id:deal_id>/paper/check", methods=["GET", "POST"])
@policy(policies.recorders)
def check_paper(deal_id: str) -> Response:
    """Hold the waiting paper against the record, as a second person."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    paper = queries.waiting_paper(session, deal)
    refused = obstacles.to_checking(deal, paper, user)
    if isinstance(refused, CheckerInvolved):
        return leave_a_trace(
            session, deal, refused, lambda: services.note_refused_check(session, deal=deal, actor=user)
        )
    if away := _away(session, user, deal, refused):
        return away
    assert paper is not None  # noqa: S101 -- the obstacle above is NoPaper otherwise
    return _check(session, user, deal, paper)


def _check(session: Session, user: User, deal: Deal, paper: SealedPaper) -> Response:
    form, amount = CheckForm(), yuan_of(newest_amount(deal.entries), deal.rate)
    context = {"paper": paper, "amount": amount, "is_suspicious": is_suspicious(deal, amount), "wording": wording}
    if not form.validate_on_submit():
        return _form_page("deals/check_paper.html", deal, user, form, 422 if form.is_submitted() else 200, **context)
    try:
        expect_version(deal, form.seen)
        services.check_paper(
            session,
            paper=paper,
            actor=user,
            agrees=form.agrees,
            note=form.note.data or "",
            unit_checked=form.unit_checked.data,
        )
    except RuleViolation as violation:
        return _refused("deals/check_paper.html", deal, user, form, violation, **context)
    said = _("已复核。双方的确认已凭纸质件录入台账。") if form.agrees else _("已退回登记人，并告知原因。")
    return _done(session, deal, said)


def _away(session: Session, user: User, deal: Deal, refused: Obstacle) -> Response | None:
    """The answer to somebody for whom this step is not open: the deal's page, saying why."""
    if refused is None:
        return None
    if isinstance(refused, NotAllowed):
        raise refused
    flash(refused.message, "warning")
    if request.method == "GET":
        return redirect(url_for("deals.show", deal_id=deal.public_id))
    return Response(deal_page(session, user, deal), refused.status, mimetype="text/html")


def _refused(
    template: str, deal: Deal, user: User, form: Form, violation: RuleViolation, **context: object
) -> Response:
    """The form as it was filled in, with the reason; what changed under our hands is the error page's to explain."""
    if isinstance(violation, Stale) and form.seen == deal.version:
        raise violation
    flash(violation.message, "warning")
    return _form_page(template, deal, user, form, violation.status, **context)


def _form_page(template: str, deal: Deal, user: User, form: Form, status: int, **context: object) -> Response:
    form.seen_version.data = deal.version
    page = render_template(
        template, deal=deal, form=form, party=party_of(deal, user), most=megabytes_allowed(), **context
    )
    return Response(page, status, mimetype="text/html")


def _done(session: Session, deal: Deal, said: str) -> Response:
    answer = remember(redirect(url_for("deals.show", deal_id=deal.public_id)))
    session.commit()
    flash(said, "success")
    return answer
