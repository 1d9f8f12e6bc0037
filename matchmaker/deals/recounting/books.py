"""What the totals of a programme are made of, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from matchmaker.deals.counting import Count, DealFacts, EntryType, Facts, Renewal, count
from matchmaker.deals.counting.ledger import in_yuan
from matchmaker.deals.counting.months import end_of_day
from matchmaker.deals.fulfilment import within


@dataclass(frozen=True, slots=True)
class StageEntry:
    """A contract or a delivery as it was recorded, in the deal's currency; the count does not read it (R20)."""

    type: EntryType
    at: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class Books:
    """The facts that are counted, and by deal what stands beside them: its stages, and what it renews."""

    facts: Facts
    stages: Mapping[str, tuple[StageEntry, ...]]
    renewals: Mapping[str, Renewal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a deal came by a day, in yuan: its contract as last recorded, what was delivered; None if nothing was.

    A delivery beyond what the contract allows is in no total until an office records the contract anew.
    """

    contract: int | None
    delivery: int | None


NOTHING_REACHED = Reached(None, None)


@dataclass(frozen=True, slots=True, eq=False)
class Recount:
    """A programme's totals, the books they came from, and how far its deals came by then; equal only to itself."""

    books: Books
    count: Count
    reached: Mapping[str, Reached]

    def reached_by(self, deal: DealFacts) -> Reached:
        """How far one deal came."""
        return self.reached.get(deal.id, NOTHING_REACHED)

    def renewed_by(self, deal: DealFacts) -> Renewal | None:
        """What one deal renews, if anything (R13)."""
        return self.books.renewals.get(deal.id)


def recount_of(books: Books, as_of: date) -> Recount:
    """The books counted as of the end of a day."""
    before = end_of_day(as_of)
    staged = (deal for deal in books.facts.deals if deal.id in books.stages)
    return Recount(books, count(books.facts, as_of), {deal.id: _reached(books, deal, before) for deal in staged})


def _reached(books: Books, deal: DealFacts, before: datetime) -> Reached:
    said = [stage for stage in books.stages[deal.id] if stage.at < before]
    contracts = [stage.amount for stage in said if stage.type is EntryType.CONTRACT]
    deliveries = [stage.amount for stage in said if stage.type is EntryType.DELIVER]
    return Reached(
        contract=in_yuan(contracts[-1], deal.rate) if contracts else None,
        delivery=in_yuan(within(contracts[-1] if contracts else None, sum(deliveries)), deal.rate)
        if deliveries
        else None,
    )
