"""What the count says of deals one by one: of a whole recount's, or of a few read for the purpose."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from matchmaker.db import shanghai_day
from matchmaker.deals.counting import DealCount, DealFacts, Renewal
from matchmaker.deals.counting.months import end_of_day
from matchmaker.deals.recounting.books import Reached, Recount, recount_of
from matchmaker.deals.recounting.firms import read_parties
from matchmaker.deals.recounting.outline import Frame
from matchmaker.deals.recounting.reading import at_home, bind, read_some


@dataclass(frozen=True, slots=True)
class Judged:
    """A deal with everything a total needs of it.

    buyer, seller: the code each counts for, None outside the province. organiser: of its event, None without one.
    due: the first day on which the same facts are judged otherwise, as far as the day itself decides.
    """

    deal: DealFacts
    counted: DealCount
    reached: Reached
    renewal: Renewal | None
    buyer: str | None
    seller: str | None
    organiser: str | None
    due: date | None


def judged(recount: Recount) -> Iterator[Judged]:
    """Every deal of a recount."""
    places = {firm.credit_code: firm.region for firm in recount.books.facts.enterprises}
    events = {event.id: event for event in recount.books.facts.events}
    as_of = recount.count.as_of
    before = end_of_day(as_of)
    for deal in recount.books.facts.deals:
        event = None if deal.event is None else events[deal.event]
        yield Judged(
            deal=deal,
            counted=recount.count.deals[deal.id],
            reached=recount.reached_by(deal),
            renewal=recount.renewed_by(deal),
            buyer=places[deal.buyer],
            seller=places[deal.seller],
            organiser=None if event is None else event.organiser,
            due=_due(deal, None if event is None else event.held_on, as_of, before),
        )


def judge_some(session: Session, frame: Frame, ids: Collection[int], as_of: date) -> dict[int, Judged | None]:
    """Deals by their ids as a full recount would judge them; None for one that belongs to another programme."""
    ledger = read_some(session, ids)
    parties = {firm for row in ledger.deals.values() for firm in (row.buyer_id, row.seller_id)}
    books = bind(session, frame, read_parties(session, parties), {}, ledger)
    by_address = {each.deal.id: each for each in judged(recount_of(books, as_of))}
    home = at_home(ledger, frame)
    return {key: by_address[row.public_id] if key in home else None for key, row in ledger.deals.items() if key in ids}


def _due(deal: DealFacts, held_on: date | None, as_of: date, before: datetime) -> date | None:
    """When the deal's event has its day, or an entry that is still ahead is reached."""
    ahead = [shanghai_day(entry.at) for entry in deal.entries if entry.at >= before]
    if held_on is not None and held_on > as_of:
        ahead.append(held_on)
    return min(ahead, default=None)
