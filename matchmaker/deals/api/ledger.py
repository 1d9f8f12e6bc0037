"""Read the ledger, read one deal, declare one."""

from __future__ import annotations

from typing import Annotated, Literal

from flask import url_for
from pydantic import ConfigDict, Field, StringConstraints
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.deals import policies, queries, services
from matchmaker.deals.api.answers import DealAnswer, DealWithHistory
from matchmaker.deals.api.blueprint import bp
from matchmaker.deals.auditing.queries import reviewed
from matchmaker.deals.models import Assurance, Deal, DealKind, DealStage, Party
from matchmaker.deals.queries import LedgerFilters
from matchmaker.deals.refusals import DealAlreadyDeclared
from matchmaker.enterprises.api.references import named_firm, named_segment, own_firm
from matchmaker.events.models import MatchmakingEvent
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.meetings.models import Meeting
from matchmaker.money import MOST
from matchmaker.web.api import Body, Id, Line, Money, Page, Paged, answer, answer_slice, operation, refuse_input
from matchmaker.web.database import get_session
from matchmaker.web.failures import problem
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.visibility import visible


class DealQuery(Paged):
    """Which deals, the latest declared first; `month` is the Shanghai month of declaration."""

    kind: DealKind | None = None
    stage: DealStage | None = None
    assurance: Assurance | None = None
    is_disputed: bool = False
    month: Annotated[str, StringConstraints(pattern=r"^(20[0-9]{2}-(0[1-9]|1[0-2]))?$")] = ""
    prefecture: Line = Field(default="", max_length=6)
    event_id: Id | None = None
    q: Line = Field(default="", max_length=100)


class DeclareBody(Body):
    """One intended deal, as one of its parties declares it; amounts are whole yuan, tax included.

    `unit_checked`: the declarer looked at an amount that seems a slip between 万 and 亿. `is_another`: the other
    side's report of a deal like it is another one. `currency` with its `rate`, yuan a unit as an exact decimal in
    a string: the amounts are whole units of it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "side": "seller",
                    "partner_id": "0123456789abcdefghjk",
                    "subject": "铝合金变速箱壳体压铸模，12 套",
                    "kind": "purchase",
                    "amount": 30_000_000,
                    "months": 9,
                    "segment": "auto.cast",
                }
            ]
        }
    )

    side: Literal["buyer", "seller"]
    partner_id: Id
    subject: Line = Field(min_length=1, max_length=200)
    kind: DealKind = DealKind.PURCHASE
    amount: Money
    amount_high: Money | None = None
    months: int = Field(default=12, ge=1, le=1200)
    event_id: Id | None = None
    meeting_id: Id | None = None
    segment: Line | None = Field(default=None, max_length=40)
    is_renewal: bool = False
    former_amount: int | None = Field(default=None, ge=0, le=MOST)
    currency: Line = Field(default="CNY", max_length=8)
    rate: Line | None = Field(default=None, max_length=20)
    unit_checked: bool = False
    is_another: bool = False


def find_deal(session: Session, user: User, deal_id: str) -> Deal:
    """A deal this person sees, with its history."""
    return find_or_404(queries.with_history(visible(Deal, user)), deal_id, session=session)


@bp.get("")
@operation(policies.readers, _("意向台账"), answers=Page[DealAnswer], query=DealQuery)
def index(query: DealQuery) -> Response:
    """The deals this person sees and asked for."""
    filters = LedgerFilters(
        kind=query.kind,
        stage=query.stage,
        assurance=query.assurance,
        is_disputed=query.is_disputed,
        month=query.month,
        prefecture=query.prefecture,
        event=query.event_id or "",
        q=query.q,
    )
    session, vouched = get_session(), set[int]()
    return answer_slice(
        queries.ledger_rows(get_user(), filters),
        query,
        lambda deal: DealAnswer.of(deal, Assurance.REVIEWED if deal.id in vouched else deal.standing.assurance),
        learn=lambda deals: vouched.update(reviewed(session, deals)),
    )


@bp.get("/<public_id:deal_id>")
@operation(policies.readers, _("一笔意向及其全部记录"), answers=DealWithHistory, versioned=True)
def show(deal_id: str) -> Response:
    """One deal."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    return answer(DealWithHistory.for_reader(session, deal, user), version=deal.version)


@bp.post("")
@operation(policies.parties, _("申报一笔意向"), answers=DealWithHistory, status=201, body=DeclareBody, versioned=True)
def declare(body: DeclareBody) -> Response:
    """Declare a deal for one's own side; declaring is one's own consent."""
    session, user = get_session(), get_user()
    try:
        deal = _declared(session, user, body)
    except DealAlreadyDeclared as known:
        return problem(known.status, known.message, code=type(known).__name__, deal_id=known.known.public_id)
    location = url_for("api_deals.show", deal_id=deal.public_id)
    shown = DealWithHistory.for_reader(session, deal, user)
    reply = remember(answer(shown, 201, version=deal.version, location=location))
    session.commit()
    return reply


def _declared(session: Session, user: User, body: DeclareBody) -> Deal:
    own = own_firm(session, user)
    partner = named_firm(session, user, body.partner_id, path="partner_id")
    meeting = _named_meeting(session, user, body.meeting_id)
    is_buyer = body.side == "buyer"
    return services.declare_deal(
        session,
        buyer=own if is_buyer else partner,
        seller=partner if is_buyer else own,
        kind=body.kind,
        subject=body.subject,
        amount=body.amount,
        amount_high=body.amount_high,
        months=body.months,
        by=Party(body.side),
        actor=user,
        event=meeting.request.event if meeting else _named_event(session, user, body.event_id),
        meeting=meeting,
        segment=named_segment(session, body.segment),
        is_renewal=body.is_renewal,
        former_amount=body.former_amount,
        currency=body.currency,
        rate=body.rate,
        unit_checked=body.unit_checked,
        is_another=body.is_another,
    )


def _named_meeting(session: Session, user: User, meeting_id: str | None) -> Meeting | None:
    found = queries.find_meeting_of(session, user, meeting_id) if meeting_id else None
    if meeting_id and found is None:
        refuse_input("meeting_id", gettext("没有这场洽谈。"))
    return found


def _named_event(session: Session, user: User, event_id: str | None) -> MatchmakingEvent | None:
    found = queries.find_event(session, user, event_id) if event_id else None
    if event_id and found is None:
        refuse_input("event_id", gettext("没有这个场次。"))
    return found
