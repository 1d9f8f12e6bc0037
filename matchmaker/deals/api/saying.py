"""Every verb of a deal: each adds one sealed entry, once, whoever sends it again."""

from __future__ import annotations

from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.deals import policies, services
from matchmaker.deals.api.answers import DealWithHistory
from matchmaker.deals.api.blueprint import bp
from matchmaker.deals.api.ledger import find_deal
from matchmaker.deals.duplicates.queries import find_survivor
from matchmaker.deals.models import Deal
from matchmaker.deals.refusals import VerifierInvolved
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.web.api import Body, Id, Line, Money, Text, answer, expect_match, operation, refuse_input
from matchmaker.web.database import get_session
from matchmaker.web.failures import problem
from matchmaker.web.idempotency import remember


class ConfirmBody(Body):
    """Consent to the newest amount; send If-Match to consent to the one you read and no other."""

    unit_checked: bool = False


class ReasonBody(Body):
    """Why a deal is denied or withdrawn; the other side reads it."""

    reason: Text = Field(min_length=1, max_length=400)


class NoteBody(Body):
    """What an office looked at, or how a dispute ended."""

    note: Text = Field(default="", max_length=400)


class AmendBody(Body):
    """Another amount for the other side to agree to."""

    amount: Money
    note: Line = Field(default="", max_length=200)
    unit_checked: bool = False


class ContractBody(Body):
    """The contract an intent became."""

    number: Line = Field(min_length=1, max_length=80)
    amount: Money


class DeliverBody(Body):
    """What was delivered this time."""

    amount: Money
    note: Line = Field(default="", max_length=200)


class MergeBody(Body):
    """The deal that stays, and why this one is the same handshake; both firms read it."""

    into: Id
    reason: Text = Field(min_length=1, max_length=400)


@bp.post("/<public_id:deal_id>/confirm")
@operation(
    policies.parties,
    _("确认当前金额"),
    answers=DealWithHistory,
    body=ConfirmBody,
    versioned=True,
    checks_version=True,
)
def confirm(deal_id: str, body: ConfirmBody) -> Response:
    """Consent, for one's own side, to the newest amount."""
    session, user, deal = _open(deal_id)
    services.confirm_deal(session, deal=deal, actor=user, unit_checked=body.unit_checked)
    return _said(session, deal, user)


@bp.post("/<public_id:deal_id>/dispute")
@operation(policies.parties, _("不认可"), answers=DealWithHistory, body=ReasonBody, versioned=True, checks_version=True)
def dispute(deal_id: str, body: ReasonBody) -> Response:
    """Deny the deal as it is declared."""
    session, user, deal = _open(deal_id)
    services.dispute_deal(session, deal=deal, actor=user, reason=body.reason)
    return _said(session, deal, user)


@bp.post("/<public_id:deal_id>/resolve")
@operation(
    policies.settlers, _("解除争议"), answers=DealWithHistory, body=NoteBody, versioned=True, checks_version=True
)
def resolve(deal_id: str, body: NoteBody) -> Response:
    """End a dispute: as the side that raised it, or as an office of the region."""
    session, user, deal = _open(deal_id)
    services.resolve_dispute(session, deal=deal, actor=user, note=body.note)
    return _said(session, deal, user)


@bp.post("/<public_id:deal_id>/verify")
@operation(
    policies.deciders, _("属地核验"), answers=DealWithHistory, body=NoteBody, versioned=True, checks_version=True
)
def verify(deal_id: str, body: NoteBody) -> Response:
    """Vouch for the amount both sides confirmed; whoever had a part in the deal leaves a trace by trying."""
    session, user, deal = _open(deal_id)
    try:
        services.verify_deal(session, deal=deal, actor=user, note=body.note)
    except VerifierInvolved as refused:
        services.note_refused_verification(session, deal=deal, actor=user)
        reply = remember(problem(refused.status, refused.message, code=type(refused).__name__))
        session.commit()
        return reply
    return _said(session, deal, user)


@bp.post("/<public_id:deal_id>/contract")
@operation(
    policies.speakers, _("登记合同"), answers=DealWithHistory, body=ContractBody, versioned=True, checks_version=True
)
def contract(deal_id: str, body: ContractBody) -> Response:
    """Record the contract."""
    session, user, deal = _open(deal_id)
    services.record_contract(session, deal=deal, actor=user, amount=body.amount, number=body.number)
    return _said(session, deal, user)


@bp.post("/<public_id:deal_id>/deliver")
@operation(
    policies.speakers, _("登记履约"), answers=DealWithHistory, body=DeliverBody, versioned=True, checks_version=True
)
def deliver(deal_id: str, body: DeliverBody) -> Response:
    """Record what was delivered this time."""
    session, user, deal = _open(deal_id)
    services.record_delivery(session, deal=deal, actor=user, amount=body.amount, note=body.note)
    return _said(session, deal, user)


@bp.post("/<public_id:deal_id>/amend")
@operation(
    policies.speakers, _("更正金额"), answers=DealWithHistory, body=AmendBody, versioned=True, checks_version=True
)
def amend(deal_id: str, body: AmendBody) -> Response:
    """Put another amount forward."""
    session, user, deal = _open(deal_id)
    services.amend_deal(
        session, deal=deal, actor=user, amount=body.amount, note=body.note, unit_checked=body.unit_checked
    )
    return _said(session, deal, user)


@bp.post("/<public_id:deal_id>/withdraw")
@operation(
    policies.speakers, _("撤回这笔意向"), answers=DealWithHistory, body=ReasonBody, versioned=True, checks_version=True
)
def withdraw(deal_id: str, body: ReasonBody) -> Response:
    """End the deal, with the reason."""
    session, user, deal = _open(deal_id)
    services.withdraw_deal(session, deal=deal, actor=user, reason=body.reason)
    return _said(session, deal, user)


@bp.post("/<public_id:deal_id>/merge")
@operation(
    policies.deciders, _("并入另一笔"), answers=DealWithHistory, body=MergeBody, versioned=True, checks_version=True
)
def merge(deal_id: str, body: MergeBody) -> Response:
    """Put the deal behind another that is the same handshake; from then on only the other counts."""
    session, user, deal = _open(deal_id)
    into = find_survivor(session, user, body.into)
    if into is None:
        refuse_input("into", gettext("没有这笔意向。"))
    services.merge_deal(session, deal=deal, into=into, actor=user, reason=body.reason)
    return _said(session, deal, user)


@bp.post("/<public_id:deal_id>/unmerge")
@operation(
    policies.deciders, _("解除并入"), answers=DealWithHistory, body=ReasonBody, versioned=True, checks_version=True
)
def unmerge(deal_id: str, body: ReasonBody) -> Response:
    """Let a merged deal stand for itself again."""
    session, user, deal = _open(deal_id)
    services.unmerge_deal(session, deal=deal, actor=user, reason=body.reason)
    return _said(session, deal, user)


def _open(deal_id: str) -> tuple[Session, User, Deal]:
    """The deal of an address as this person sees it, and as they read it where they say which version."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    expect_match(deal, required=False)
    return session, user, deal


def _said(session: Session, deal: Deal, user: User) -> Response:
    reply = remember(answer(DealWithHistory.for_reader(session, deal, user), version=deal.version))
    session.commit()
    return reply
