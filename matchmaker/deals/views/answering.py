"""Answer a declared deal: agree, put another amount forward, deny it, or end it."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.deals import policies, services
from matchmaker.deals.forms import AmendForm, ConfirmForm, NoteForm, ReasonForm
from matchmaker.deals.models import Deal, EntryType, Party
from matchmaker.deals.obstacles import party_of
from matchmaker.deals.scale import Measure, is_suspicious, measure
from matchmaker.deals.standing import newest_amount, yuan_of
from matchmaker.deals.views.blueprint import bp
from matchmaker.deals.views.saying import Step, carry_out, find_deal, turn_away
from matchmaker.deals.views.showing import last_stated
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.policies import policy

_LONGEST_REASON = 400


@bp.route("/<public_id:deal_id>/confirm", methods=["GET", "POST"])
@policy(policies.parties)
def confirm(deal_id: str) -> Response:
    """Read the other side's statement in words and figures, and answer it."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    if away := turn_away(session, user, deal, EntryType.CONFIRM):
        return away
    form, amount = ConfirmForm(), yuan_of(newest_amount(deal.entries), deal.rate)
    step = Step(
        deal=deal,
        user=user,
        form=form,
        template="deals/confirm.html",
        say=lambda: services.confirm_deal(session, deal=deal, actor=user, unit_checked=form.unit_checked.data),
        done=_("已确认。双方的台账都记下了这一条。"),
        context={
            "amount": amount,
            "opening": last_stated(deal),
            "newest": newest_amount(deal.entries),
            "measure": _own_measure(deal, user, amount),
            "is_suspicious": is_suspicious(deal, amount),
        },
    )
    return carry_out(session, step)


@bp.route("/<public_id:deal_id>/amend", methods=["GET", "POST"])
@policy(policies.speakers)
def amend(deal_id: str) -> Response:
    """Put another amount forward."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    if away := turn_away(session, user, deal, EntryType.AMEND):
        return away
    form = AmendForm()
    step = Step(
        deal=deal,
        user=user,
        form=form,
        template="deals/amend.html",
        say=lambda: services.amend_deal(
            session,
            deal=deal,
            actor=user,
            amount=form.yuan,
            note=form.note.data or "",
            unit_checked=form.unit_checked.data,
        ),
        done=_("更正已提交，等待对方确认。在此之前仍按原金额。"),
        context={
            "newest": newest_amount(deal.entries),
            "is_suspicious": is_suspicious(deal, yuan_of(form.yuan, deal.rate)),
        },
    )
    return carry_out(session, step)


@bp.route("/<public_id:deal_id>/dispute", methods=["GET", "POST"])
@policy(policies.parties)
def dispute(deal_id: str) -> Response:
    """Deny the deal, with the reason."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    if away := turn_away(session, user, deal, EntryType.DISPUTE):
        return away
    form = ReasonForm()
    step = Step(
        deal=deal,
        user=user,
        form=form,
        template="deals/dispute.html",
        say=lambda: services.dispute_deal(session, deal=deal, actor=user, reason=form.reason.data),
        done=_("已告知对方。争议解除之前，这笔意向不计入。"),
    )
    return carry_out(session, step)


@bp.route("/<public_id:deal_id>/resolve", methods=["GET", "POST"])
@policy(policies.settlers)
def resolve(deal_id: str) -> Response:
    """End a dispute: as the side that raised it, or as an office of the region."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    if away := turn_away(session, user, deal, EntryType.RESOLVE):
        return away
    form = NoteForm()
    step = Step(
        deal=deal,
        user=user,
        form=form,
        template="deals/resolve.html",
        say=lambda: services.resolve_dispute(session, deal=deal, actor=user, note=form.note.data or ""),
        done=_("争议已解除。"),
    )
    return carry_out(session, step)


@bp.route("/<public_id:deal_id>/withdraw", methods=["GET", "POST"])
@policy(policies.speakers)
def withdraw(deal_id: str) -> Response:
    """End the deal, with the reason."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    if away := turn_away(session, user, deal, EntryType.WITHDRAW):
        return away
    form = ReasonForm()
    if request.method == "GET":
        form.reason.data = request.args.get("reason", "")[:_LONGEST_REASON]
    step = Step(
        deal=deal,
        user=user,
        form=form,
        template="deals/withdraw.html",
        say=lambda: services.withdraw_deal(session, deal=deal, actor=user, reason=form.reason.data),
        done=_("已撤回，并告知对方。原来的记录都保留。"),
    )
    return carry_out(session, step)


def _own_measure(deal: Deal, user: User, amount: int) -> Measure | None:
    """The amount beside the reader's own revenue; the other side's is not the reader's to know."""
    own = deal.buyer if party_of(deal, user) is Party.BUYER else deal.seller
    return measure(amount, own.last_year_revenue)
