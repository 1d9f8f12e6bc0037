"""Whether one deal counts, and why: the counting function asked about this deal alone.

A deal's answer depends on nothing but its own entries, its two parties with their parents, its event,
and the months and switches of its programme, so these few facts give what a full recount gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.db import shanghai_day
from matchmaker.deals import counting
from matchmaker.deals.counting import Count, DealCount, Renewal
from matchmaker.deals.models import Deal
from matchmaker.deals.recounting.firms import without_circles
from matchmaker.deals.standing import entry_facts
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import EventState, MatchmakingEvent
from matchmaker.programmes.models import Programme
from matchmaker.web.visibility import everyones


def counted_answer(session: Session, deal: Deal, as_of: date) -> DealCount | None:
    """What the count says of this deal as of the end of a day, or None where its year has no programme."""
    programme = programme_of(session, deal)
    if programme is None:
        return None
    return counting.count(_facts(session, programme, [deal]), as_of).deals[deal.public_id]


def counted_together(
    session: Session, deals: Sequence[Deal], as_of: date, *, survivor: Deal | None = None
) -> dict[Programme, Count]:
    """What the count says of some deals alone, programme by programme: so much of each total they are.

    survivor: as if all the others were put behind this one; its programme is theirs then.
    """
    at_home: dict[Programme, list[Deal]] = defaultdict(list)
    for deal in deals:
        programme = programme_of(session, survivor or deal)
        if programme is not None:
            at_home[programme].append(deal)
    return {
        programme: counting.count(_facts(session, programme, own, survivor=survivor), as_of)
        for programme, own in at_home.items()
    }


def renewal_of(deal: Deal) -> Renewal | None:
    """What a deal renews, if anything (R13)."""
    return Renewal(deal.former_amount) if deal.is_renewal else None


def programme_of(session: Session, deal: Deal) -> Programme | None:
    """The event's programme, or that of the year in which the deal was declared."""
    if deal.event is not None:
        return deal.event.programme
    year = shanghai_day(deal.entries[0].at).year
    return session.scalar(select(Programme).where(Programme.year == year))


def _facts(
    session: Session, programme: Programme, deals: Sequence[Deal], *, survivor: Deal | None = None
) -> counting.Facts:
    """These deals as facts of a programme; an event of another year's is left out, as a recount does."""
    firms = _parties(session, deals)
    parents = without_circles({firm.credit_code: firm.parent_code for firm in firms if firm.parent_code})
    events = {deal.event for deal in deals if deal.event is not None and deal.event.programme_id == programme.id}
    return counting.Facts(
        enterprises=[_enterprise_facts(firm, parents.get(firm.credit_code)) for firm in firms],
        events=[_event_facts(event) for event in events],
        deals=[_deal_facts(deal, events, survivor) for deal in deals],
        frozen_months=[
            counting.FrozenMonth(period.month, period.frozen_at) for period in programme.periods if period.frozen_at
        ],
        rules=counting.Rules(
            min_enterprises=programme.min_enterprises,
            annualise=programme.annualise,
            hold_amount=programme.hold_amount,
            hold_revenue_multiple=programme.hold_revenue_multiple,
        ),
    )


def _behind(deal: Deal, survivor: Deal | None) -> str | None:
    """The deal that this one repeats, or would repeat."""
    if survivor is not None and survivor is not deal:
        return survivor.public_id
    return None if deal.duplicate_of is None else deal.duplicate_of.public_id


def _parties(session: Session, deals: Iterable[Deal]) -> list[Enterprise]:
    """Buyers and sellers, and every registered parent above them."""
    known = {firm.credit_code: firm for deal in deals for firm in (deal.buyer, deal.seller)}
    wanted = {firm.parent_code for firm in known.values() if firm.parent_code} - known.keys()
    while wanted:
        statement = select(Enterprise).where(Enterprise.credit_code.in_(wanted))
        found = session.scalars(everyones(statement, because="only whether the parties are related is told")).all()
        known |= {firm.credit_code: firm for firm in found}
        wanted = {firm.parent_code for firm in found if firm.parent_code} - known.keys()
    return list(known.values())


def _enterprise_facts(firm: Enterprise, parent: str | None) -> counting.EnterpriseFacts:
    return counting.EnterpriseFacts(
        credit_code=firm.credit_code,
        name=firm.name,
        region=firm.region.code if firm.region.is_inside else None,
        kind=counting.EnterpriseKind(firm.kind.value),
        last_year_revenue=firm.last_year_revenue,
        parent=parent,
        legal_representative=firm.legal_representative,
    )


def _event_facts(event: MatchmakingEvent) -> counting.EventFacts:
    """The event's day is what bears on a deal; who came to it does not."""
    return counting.EventFacts(
        id=event.public_id,
        organiser=event.organiser.region.code,
        held_on=event.held_on,
        own_matching=event.own_matching,
        approved=event.state is EventState.APPROVED,
        check_ins=(),
    )


def _deal_facts(deal: Deal, events: Collection[MatchmakingEvent], survivor: Deal | None) -> counting.DealFacts:
    opening = deal.entries[0].amount
    if opening is None:
        raise ValueError("a declaration states its amount")
    return counting.DealFacts(
        id=deal.public_id,
        buyer=deal.buyer.credit_code,
        seller=deal.seller.credit_code,
        kind=counting.DealKind(deal.kind.value),
        amount=opening,
        months=deal.months,
        entries=entry_facts(deal.entries),
        event=deal.event.public_id if deal.event in events and deal.event else None,
        currency=deal.currency,
        rate=None if deal.rate is None else Decimal(deal.rate),
        duplicate_of=_behind(deal, survivor),
    )
