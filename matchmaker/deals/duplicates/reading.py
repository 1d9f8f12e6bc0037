"""Deals read as the traces that are compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from matchmaker.db import shanghai_day
from matchmaker.deals.duplicates.clustering import Trace
from matchmaker.deals.models import Deal, DealStage, DealStanding
from matchmaker.enterprises.models import Merger
from matchmaker.web.visibility import everyones

BECAUSE: Final = "deals are only compared; the pairs are shown under their own scope"

Standins = dict[int, int]


def standins(session: Session) -> Standins:
    """Of every registration that was put behind another, the one that now stands for its firm."""
    mergers = select(Merger.duplicate_id, Merger.survivor_id).where(Merger.ended_at.is_(None))
    behind = {row.duplicate_id: row.survivor_id for row in session.execute(everyones(mergers, because=BECAUSE))}
    return {firm: _last(firm, behind) for firm in behind}


def same_firms(session: Session, one: Deal, other: Deal) -> bool:
    """Whether two deals are between the same two firms, whoever buys and however they are registered."""
    known = standins(session)
    first, second = ({known.get(firm, firm) for firm in (deal.buyer_id, deal.seller_id)} for deal in (one, other))
    return first == second


def every_trace(session: Session) -> list[Trace]:
    """All deals that can still be one with another: neither withdrawn nor put behind another already."""
    return _traces(session, true(), standins(session))


def traces_between(session: Session, firms: Iterable[int]) -> list[Trace]:
    """Those of the deals between these firms, under whichever of their registrations."""
    known = standins(session)
    own = {known.get(firm, firm) for firm in firms}
    names = own | {duplicate for duplicate, survivor in known.items() if survivor in own}
    return _traces(session, Deal.buyer_id.in_(names) & Deal.seller_id.in_(names), known)


def traces_among(session: Session, deals: Iterable[int]) -> list[Trace]:
    """Those of these deals that can still be one with another."""
    return _traces(session, Deal.id.in_(sorted(deals)), standins(session))


def _traces(session: Session, which: ColumnElement[bool], known: Standins) -> list[Trace]:
    statement = (
        select(
            Deal.id, Deal.buyer_id, Deal.seller_id, Deal.kind, Deal.months, Deal.segment_id, Deal.event_id,
            Deal.contract_number, Deal.is_renewal, DealStanding.amount, DealStanding.declared_at,
        )
        .join(DealStanding, DealStanding.deal_id == Deal.id)
        .where(which, Deal.duplicate_of_id.is_(None), DealStanding.stage != DealStage.WITHDRAWN)
        .order_by(Deal.id)
    )  # fmt: skip
    return [
        Trace(
            id=row.id,
            buyer=known.get(row.buyer_id, row.buyer_id),
            seller=known.get(row.seller_id, row.seller_id),
            kind=row.kind.value,
            amount=row.amount,
            months=row.months,
            begins_on=shanghai_day(row.declared_at),
            segment=row.segment_id,
            event=row.event_id,
            contract=row.contract_number,
            is_renewal=row.is_renewal,
        )
        for row in session.execute(everyones(statement, because=BECAUSE))
    ]


def _last(firm: int, behind: Standins) -> int:
    """The end of a chain of registrations; one that comes back on itself ends where it would."""
    trail = [firm]
    while (after := behind.get(trail[-1])) is not None and after not in trail:
        trail.append(after)
    return trail[-1]
