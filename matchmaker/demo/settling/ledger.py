"""Deals with every statement made about them, sealed in the order in which they were made."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import insert

from matchmaker.accounts.models import ChainHead
from matchmaker.audit import GENESIS, seal
from matchmaker.deals.models import Deal, DealEntry, DealKind, DealStanding, EntryType, Party
from matchmaker.deals.queries import LEDGER, entry_content
from matchmaker.deals.standing import project
from matchmaker.demo.records import DemoDeal, DemoEntry, Province
from matchmaker.demo.settling.rows import Rows


def settle_deals(rows: Rows, province: Province) -> None:
    """Write the deals, their sealed entries and where each deal stands."""
    organisers = {event.key: rows.of("office", event.organiser) for event in province.events}
    for told in province.deals:
        rows.name("deal", told.key, rows.key(Deal))
    deals = [(told, _deal(rows, told)) for told in province.deals]
    said = [
        (entry.at, deal.id, number, deal, _entry(rows, deal, entry, number, told, organisers))
        for told, deal in deals
        for number, entry in enumerate(told.entries, 1)
    ]
    said.sort(key=lambda each: each[:3])
    head = _seal(rows, [(deal, entry) for _at, _id, _number, deal, entry in said])
    rows.add(Deal, (_values(deal) for _told, deal in _originals_first(deals)))
    rows.add(DealEntry, (_values(entry) for _at, _id, _number, _deal_, entry in said))
    by_deal: dict[int, list[DealEntry]] = {}
    for *_order, deal, entry in said:
        by_deal.setdefault(deal.id, []).append(entry)
    rows.add(
        DealStanding,
        ({"deal_id": deal.id, **asdict(project(by_deal[deal.id], rate=deal.rate))} for _told, deal in deals),
    )
    rows.session.execute(insert(ChainHead.__table__), [{"name": LEDGER, "seal": head, "count": len(said)}])  # type: ignore[arg-type]


def _originals_first(deals: list[tuple[DemoDeal, Deal]]) -> list[tuple[DemoDeal, Deal]]:
    return sorted(deals, key=lambda each: each[0].duplicate_of is not None)


def _seal(rows: Rows, said: list[tuple[Deal, DealEntry]]) -> str:
    """Number and seal the entries in their order; returns the last seal."""
    last = GENESIS
    for deal, entry in said:
        entry.id = rows.key(DealEntry)
        entry.seal = last = seal(last, entry_content(deal, entry))
    return last


def _deal(rows: Rows, told: DemoDeal) -> Deal:
    return Deal(
        id=rows.of("deal", told.key),
        public_id=rows.address(),
        number=told.number,
        buyer_id=rows.of("enterprise", told.buyer),
        seller_id=rows.of("enterprise", told.seller),
        kind=DealKind(told.kind),
        subject=told.subject,
        segment_id=rows.maybe("segment", told.segment),
        event_id=rows.maybe("event", told.event),
        meeting_id=rows.maybe("meeting", told.meeting),
        months=told.months,
        amount_high=told.amount_high,
        currency=told.currency,
        rate=told.rate,
        contract_number=told.contract_number,
        is_renewal=told.is_renewal,
        former_amount=told.former_amount,
        duplicate_of_id=rows.maybe("deal", told.duplicate_of),
        created_at=told.entries[0].at,
        version=1,
    )


def _entry(
    rows: Rows, deal: Deal, told: DemoEntry, number: int, whole: DemoDeal, organisers: dict[str, int]
) -> DealEntry:
    by_office = told.by == "office"
    return DealEntry(
        public_id=rows.address(),
        deal_id=deal.id,
        number=number,
        type=EntryType(told.type),
        party=Party(told.by),
        round=told.round,
        amount=told.amount,
        at=told.at,
        actor_id=None,
        office_id=_office(rows, whole, told, organisers) if by_office else None,
        note=told.note,
    )


def _office(rows: Rows, deal: DemoDeal, entry: DemoEntry, organisers: dict[str, int]) -> int | None:
    """Who speaks for the bureau: the provincial office, which neither organises nor records here."""
    if entry.type == "declare" and deal.event is not None:
        return organisers[deal.event]
    return rows.of("office", "province")


def _values(row: Deal | DealEntry) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in type(row).__table__.columns}
