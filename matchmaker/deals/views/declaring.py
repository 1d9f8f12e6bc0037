"""Declare one intended deal."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import Field

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.chains.models import Segment
from matchmaker.chains.queries import all_segments, find_segment
from matchmaker.deals import policies, queries, services
from matchmaker.deals.forms import DealForm
from matchmaker.deals.models import Deal, Party
from matchmaker.deals.refusals import DealAlreadyDeclared, HandshakeReported
from matchmaker.deals.scale import looks_like_a_slip
from matchmaker.deals.views.blueprint import bp
from matchmaker.enterprises.models import Enterprise
from matchmaker.errors import RuleViolation
from matchmaker.events.models import MatchmakingEvent
from matchmaker.i18n import gettext as _
from matchmaker.meetings.models import Meeting
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.policies import policy


@dataclass(frozen=True, slots=True)
class _Table:
    """Who sits down to declare, with whom and where from: what the address and the register give."""

    own: Enterprise
    partners: list[Enterprise]
    events: list[MatchmakingEvent]
    segments: list[Segment]
    meeting: Meeting | None


@bp.route("/new", methods=["GET", "POST"])
@policy(policies.parties)
def declare() -> Response:
    """Declare a deal with a firm met, asked, or found in the register."""
    session, user = get_session(), get_user()
    table = _set(session, user)
    form = _form(table)
    if request.method == "GET":
        _fill_in(session, user, table, form)
    elif form.validate():
        partner = firm_typed(session, user, form.partner)
        if partner is not None:
            return _declare(session, user, table, form, partner)
    return _page(table, form, 422 if form.is_submitted() else 200)


def _set(session: Session, user: User) -> _Table:
    meeting_id = request.values.get("meeting", "")
    return _Table(
        own=queries.own_enterprise(session, user),
        partners=queries.partners_of(session, user),
        events=queries.events_attended(session, user),
        segments=all_segments(session),
        meeting=queries.find_meeting_of(session, user, meeting_id) if meeting_id else None,
    )


def _form(table: _Table) -> DealForm:
    segments = [(segment.code, segment.name, segment.chain.name) for segment in table.segments]
    events = [(event.public_id, event.title) for event in table.events]
    if table.meeting is not None and table.meeting.request.event not in table.events:
        event = table.meeting.request.event
        events.insert(0, (event.public_id, event.title))
    return DealForm().offer(events=events, segments=segments)


def _fill_in(session: Session, user: User, table: _Table, form: DealForm) -> None:
    """Begin with what the address says: a meeting, an event, or a firm."""
    form.event.data = request.args.get("event", "")
    partner = queries.find_partner_by_id(session, user, request.args.get("enterprise", ""))
    if table.meeting is not None:
        talk = table.meeting.request
        form.meeting.data, form.event.data = table.meeting.public_id, talk.event.public_id
        partner = talk.asked if talk.asker_id == table.own.id else talk.asker
    if partner is not None:
        form.partner.data = partner.name


def firm_typed(session: Session, user: User, field: Field) -> Enterprise | None:
    """The one firm of the register with the name or code typed into a field, or a word at the field."""
    found = queries.firms_named(session, user, field.data)
    if len(found) == 1:
        return found[0]
    message = (
        _("名录里没有这家单位。请填写全称或统一社会信用代码。")
        if not found
        else _("有 %(count)s 家单位同名，请改填统一社会信用代码。", count=len(found))
    )
    field.errors = (*field.errors, message)
    return None


def _declare(session: Session, user: User, table: _Table, form: DealForm, partner: Enterprise) -> Response:
    is_buyer = form.party is Party.BUYER
    try:
        deal = services.declare_deal(
            session,
            buyer=table.own if is_buyer else partner,
            seller=partner if is_buyer else table.own,
            kind=form.deal_kind,
            subject=form.subject.data,
            amount=form.yuan,
            amount_high=form.amount_high.data,
            months=form.months.data,
            by=form.party,
            actor=user,
            event=_event(table, form),
            meeting=table.meeting,
            segment=find_segment(session, form.segment.data) if form.segment.data else None,
            is_renewal=form.is_renewal.data,
            former_amount=form.former_amount.data,
            unit_checked=form.unit_checked.data,
            is_another=form.is_another.data,
        )
    except DealAlreadyDeclared as known:
        may_insist = isinstance(known, HandshakeReported)
        return _page(table, form, known.status, known=known.known, partner=partner, may_insist=may_insist)
    except RuleViolation as violation:
        flash(violation.message, "warning")
        return _page(table, form, violation.status, partner=partner)
    answer = remember(redirect(url_for("deals.show", deal_id=deal.public_id)))
    session.commit()
    flash(_("意向已申报，等待对方确认。"), "success")
    return answer


def _event(table: _Table, form: DealForm) -> MatchmakingEvent | None:
    if table.meeting is not None:
        return table.meeting.request.event
    return next((event for event in table.events if event.public_id == form.event.data), None)


def _page(
    table: _Table,
    form: DealForm,
    status: int,
    *,
    known: Deal | None = None,
    partner: Enterprise | None = None,
    may_insist: bool = False,
) -> Response:
    """The form, with the tick for the unit where the amount typed asks for it.

    known: the deal that may be the same; may_insist: unless the declarer says that this is another.
    """
    revenues = (table.own.last_year_revenue, partner.last_year_revenue if partner else None)
    page = render_template(
        "deals/declare.html",
        form=form,
        table=table,
        known=known,
        may_insist=may_insist or form.is_another.data,
        waits_for_us=known is not None and _waits_for(known, table.own),
        is_suspicious=looks_like_a_slip(form.yuan, revenues),
    )
    return Response(page, status, mimetype="text/html")


def _waits_for(deal: Deal, own: Enterprise) -> bool:
    """Whether the firm has yet to answer the newest amount."""
    standing = deal.standing
    consents = standing.buyer_consents if deal.buyer_id == own.id else standing.seller_consents
    return not consents and not standing.is_disputed
