"""A published month counted again from the ledger as it stood when the month froze.

Entries are sealed, so the ledger of that moment is known to the row. Approvals of events, links between
duplicates, and parents, revenues and kinds of firms may rightly change afterwards; what they move is told
deal by deal as a difference, never as a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

import msgspec

from matchmaker.deals.counting import DealFacts, Facts, count
from matchmaker.deals.facts import result_of
from matchmaker.operations.verifying.ledger import State
from matchmaker.operations.verifying.rows import Document, Published


@dataclass(frozen=True, slots=True)
class Restated:
    """A month as published, beside what the ledger of its day gives by the facts of today."""

    month: str
    as_of: str
    digest: str
    deals: int
    unlike: list[str]  # the deals that are now told otherwise
    is_exact: bool  # every value of the result is as published


def restate(facts: Facts, said: Published, published: Document, state: State) -> Restated:
    """Count the facts as far as they were known, and compare with what was published."""
    known = replace(
        facts,
        deals=list(_known(facts, state)),
        frozen_months=[each for each in facts.frozen_months if each.frozen_at <= datetime.fromisoformat(said.taken_at)],
    )
    counted: Document = msgspec.json.decode(
        msgspec.json.encode(result_of(count(known, date.fromisoformat(said.as_of))))
    )
    here, there = counted["deals"], published.get("deals", {})
    keys = [*there, *(key for key in here if key not in there)]
    return Restated(
        month=said.month,
        as_of=said.as_of,
        digest=said.digest,
        deals=len(keys),
        unlike=[key for key in keys if here.get(key) != there.get(key)],
        is_exact=counted == published,
    )


def _known(facts: Facts, state: State) -> Iterator[DealFacts]:
    """The deals declared by then, with what had been said of them."""
    declared = {deal.id for deal in facts.deals if state.counted.get(deal.id)}
    for deal in facts.deals:
        if deal.id in declared:
            repeated = deal.duplicate_of if deal.duplicate_of in declared else None
            yield msgspec.structs.replace(deal, entries=deal.entries[: state.counted[deal.id]], duplicate_of=repeated)
