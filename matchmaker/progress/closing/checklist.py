"""What still waits in a month before it is frozen, each figure opening to its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import User
from matchmaker.db import shanghai_day
from matchmaker.deals.counting import DealFacts, DealKind, DealReason, EventFacts, EventReason, month_of, standing
from matchmaker.deals.counting.months import end_of_day
from matchmaker.deals.recounting import Recount
from matchmaker.events.models import CheckIn, EventState, MatchmakingEvent
from matchmaker.progress.slices import Line
from matchmaker.web.visibility import everyones, visible


class Waiting(StrEnum):
    """What can still wait: three kinds of deals, three kinds of events."""

    UNCONFIRMED = "unconfirmed"
    DISPUTED = "disputed"
    HELD = "held"
    UNAPPROVED = "unapproved"
    WITHOUT_GUESTS = "without_guests"
    LATE_CHECK_INS = "late_check_ins"

    @property
    def is_of_deals(self) -> bool:
        """Whether deals wait, and not events."""
        return self in _REASONS


_REASONS = {
    Waiting.UNCONFIRMED: DealReason.UNCONFIRMED,
    Waiting.DISPUTED: DealReason.DISPUTED,
    Waiting.HELD: DealReason.HELD,
}


@dataclass(frozen=True, slots=True)
class Checklist:
    """By what waits: the deals with their yuan in force, and the events by their public ids."""

    deals: Mapping[Waiting, Sequence[Line]]
    events: Mapping[Waiting, Collection[str]]
    late_check_ins: int

    def count(self, what: Waiting) -> int:
        """How many deals or events wait."""
        return len(self.deals[what] if what.is_of_deals else self.events[what])

    def amount(self, what: Waiting) -> int | None:
        """What the waiting deals come to; events have no amount."""
        return sum(line.figure for line in self.deals[what]) if what.is_of_deals else None

    @property
    def is_clear(self) -> bool:
        """Whether nothing waits."""
        return not any(self.count(what) for what in Waiting)


def checklist_of(session: Session, recount: Recount, month: str) -> Checklist:
    """What waits in a month: its own purchases, and its events that have had their day."""
    late = late_check_ins(session, recount, month)
    held = _held(session, recount, month)
    counts = recount.count.events
    events = {
        Waiting.UNAPPROVED: [each.id for each in held if counts[each.id].reason is EventReason.NOT_APPROVED],
        Waiting.WITHOUT_GUESTS: [each.id for each in held if each.own_matching and not each.check_ins],
        Waiting.LATE_CHECK_INS: list(late),
    }
    return Checklist({what: _lines(recount, month, reason) for what, reason in _REASONS.items()}, events, late.total())


def own_month(deal: DealFacts, held_on: Mapping[str, date], before: datetime) -> str:
    """The month a deal belongs to: its event's, else that of its agreement, else that of its declaration."""
    if deal.event is not None:
        return month_of(held_on[deal.event])
    return month_of(standing(deal, before).agreed_at or min(entry.at for entry in deal.entries))


def own_months(recount: Recount, ids: Collection[str]) -> dict[str, str]:
    """The months these deals belong to, by their public ids."""
    held_on = {event.id: event.held_on for event in recount.books.facts.events}
    before = end_of_day(recount.count.as_of)
    return {deal.id: own_month(deal, held_on, before) for deal in recount.books.facts.deals if deal.id in ids}


def _lines(recount: Recount, month: str, reason: DealReason) -> list[Line]:
    held_on = {event.id: event.held_on for event in recount.books.facts.events}
    before = end_of_day(recount.count.as_of)
    found = [
        Line(deal, counted, counted.full_amount)
        for deal in recount.books.facts.deals
        for counted in (recount.count.deals[deal.id],)
        if deal.kind is DealKind.PURCHASE and counted.reason is reason and own_month(deal, held_on, before) == month
    ]
    return sorted(found, key=lambda line: (-line.figure, line.deal.id))


def _held(session: Session, recount: Recount, month: str) -> list[EventFacts]:
    """The events of a month that have had their day; those cancelled or put off did not take place."""
    as_of = recount.count.as_of
    found = [each for each in recount.books.facts.events if month_of(each.held_on) == month and each.held_on <= as_of]
    gone = select(MatchmakingEvent.public_id).where(
        MatchmakingEvent.public_id.in_([each.id for each in found]),
        MatchmakingEvent.state.in_((EventState.CANCELLED, EventState.POSTPONED)),
    )
    dropped = set(session.scalars(everyones(gone, because="only counted, and shown of events this reader sees")))
    return [each for each in found if each.id not in dropped]


def late_check_ins(session: Session, recount: Recount, month: str) -> Counter[str]:
    """How many check-ins each event of a month received only after its day."""
    held_on = {each.id: each.held_on for each in recount.books.facts.events if month_of(each.held_on) == month}
    statement = (
        select(MatchmakingEvent.public_id, CheckIn.received_at)
        .join(CheckIn, CheckIn.event_id == MatchmakingEvent.id)
        .where(MatchmakingEvent.public_id.in_(held_on))
    )
    rows = session.execute(everyones(statement, because="only counted, and shown of events this reader sees"))
    return Counter(key for key, received_at in rows if shanghai_day(received_at) > held_on[key])


def visible_events(session: Session, user: User, addresses: Collection[str]) -> list[MatchmakingEvent]:
    """Those of these events the reader may see, in the order of their days."""
    statement = (
        visible(MatchmakingEvent, user)
        .where(MatchmakingEvent.public_id.in_(addresses))
        .options(joinedload(MatchmakingEvent.organiser))
    )
    return list(session.scalars(statement.order_by(MatchmakingEvent.held_on, MatchmakingEvent.id)))
