"""Record a deal from a sealed paper, as an office."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.chains.queries import all_segments, find_segment
from matchmaker.deals.evidence import policies
from matchmaker.deals.evidence.forms import megabytes_allowed
from matchmaker.deals.evidence.queries import events_to_record_from
from matchmaker.deals.evidence.services import record_on_paper
from matchmaker.deals.evidence.serving import data_dir
from matchmaker.deals.forms import OnPaperForm
from matchmaker.deals.models import Deal, Party
from matchmaker.deals.refusals import DealAlreadyDeclared
from matchmaker.deals.scale import looks_like_a_slip
from matchmaker.deals.services import declare_deal
from matchmaker.deals.views.blueprint import bp
from matchmaker.deals.views.declaring import firm_typed
from matchmaker.enterprises.models import Enterprise
from matchmaker.errors import RuleViolation
from matchmaker.events.models import MatchmakingEvent
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.policies import policy


@dataclass(frozen=True, slots=True)
class _Occasion:
    """The two firms a paper names, and the event it comes from."""

    buyer: Enterprise
    seller: Enterprise
    event: MatchmakingEvent | None


@bp.route("/on-paper", methods=["GET", "POST"])
@policy(policies.recorders)
def record_paper() -> Response:
    """Record a deal whose sides sealed a paper; it is declared only, until another person checked the scan."""
    session, user = get_session(), get_user()
    events = events_to_record_from(session, user)
    form = _form(session, events)
    if request.method == "GET":
        form.event.data = request.args.get("event", "")
    elif form.validate():
        buyer, seller = firm_typed(session, user, form.buyer), firm_typed(session, user, form.seller)
        if buyer is not None and seller is not None:
            event = next((each for each in events if each.public_id == form.event.data), None)
            return _record(session, user, form, _Occasion(buyer, seller, event))
    return _page(form, 422 if form.is_submitted() else 200)


def _form(session: Session, events: list[MatchmakingEvent]) -> OnPaperForm:
    segments = [(segment.code, segment.name, segment.chain.name) for segment in all_segments(session)]
    return OnPaperForm().offer(events=[(event.public_id, event.title) for event in events], segments=segments)


def _record(session: Session, user: User, form: OnPaperForm, occasion: _Occasion) -> Response:
    try:
        deal = record_on_paper(
            session,
            lambda: _declared(session, user, form, occasion),
            buyer=occasion.buyer,
            seller=occasion.seller,
            event=occasion.event,
            actor=user,
            upload=form.upload,
            data_dir=data_dir(),
            buyer_sealed=form.buyer_sealed.data,
            seller_sealed=form.seller_sealed.data,
        )
    except DealAlreadyDeclared as known:
        return _page(form, known.status, known=known.known)
    except RuleViolation as violation:
        flash(violation.message, "warning")
        return _page(form, violation.status, occasion=occasion)
    answer = remember(redirect(url_for("deals.show", deal_id=deal.public_id)))
    session.commit()
    flash(_("已登记，并附上纸质件。由另一人复核后双方的确认才生效。"), "success")
    return answer


def _declared(session: Session, user: User, form: OnPaperForm, occasion: _Occasion) -> Deal:
    return declare_deal(
        session,
        buyer=occasion.buyer,
        seller=occasion.seller,
        event=occasion.event,
        kind=form.deal_kind,
        subject=form.subject.data,
        amount=form.yuan,
        amount_high=form.amount_high.data,
        months=form.months.data,
        by=Party.OFFICE,
        actor=user,
        segment=find_segment(session, form.segment.data) if form.segment.data else None,
        is_renewal=form.is_renewal.data,
        former_amount=form.former_amount.data,
        unit_checked=form.unit_checked.data,
    )


def _page(form: OnPaperForm, status: int, *, known: Deal | None = None, occasion: _Occasion | None = None) -> Response:
    """The form, with the tick for the unit where the amount typed asks for it."""
    firms = (occasion.buyer, occasion.seller) if occasion else ()
    page = render_template(
        "deals/record_paper.html",
        form=form,
        known=known,
        most=megabytes_allowed(),
        is_suspicious=looks_like_a_slip(form.yuan, [firm.last_year_revenue for firm in firms]),
    )
    return Response(page, status, mimetype="text/html")
