"""The purchases a reader sees, with their parties, as the signals read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Office, User
from matchmaker.db import SHANGHAI, shanghai_day
from matchmaker.deals.counting import EnterpriseFacts, EnterpriseKind
from matchmaker.deals.counting.parties import Parties
from matchmaker.deals.models import Deal, DealEntry, DealKind, DealStage, DealStanding, EntryType
from matchmaker.deals.recounting.firms import without_circles
from matchmaker.deals.signals import DealLine, FirmLine, Ledger, Report
from matchmaker.deals.standing import yuan_of
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import MatchmakingEvent
from matchmaker.web.visibility import everyones, may_see

_SCOPED = "only deals the reader sees are read"
_STATING = (EntryType.DECLARE, EntryType.AMEND)
_STAGED = (EntryType.CONTRACT, EntryType.DELIVER)
_DELIVERING = (DealStage.DELIVERING, DealStage.DELIVERED)
_NO_STAGES = (None, 0)

Reports = Mapping[int, tuple[Report, ...]]
Stages = Mapping[int, tuple[int | None, int]]


def read_ledger(session: Session, user: User, year: int) -> Ledger:
    """The purchases declared in a year that this person sees, without the withdrawn and the linked duplicates."""
    fits = _fits(user, year)
    codes, firms = _read_firms(session, fits)
    deals = _read_deals(session, fits, codes, _read_reports(session, fits), _read_stages(session, fits))
    return Ledger(deals, firms)


def _fits(user: User, year: int) -> ColumnElement[bool]:
    first, after = (datetime.combine(date(each, 1, 1), time(), SHANGHAI) for each in (year, year + 1))
    return (
        may_see(Deal, user)
        & (Deal.kind == DealKind.PURCHASE)
        & Deal.duplicate_of_id.is_(None)
        & (DealStanding.stage != DealStage.WITHDRAWN)
        & (DealStanding.declared_at >= first)
        & (DealStanding.declared_at < after)
    )


def _read_deals(
    session: Session, fits: ColumnElement[bool], codes: Mapping[int, str], reports: Reports, stages: Stages
) -> list[DealLine]:
    statement = (
        select(
            Deal.id, Deal.public_id, Deal.buyer_id, Deal.seller_id, Deal.segment_id,
            DealStanding.amount, DealStanding.declared_at,
            MatchmakingEvent.public_id.label("event"), MatchmakingEvent.held_on, Office.name.label("organiser"),
        )
        .join(DealStanding, DealStanding.deal_id == Deal.id)
        .outerjoin(MatchmakingEvent, MatchmakingEvent.id == Deal.event_id)
        .outerjoin(Office, Office.id == MatchmakingEvent.organiser_id)
        .where(fits)
        .order_by(Deal.id)
    )  # fmt: skip
    return [
        DealLine(
            id=row.public_id,
            buyer=codes[row.buyer_id],
            seller=codes[row.seller_id],
            amount=row.amount,
            declared_on=shanghai_day(row.declared_at),
            event=row.event,
            event_on=row.held_on,
            organiser=row.organiser or "",
            segment=None if row.segment_id is None else str(row.segment_id),
            reports=reports.get(row.id, ()),
            contract=stages.get(row.id, _NO_STAGES)[0],
            delivered=stages.get(row.id, _NO_STAGES)[1],
        )
        for row in session.execute(everyones(statement, because=_SCOPED))
    ]


def _read_reports(session: Session, fits: ColumnElement[bool]) -> Reports:
    """The amounts put forward for the deals of which more than one was, by the deal's id."""
    statement = (
        select(DealEntry.deal_id, DealEntry.party, DealEntry.amount, Deal.rate)
        .join(Deal, Deal.id == DealEntry.deal_id)
        .join(DealStanding, DealStanding.deal_id == Deal.id)
        .where(fits, DealStanding.round > 1, DealEntry.type.in_(_STATING))
        .order_by(DealEntry.deal_id, DealEntry.number)
    )
    found: dict[int, list[Report]] = defaultdict(list)
    for deal_id, party, amount, rate in session.execute(everyones(statement, because=_SCOPED)):
        found[deal_id].append(Report(party.value, yuan_of(amount or 0, rate)))
    return {deal_id: tuple(reports) for deal_id, reports in found.items()}


def _read_stages(session: Session, fits: ColumnElement[bool]) -> Stages:
    """The contract as last recorded and what was delivered in all, of the deals of which anything was."""
    statement = (
        select(DealEntry.deal_id, DealEntry.type, DealEntry.amount, Deal.rate)
        .join(Deal, Deal.id == DealEntry.deal_id)
        .join(DealStanding, DealStanding.deal_id == Deal.id)
        .where(fits, DealStanding.stage.in_(_DELIVERING), DealEntry.type.in_(_STAGED))
        .order_by(DealEntry.deal_id, DealEntry.number)
    )
    found: dict[int, tuple[int | None, int]] = {}
    for deal_id, what, amount, rate in session.execute(everyones(statement, because=_SCOPED)):
        contract, delivered = found.get(deal_id, _NO_STAGES)
        yuan = yuan_of(amount or 0, rate)
        found[deal_id] = (yuan, delivered) if what is EntryType.CONTRACT else (contract, delivered + yuan)
    return found


def _read_firms(session: Session, fits: ColumnElement[bool]) -> tuple[dict[int, str], dict[str, FirmLine]]:
    """The parties' codes by id, and what the rules ask of each party."""
    deals = select(Deal).join(DealStanding, DealStanding.deal_id == Deal.id).where(fits)
    sides = [deals.with_only_columns(side) for side in (Deal.buyer_id, Deal.seller_id)]
    parties = _enterprises(session, Enterprise.id.in_(sides[0]) | Enterprise.id.in_(sides[1]))
    families = _families(session, parties)
    firms = {
        firm.credit_code: FirmLine(
            firm.credit_code, families[firm.credit_code], firm.legal_representative.strip(), firm.last_year_revenue
        )
        for firm in parties
    }
    return {firm.id: firm.credit_code for firm in parties}, firms


def _families(session: Session, parties: Iterable[Enterprise]) -> dict[str, str]:
    """The ultimate parent of each party, as the count finds it (R12)."""
    known = {firm.credit_code: firm for firm in parties}
    codes = list(known)
    while wanted := {firm.parent_code for firm in known.values() if firm.parent_code} - known.keys():
        found = {firm.credit_code: firm for firm in _enterprises(session, Enterprise.credit_code.in_(wanted))}
        if not found:
            break
        known |= found
    parents = without_circles({code: firm.parent_code for code, firm in known.items() if firm.parent_code})
    relations = Parties({code: _relation(firm, parents.get(code)) for code, firm in known.items()})
    return {code: relations.ultimate_parent(code) for code in codes}


def _relation(firm: Enterprise, parent: str | None) -> EnterpriseFacts:
    return EnterpriseFacts(firm.credit_code, firm.name, None, EnterpriseKind(firm.kind.value), parent=parent)


def _enterprises(session: Session, which: ColumnElement[bool]) -> list[Enterprise]:
    because = "the parties of deals the reader sees, and whether they are related"
    return list(session.scalars(everyones(select(Enterprise).where(which), because=because)))
