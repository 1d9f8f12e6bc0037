"""Check-ins, deals and their entries read as light tuples and put down as facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, String, and_, or_, select, true, type_coerce
from sqlalchemy.orm import Session

from matchmaker.chains.models import Segment
from matchmaker.db import SHANGHAI, shanghai_day
from matchmaker.deals.counting import (
    By,
    CheckInFacts,
    DealFacts,
    DealKind,
    EntryFacts,
    EntryType,
    EventFacts,
    Facts,
    Renewal,
    Side,
)
from matchmaker.deals.models import Deal, DealEntry
from matchmaker.deals.models import EntryType as Said
from matchmaker.deals.recounting.books import Books, StageEntry
from matchmaker.deals.recounting.firms import Register, places
from matchmaker.deals.recounting.outline import BECAUSE, Frame
from matchmaker.events.models import CheckIn, MatchmakingEvent
from matchmaker.web.visibility import everyones

_KINDS = {kind.value: kind for kind in DealKind}
_SIDES = {side.value: side for side in Side}
_PARTIES = {party.value: party for party in By}
_TYPES = {type_.value: type_ for type_ in EntryType}
_BESIDE_THE_COUNT = (Said.MERGE, Said.UNMERGE)  # the count reads `duplicate_of` instead

# Tables rather than models: as tuples of a model the same rows take twice as long.
_DEAL, _ENTRY, _CHECK_IN, _EVENT = (model.__table__.c for model in (Deal, DealEntry, CheckIn, MatchmakingEvent))

DealRow = Row[*tuple[Any, ...]]
Guests = Mapping[int, Sequence[CheckInFacts]]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Deals, and by their ids what was first declared, what is counted and what stands beside."""

    deals: Mapping[int, DealRow]
    opening: Mapping[int, int]
    entries: Mapping[int, Sequence[EntryFacts]]
    stages: Mapping[int, Sequence[StageEntry]]


def read_guests(session: Session, frame: Frame, register: Register) -> Guests:
    """Who was checked in at each event of the programme, by the event's id."""
    statement = (
        select(_CHECK_IN.event_id, _CHECK_IN.enterprise_id, _raw(_CHECK_IN.side), _raw(_CHECK_IN.at))
        .where(_CHECK_IN.event_id.in_([line.id for line in frame.events]))
        .order_by(_CHECK_IN.id)
    )
    moment, codes = _moments(session), register.codes
    guests: dict[int, list[CheckInFacts]] = defaultdict(list)
    for event_id, firm_id, side, at in session.execute(everyones(statement, because=BECAUSE)).all():
        guests[event_id].append(CheckInFacts(codes[firm_id], _SIDES[side], moment(at)))
    return guests


def read_ledger(session: Session, frame: Frame) -> Ledger:
    """The deals of the programme with everything said of them, in the order it was written down."""
    return _with_entries(session, _deals_of(session, frame), true())


def read_some(session: Session, ids: Collection[int]) -> Ledger:
    """These deals, of whatever programme, and those they repeat, with everything said of them."""
    deals = _deal_rows(session, _DEAL.id.in_(ids))
    while wanted := {row.duplicate_of_id for row in deals.values() if row.duplicate_of_id} - deals.keys():
        deals |= _deal_rows(session, _DEAL.id.in_(wanted))
    return _with_entries(session, deals, _ENTRY.deal_id.in_(deals))


def at_home(ledger: Ledger, frame: Frame) -> set[int]:
    """The deals of a ledger that belong to a programme; those they repeat must be in the ledger too."""
    repeating = {key: row for key, row in ledger.deals.items() if row.duplicate_of_id is not None}
    events = {line.id for line in frame.events}

    def belongs(root: int) -> bool:
        event_id = ledger.deals[root].event_id
        return event_id in events if event_id else shanghai_day(ledger.entries[root][0].at).year == frame.year

    return {key for key in ledger.deals if belongs(_repeated(key, repeating))}


def _with_entries(session: Session, deals: dict[int, DealRow], which: ColumnElement[bool]) -> Ledger:
    statement = (
        select(_ENTRY.deal_id, _raw(_ENTRY.type), _raw(_ENTRY.party), _raw(_ENTRY.at), _ENTRY.amount)
        .where(which, _ENTRY.type.not_in(_BESIDE_THE_COUNT))
        .order_by(_ENTRY.id)
    )
    moment = _moments(session)
    opening: dict[int, int] = {}
    entries: dict[int, list[EntryFacts]] = defaultdict(list)
    stages: dict[int, list[StageEntry]] = defaultdict(list)
    for deal_id, said, by, at, amount in session.execute(everyones(statement, because=BECAUSE)).all():
        if deal_id in deals:  # the entries of other years are passed over
            type_ = _TYPES[said]
            entries[deal_id].append(_entry(type_, _PARTIES[by], moment(at), amount))
            opening.setdefault(deal_id, amount)
            if type_ is EntryType.CONTRACT or type_ is EntryType.DELIVER:
                stages[deal_id].append(StageEntry(type_, moment(at), amount))
    return Ledger(deals, opening, entries, stages)


def _entry(type_: EntryType, by: By, at: datetime, amount: int | None) -> EntryFacts:
    """An entry as the count reads it: with its amount on an amend only."""
    return EntryFacts(type_, by, at, amount if type_ is EntryType.AMEND else None)


def _raw(column: Any) -> Any:
    """A state or a moment as the driver gives it: there are so many that turning them here is much quicker."""
    return type_coerce(column, String)


def _moments(session: Session) -> Callable[[Any], datetime]:
    """What turns a moment as this database's driver gives it into aware UTC."""
    if session.get_bind().dialect.name == "sqlite":
        read = datetime.fromisoformat
        return lambda written: read(written + "+00:00")
    return lambda moment: moment.astimezone(UTC)


def _deals_of(session: Session, frame: Frame) -> dict[int, DealRow]:
    """The deals of a programme: by event, else by the year of the declaration; duplicates go with what they repeat."""
    first, after = (datetime.combine(date(year, 1, 1), time(), SHANGHAI) for year in (frame.year, frame.year + 1))
    declared = select(_ENTRY.deal_id).where(_ENTRY.number == 1, _ENTRY.at >= first, _ENTRY.at < after)
    events = select(_EVENT.id).where(_EVENT.programme_id == frame.programme_id)
    in_its_year = or_(_DEAL.event_id.in_(events), and_(_DEAL.event_id.is_(None), _DEAL.id.in_(declared)))
    own = _deal_rows(session, in_its_year)
    repeating = _deal_rows(session, _DEAL.duplicate_of_id.is_not(None))
    return {key: row for key, row in (own | repeating).items() if _repeated(key, repeating) in own}


def _repeated(deal_id: int, repeating: Mapping[int, DealRow]) -> int:
    """The deal that a chain of duplicates leads to; a circle is at home where its first deal is."""
    trail = [deal_id]
    while trail[-1] in repeating:
        here = repeating[trail[-1]].duplicate_of_id
        if here in trail:
            return min(trail[trail.index(here) :])
        trail.append(here)
    return trail[-1]


def _deal_rows(session: Session, which: ColumnElement[bool]) -> dict[int, DealRow]:
    statement = select(
        _DEAL.id,
        _DEAL.public_id,
        _DEAL.buyer_id,
        _DEAL.seller_id,
        _raw(_DEAL.kind),
        _DEAL.months,
        _DEAL.event_id,
        _DEAL.amount_high,
        _DEAL.currency,
        _DEAL.rate,
        _DEAL.segment_id,
        _DEAL.duplicate_of_id,
        _DEAL.is_renewal,
        _DEAL.former_amount,
    ).where(which)
    return {row[0]: row for row in session.execute(everyones(statement.order_by(_DEAL.id), because=BECAUSE)).all()}


def bind(session: Session, frame: Frame, register: Register, guests: Guests, ledger: Ledger) -> Books:
    """Put the parts together as the books of one programme."""
    events = dict(_events(session, frame, guests))
    deals = list(_deals(session, ledger, register.codes, {key: event.id for key, event in events.items()}))
    involved = {guest.credit_code for event in events.values() for guest in event.check_ins}
    involved.update(deal.buyer for deal in deals)
    involved.update(deal.seller for deal in deals)
    facts = Facts(
        enterprises=register.with_parents(involved),
        events=list(events.values()),
        deals=deals,
        frozen_months=frame.frozen_months,
        rules=frame.rules,
    )
    return Books(
        facts,
        {ledger.deals[key].public_id: tuple(stages) for key, stages in ledger.stages.items()},
        {row.public_id: Renewal(row.former_amount) for row in ledger.deals.values() if row.is_renewal},
    )


def _events(session: Session, frame: Frame, guests: Guests) -> Iterator[tuple[int, EventFacts]]:
    counts_for = places(session)
    for line in frame.events:
        yield (
            line.id,
            EventFacts(
                id=line.public_id,
                organiser=counts_for[line.organiser_region_id] or "",
                held_on=line.held_on,
                own_matching=line.own_matching,
                approved=line.approved,
                check_ins=guests.get(line.id, ()),
                parent=line.parent,
            ),
        )


def _deals(
    session: Session, ledger: Ledger, codes: Mapping[int, str], events: Mapping[int, str]
) -> Iterator[DealFacts]:
    """The deals with their entries; the event of a duplicate taken over from another year is left out."""
    segments = {row.id: row.code for row in session.execute(select(Segment.id, Segment.code))}
    for row in ledger.deals.values():
        key, address, buyer, seller, kind, months, event, high, currency, rate, segment, repeated, *_beside = row
        yield DealFacts(
            id=address,
            buyer=codes[buyer],
            seller=codes[seller],
            kind=_KINDS[kind],
            amount=ledger.opening[key],
            months=months,
            entries=ledger.entries[key],
            event=events.get(event),
            amount_max=high,
            currency=currency,
            rate=None if rate is None else Decimal(rate),
            segment=segments.get(segment),
            duplicate_of=None if repeated is None else ledger.deals[repeated].public_id,
        )
