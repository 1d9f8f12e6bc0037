"""What the totals of a programme are made of, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from matchmaker.deals.counting import Count, DealFacts, EntryType, Facts
from matchmaker.deals.counting.ledger import in_yuan
from matchmaker.deals.counting.months import end_of_day


@dataclass(frozen=True, slots=True)
class StageEntry:
    """A contract or a delivery as it was recorded, in the deal's currency; the count does not read it (R20)."""

    type: EntryType
    at: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class Books:
    """The facts that are counted, and by deal the stages that stand beside them."""

    facts: Facts
    stages: Mapping[str, tuple[StageEntry, ...]]


@dataclass(frozen=True, slots=True)
class Recount:
    """A programme's totals together with the books they came from."""

    books: Books
    count: Count


def contracted(books: Books, deal: DealFacts, as_of: date) -> int | None:
    """The yuan of a deal's contract as last recorded by the end of a day; None while there is none."""
    amounts = _recorded(books, deal, EntryType.CONTRACT, as_of)
    return in_yuan(amounts[-1], deal.rate) if amounts else None


def delivered(books: Books, deal: DealFacts, as_of: date) -> int | None:
    """The yuan delivered of a deal by the end of a day; None while nothing was recorded."""
    amounts = _recorded(books, deal, EntryType.DELIVER, as_of)
    return in_yuan(sum(amounts), deal.rate) if amounts else None


def _recorded(books: Books, deal: DealFacts, type_: EntryType, as_of: date) -> list[int]:
    stages = books.stages.get(deal.id, ())
    if not stages:
        return []
    before = end_of_day(as_of)
    return [stage.amount for stage in stages if stage.type is type_ and stage.at < before]
