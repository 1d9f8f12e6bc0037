"""What comes after the intent: an office vouches for it, a contract is signed, goods are delivered."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.deals import policies, services
from matchmaker.deals.forms import ContractForm, DeliveryForm, NoteForm
from matchmaker.deals.fulfilment import goes_beyond
from matchmaker.deals.models import Deal, EntryType
from matchmaker.deals.obstacles import to_verifying
from matchmaker.deals.refusals import VerifierInvolved
from matchmaker.deals.standing import contract_amount, delivered_amount, newest_amount
from matchmaker.deals.views.blueprint import bp
from matchmaker.deals.views.saying import Step, carry_out, find_deal, turn_away
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.policies import policy


@bp.route("/<public_id:deal_id>/verify", methods=["GET", "POST"])
@policy(policies.deciders)
def verify(deal_id: str) -> Response:
    """Vouch for the amount both sides confirmed."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    if isinstance(refused := to_verifying(deal, user), VerifierInvolved):
        return _leave_a_trace(session, user, deal, refused)
    if away := turn_away(session, user, deal, EntryType.VERIFY):
        return away
    form = NoteForm()
    step = Step(
        deal=deal,
        user=user,
        form=form,
        template="deals/verify.html",
        say=lambda: services.verify_deal(session, deal=deal, actor=user, note=form.note.data or ""),
        done=_("已核验。"),
    )
    return carry_out(session, step)


@bp.route("/<public_id:deal_id>/contract", methods=["GET", "POST"])
@policy(policies.speakers)
def contract(deal_id: str) -> Response:
    """Record the contract."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    if away := turn_away(session, user, deal, EntryType.CONTRACT):
        return away
    form = ContractForm()
    step = Step(
        deal=deal,
        user=user,
        form=form,
        template="deals/contract.html",
        say=lambda: services.record_contract(session, deal=deal, actor=user, amount=form.yuan, number=form.number.data),
        done=_("合同已登记。"),
        context={"newest": newest_amount(deal.entries)},
    )
    return carry_out(session, step)


@bp.route("/<public_id:deal_id>/deliver", methods=["GET", "POST"])
@policy(policies.speakers)
def deliver(deal_id: str) -> Response:
    """Record what was delivered this time."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    if away := turn_away(session, user, deal, EntryType.DELIVER):
        return away
    form = DeliveryForm()
    step = Step(
        deal=deal,
        user=user,
        form=form,
        template="deals/deliver.html",
        say=lambda: services.record_delivery(
            session, deal=deal, actor=user, amount=form.yuan, note=form.note.data or ""
        ),
        done=lambda: (
            _("履约已登记；累计已超过合同金额的 110%，超出部分待属地主管部门复核，暂不进入履约合计。")
            if goes_beyond(contract_amount(deal.entries), delivered_amount(deal.entries))
            else _("履约已登记。")
        ),
        context={"contract": contract_amount(deal.entries), "delivered": delivered_amount(deal.entries)},
    )
    return carry_out(session, step)


def _leave_a_trace(session: Session, user: User, deal: Deal, refused: VerifierInvolved) -> Response:
    """Refuse somebody involved, and let the auditor know that it was tried; looking is not trying."""
    answer = redirect(url_for("deals.show", deal_id=deal.public_id))
    if request.method == "POST":
        services.note_refused_verification(session, deal=deal, actor=user)
        remember(answer)
        session.commit()
    flash(refused.message, "warning")
    return answer
