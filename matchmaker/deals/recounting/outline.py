"""What of a programme is small enough to be read every time, and the marks that tell whether the rest has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from matchmaker.accounts.models import Office
from matchmaker.deals.counting import FrozenMonth, Rules
from matchmaker.deals.models import Deal, DealEntry
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import CheckIn, EventState, MatchmakingEvent
from matchmaker.programmes.models import Programme
from matchmaker.programmes.queries import frozen_months
from matchmaker.web.visibility import everyones

BECAUSE = "a count reads every row; only totals and rows already scoped are shown of it"
Mark = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event as the tables hold it, without who came."""

    id: int
    public_id: str
    organiser_region_id: int
    held_on: date
    own_matching: bool
    approved: bool
    parent: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What every deal of a programme is judged against, but for the firms."""

    programme_id: int
    year: int
    rules: Rules
    frozen_months: tuple[FrozenMonth, ...]
    events: tuple[EventLine, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """Equal outlines mean equal totals: whatever a count depends on is in it or has its mark in it."""

    frame: Frame
    register: Mark
    check_ins: Mark
    ledger: Mark


def read_outline(session: Session, programme: Programme) -> Outline:
    """The outline of a programme as this session sees it now."""
    return Outline(
        frame=read_frame(session, programme),
        register=register_mark(session),
        check_ins=check_in_mark(session),
        ledger=_mark(session, select(func.count(DealEntry.id), func.max(DealEntry.id)))
        + _mark(session, select(func.count(Deal.id), func.max(Deal.id), func.sum(Deal.version))),
    )


def register_mark(session: Session) -> Mark:
    """What differs once any enterprise was added or edited."""
    return _mark(
        session, select(func.count(Enterprise.id), func.max(Enterprise.updated_at), func.sum(Enterprise.version))
    )


def check_in_mark(session: Session) -> Mark:
    """What differs once a check-in came or was taken back: they are committed in any order, so the ids are summed."""
    return _mark(session, select(func.count(CheckIn.id), func.max(CheckIn.id), func.sum(CheckIn.id)))


def read_frame(session: Session, programme: Programme) -> Frame:
    """The frame of a programme as this session sees it now; it does not grow with the ledger."""
    return Frame(
        programme_id=programme.id,
        year=programme.year,
        rules=Rules(
            min_enterprises=programme.min_enterprises,
            annualise=programme.annualise,
            hold_amount=programme.hold_amount,
            hold_revenue_multiple=programme.hold_revenue_multiple,
        ),
        frozen_months=tuple(_frozen(session, programme)),
        events=tuple(_events(session, programme)),
    )


def _mark(session: Session, statement: Select[*tuple[Any, ...]]) -> Mark:
    return tuple(session.execute(everyones(statement, because=BECAUSE)).one())


def _frozen(session: Session, programme: Programme) -> list[FrozenMonth]:
    months: list[tuple[str, datetime | None]] = [
        (period.month, period.frozen_at) for period in frozen_months(session, programme)
    ]
    return [FrozenMonth(month, frozen_at) for month, frozen_at in months if frozen_at is not None]


def _events(session: Session, programme: Programme) -> list[EventLine]:
    parent = aliased(MatchmakingEvent)
    statement = (
        select(
            MatchmakingEvent.id,
            MatchmakingEvent.public_id,
            Office.region_id,
            MatchmakingEvent.held_on,
            MatchmakingEvent.own_matching,
            MatchmakingEvent.state,
            parent.public_id,
        )
        .join(Office, Office.id == MatchmakingEvent.organiser_id)
        .join(parent, parent.id == MatchmakingEvent.parent_id, isouter=True)
        .where(MatchmakingEvent.programme_id == programme.id)
        .order_by(MatchmakingEvent.held_on, MatchmakingEvent.id)
    )
    return [
        EventLine(key, address, region, held_on, own, state is EventState.APPROVED, parent_address)
        for key, address, region, held_on, own, state, parent_address in session.execute(
            everyones(statement, because=BECAUSE)
        )
    ]
