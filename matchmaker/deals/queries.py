"""Deals and their entries, read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from matchmaker.accounts.models import ChainHead, User
from matchmaker.accounts.scopes import in_region_of
from matchmaker.audit import Link
from matchmaker.db import SHANGHAI, utcnow
from matchmaker.deals.auditing.queries import is_reviewed
from matchmaker.deals.models import Assurance, Deal, DealEntry, DealKind, DealStage, DealStanding, EntryType
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import SEATED, CheckIn, EventState, MatchmakingEvent, Registration
from matchmaker.meetings.models import Meeting, MeetingRequest
from matchmaker.regions.models import Region
from matchmaker.text import fold
from matchmaker.web.pagination import Page, paginate
from matchmaker.web.visibility import everyones, visible

LEDGER = "deal_entry"
_PER_QUEUE = 20
_BLOCK = 1_000
_SAME_NAMES = 5
BEGUN = (EventState.RUNNING, EventState.HELD, EventState.CLOSING, EventState.APPROVED)


def entry_content(deal: Deal, entry: DealEntry) -> dict[str, object]:
    """What of an entry is sealed: ids and facts, never names; a declaration seals the deal's terms too.

    Of a note only the digest is sealed: people write names into notes, and the proof must not need them.
    """
    content: dict[str, object] = {
        "deal": deal.public_id,
        "number": entry.number,
        "type": entry.type.value,
        "party": entry.party.value,
        "round": entry.round,
        "amount": entry.amount,
        "at": entry.at.isoformat(),
        "actor": entry.actor_id,
        "office": entry.office_id,
        "note": hashlib.sha256(entry.note.encode()).hexdigest() if entry.note else "",
    }
    if entry.other_id is not None:
        content["other"] = entry.other_id
    return content | {"terms": _terms(deal)} if entry.type is EntryType.DECLARE else content


def _terms(deal: Deal) -> dict[str, object]:
    """The terms a declaration seals; one sealed before renewals told their former amount has none."""
    terms: dict[str, object] = {
        "number": deal.number,
        "buyer": deal.buyer_id,
        "seller": deal.seller_id,
        "kind": deal.kind.value,
        "months": deal.months,
        "event": deal.event_id,
        "amount_high": deal.amount_high,
        "currency": deal.currency,
        "rate": deal.rate,
        "is_renewal": deal.is_renewal,
    }
    return terms if deal.former_amount is None else terms | {"former_amount": deal.former_amount}


def entry_links(session: Session) -> Iterator[Link]:
    """The ledger as a chain, oldest first."""
    after = 0
    while block := _entries_after(session, after):
        for entry in block:
            yield Link(entry.public_id, entry_content(entry.deal, entry), entry.seal)
        after = block[-1].id


def _entries_after(session: Session, entry_id: int) -> list[DealEntry]:
    """The next entries of the ledger; a reader may stop between two blocks at no cost."""
    statement = select(DealEntry).where(DealEntry.id > entry_id).order_by(DealEntry.id).limit(_BLOCK)
    statement = statement.options(joinedload(DealEntry.deal))
    return list(session.scalars(everyones(statement, because="the seals run through the whole ledger")))


def ledger_turn(session: Session) -> None:
    """Wait for whoever else is adding to the ledger; the turn lasts until the transaction ends."""
    session.scalar(select(ChainHead).where(ChainHead.name == LEDGER).with_for_update())


def next_number(session: Session, *, year: int) -> str:
    """The next free number of a year; only whoever has the ledger's turn may use it."""
    known = (
        select(Deal.number)
        .where(Deal.number.like(f"YX-{year}-%"))
        .order_by(func.length(Deal.number).desc(), Deal.number.desc())
        .limit(1)
    )
    last = session.scalar(everyones(known, because="a number says nothing of its deal"))
    return f"YX-{year}-{int(last.rpartition('-')[2]) + 1 if last else 1:05d}"


def open_deal_between(
    session: Session, *, event: MatchmakingEvent | None, one: Enterprise, other: Enterprise
) -> Deal | None:
    """The deal these two already have from this event, whoever bought and whoever reported it."""
    if event is None:
        return None
    statement = (
        select(Deal)
        .join(DealStanding)
        .where(
            Deal.event_id == event.id,
            Deal.buyer_id.in_((one.id, other.id)),
            Deal.seller_id.in_((one.id, other.id)),
            Deal.duplicate_of_id.is_(None),
            DealStanding.stage != DealStage.WITHDRAWN,
        )
        .order_by(Deal.id)
        .limit(1)
    )
    return session.scalar(everyones(statement, because="its parties are the ones who ask"))


@dataclass(frozen=True, slots=True)
class LedgerFilters:
    """What a reader of the ledger asked for; month is “2026-03”, prefecture a region code, event a public id."""

    kind: DealKind | None = None
    stage: DealStage | None = None
    assurance: Assurance | None = None
    is_disputed: bool = False
    month: str = ""
    prefecture: str = ""
    event: str = ""
    q: str = ""

    @property
    def are_any(self) -> bool:
        """Whether anything was asked for."""
        return self != LedgerFilters()


def ledger_rows(user: User, filters: LedgerFilters) -> Select[Deal]:
    """The deals this person sees that fit, the latest change first, with what a list shows of them."""
    statement = visible(Deal, user).join(DealStanding).where(*_conditions(filters))
    return statement.options(*_shown_in_lists()).order_by(DealStanding.changed_at.desc(), Deal.id.desc())


def deals_of(session: Session, user: User, filters: LedgerFilters, *, number: int = 1) -> Page[Deal]:
    """One page of those deals."""
    return paginate(session, ledger_rows(user, filters), number=number)


def all_deals_of(session: Session, user: User, filters: LedgerFilters) -> list[Deal]:
    """All of them, for an export."""
    return list(session.scalars(ledger_rows(user, filters)))


def awaiting(session: Session, enterprise_id: int) -> list[Deal]:
    """The deals that wait for this firm's answer, the longest waiting first."""
    unanswered = or_(
        and_(Deal.buyer_id == enterprise_id, DealStanding.buyer_consents.is_(False)),
        and_(Deal.seller_id == enterprise_id, DealStanding.seller_consents.is_(False)),
    )
    statement = (
        select(Deal)
        .join(DealStanding)
        .where(
            unanswered,
            Deal.duplicate_of_id.is_(None),
            DealStanding.is_disputed.is_(False),
            DealStanding.stage != DealStage.WITHDRAWN,
        )
        .options(*_shown_in_lists())
        .order_by(DealStanding.changed_at, Deal.id)
    )
    return list(session.scalars(everyones(statement, because="only the firm's own deals fit")))


@dataclass(frozen=True, slots=True)
class StageLine:
    """How many of a firm's deals are in one stage, and what they come to in yuan."""

    stage: DealStage
    count: int
    amount: int


def stage_summary(session: Session, enterprise_id: int, *, kind: DealKind = DealKind.PURCHASE) -> list[StageLine]:
    """A firm's deals of one kind by stage, each told once and in the one stage it has reached (R6, R7, R20)."""
    statement = (
        select(DealStanding.stage, func.count(), func.sum(DealStanding.amount))
        .join(Deal)
        .where(
            or_(Deal.buyer_id == enterprise_id, Deal.seller_id == enterprise_id),
            Deal.kind == kind,
            Deal.duplicate_of_id.is_(None),
        )
        .group_by(DealStanding.stage)
    )
    rows = session.execute(everyones(statement, because="only the firm's own deals fit"))
    found = {stage: StageLine(stage, count, int(amount)) for stage, count, amount in rows}
    return [found[stage] for stage in DealStage if stage in found]


def disputed_near(session: Session, user: User, *, limit: int = _PER_QUEUE) -> list[Deal]:
    """Disputed deals of this office's region, the longest waiting first."""
    statement = (
        visible(Deal, user)
        .join(DealStanding)
        .where(_is_near(user), DealStanding.is_disputed, DealStanding.stage != DealStage.WITHDRAWN)
        .options(*_shown_in_lists())
        .order_by(DealStanding.changed_at, Deal.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def unverified_near(session: Session, user: User, *, limit: int = _PER_QUEUE) -> list[Deal]:
    """Deals confirmed by both sides that this office may verify, the largest first."""
    office_id = user.office.id if user.office else None
    recorded = select(DealEntry.deal_id).where(
        or_(DealEntry.office_id == office_id, DealEntry.actor_id == user.id),
        DealEntry.type.in_((EntryType.DECLARE, EntryType.AMEND, EntryType.CONFIRM)),
    )
    statement = (
        visible(Deal, user)
        .join(DealStanding)
        .where(
            _is_near(user),
            DealStanding.assurance == Assurance.CONFIRMED,
            Deal.duplicate_of_id.is_(None),
            DealStanding.is_disputed.is_(False),
            DealStanding.stage != DealStage.WITHDRAWN,
            or_(Deal.event_id.is_(None), Deal.event_id.not_in(_events_run_by(office_id))),
            Deal.id.not_in(recorded),
        )
        .options(*_shown_in_lists())
        .order_by(DealStanding.amount.desc(), Deal.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def _events_run_by(office_id: int | None) -> Select[int]:
    """The events an office runs, and all below them."""
    own = select(MatchmakingEvent.id).where(MatchmakingEvent.organiser_id == office_id).cte(recursive=True)
    below = select(MatchmakingEvent.id).join(own, MatchmakingEvent.parent_id == own.c.id)
    return select(own.union(below).c.id)


def with_history(statement: Select[Deal]) -> Select[Deal]:
    """A statement that brings a deal with everything its own page shows."""
    return statement.options(
        *_shown_in_lists(),
        selectinload(Deal.entries).options(joinedload(DealEntry.actor), joinedload(DealEntry.other)),
        joinedload(Deal.meeting).options(joinedload(Meeting.slot), joinedload(Meeting.table)),
        joinedload(Deal.duplicate_of),
    )


def partners_of(session: Session, user: User) -> list[Enterprise]:
    """The firms a firm has talked with or asked for a talk, by name: whom it may name as the other side."""
    own = user.enterprise_id
    asked = select(MeetingRequest.asked_id).where(MeetingRequest.asker_id == own)
    askers = select(MeetingRequest.asker_id).where(MeetingRequest.asked_id == own)
    statement = visible(Enterprise, user).where(or_(Enterprise.id.in_(asked), Enterprise.id.in_(askers)))
    return list(session.scalars(statement.order_by(Enterprise.name, Enterprise.id)))


def _shown_in_lists() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Deal.standing),
        joinedload(Deal.buyer).joinedload(Enterprise.region),
        joinedload(Deal.seller).joinedload(Enterprise.region),
        joinedload(Deal.event),
        joinedload(Deal.segment),
    )


def _is_near(user: User) -> ColumnElement[bool]:
    near = select(Enterprise.id).where(in_region_of(user, Enterprise.region_id))
    return or_(Deal.buyer_id.in_(near), Deal.seller_id.in_(near))


def _conditions(filters: LedgerFilters) -> Iterator[ColumnElement[bool]]:
    if filters.kind is not None:
        yield Deal.kind == filters.kind
    if filters.stage is not None:
        yield DealStanding.stage == filters.stage
    if filters.assurance is not None:
        yield from _assured(filters.assurance)
    if filters.is_disputed:
        yield DealStanding.is_disputed.is_(True)
    if filters.month:
        first, after = _bounds(filters.month)
        yield and_(DealStanding.declared_at >= first, DealStanding.declared_at < after)
    if filters.prefecture:
        yield _in_prefecture(filters.prefecture)
    if filters.event:
        yield Deal.event_id.in_(select(MatchmakingEvent.id).where(MatchmakingEvent.public_id == filters.event))
    if filters.q:
        yield _mentions(filters.q)


def _assured(level: Assurance) -> Iterator[ColumnElement[bool]]:
    """A deal is at one level: whoever was reviewed is no longer at the level its entries give it."""
    if level is Assurance.REVIEWED:
        yield is_reviewed()
    else:
        yield DealStanding.assurance == level
        yield ~is_reviewed()


def _bounds(month: str) -> tuple[datetime, datetime]:
    """The first moment of a Shanghai month and of the one after it."""
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=31)).replace(day=1)
    return datetime.combine(first, time(), SHANGHAI), datetime.combine(after, time(), SHANGHAI)


def _in_prefecture(code: str) -> ColumnElement[bool]:
    place = select(Region.id).where(Region.code == code).scalar_subquery()
    there = select(Enterprise.id).join(Region).where(or_(Region.id == place, Region.parent_id == place))
    return or_(Deal.buyer_id.in_(there), Deal.seller_id.in_(there))


def _mentions(text: str) -> ColumnElement[bool]:
    """The deal's number or subject, or the name, pinyin or code of a party."""
    named = select(Enterprise.id).where(Enterprise.search_text.contains(fold(text), autoescape=True))
    return or_(
        Deal.number.contains(text.strip().upper(), autoescape=True),
        Deal.subject.contains(text.strip(), autoescape=True),
        Deal.buyer_id.in_(named),
        Deal.seller_id.in_(named),
    )


def find_meeting_of(session: Session, user: User, public_id: str) -> Meeting | None:
    """One of this person's own meetings, with its two firms and its event."""
    statement = visible(Meeting, user).where(Meeting.public_id == public_id)
    request = joinedload(Meeting.request)
    return session.scalar(
        statement.options(
            request.joinedload(MeetingRequest.asker),
            request.joinedload(MeetingRequest.asked),
            request.joinedload(MeetingRequest.event),
        )
    )


def find_event(session: Session, user: User, public_id: str) -> MatchmakingEvent | None:
    """An event this person sees."""
    return session.scalar(visible(MatchmakingEvent, user).where(MatchmakingEvent.public_id == public_id))


def own_enterprise(session: Session, user: User) -> Enterprise:
    """The firm a person speaks for."""
    return session.scalars(visible(Enterprise, user).where(Enterprise.id == user.enterprise_id)).one()


def find_partner_by_id(session: Session, user: User, public_id: str) -> Enterprise | None:
    """Another firm this person sees in the register."""
    statement = visible(Enterprise, user).where(Enterprise.id != user.enterprise_id)
    return session.scalar(statement.where(Enterprise.public_id == public_id))


def firms_named(session: Session, user: User, text: str) -> list[Enterprise]:
    """The firms this person sees that bear exactly this name, short name or code."""
    name = text.strip()
    named = or_(Enterprise.name == name, Enterprise.short_name == name, Enterprise.credit_code == name.upper())
    return list(session.scalars(visible(Enterprise, user).where(named).order_by(Enterprise.id).limit(_SAME_NAMES)))


def events_attended(session: Session, user: User) -> list[MatchmakingEvent]:
    """The begun events at which a person's firm has a place or was seen, the latest first."""
    registered = select(Registration.event_id).where(
        Registration.enterprise_id == user.enterprise_id, Registration.state.in_(SEATED)
    )
    seen = select(CheckIn.event_id).where(CheckIn.enterprise_id == user.enterprise_id)
    statement = visible(MatchmakingEvent, user).where(
        or_(MatchmakingEvent.id.in_(registered), MatchmakingEvent.id.in_(seen)),
        or_(MatchmakingEvent.state.in_(BEGUN), MatchmakingEvent.starts_at <= utcnow()),
    )
    return list(session.scalars(statement.order_by(MatchmakingEvent.starts_at.desc())))
