"""What a merger would do to the totals, by the function that counts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from matchmaker.deals import counting
from matchmaker.deals.judging import counted_together
from matchmaker.deals.models import Deal, DealKind


@dataclass(frozen=True, slots=True)
class Effect:
    """What some deals are of one programme's net of one kind, now and with each of them as the one that stays.

    after: yuan by the id of the deal that stays.
    """

    programme: str
    kind: DealKind
    before: int
    after: Mapping[int, int]

    def change_to(self, survivor: Deal) -> int:
        """What the total loses or gains when this deal stays."""
        return self.after[survivor.id] - self.before


def effects_of(session: Session, deals: Sequence[Deal], as_of: date, *, kept: Sequence[Deal]) -> list[Effect]:
    """The effect of merging these deals into each of some of them, on every total that any of them is part of."""
    now = counted_together(session, deals, as_of)
    then = {deal.id: counted_together(session, deals, as_of, survivor=deal) for deal in kept}
    programmes = list(dict.fromkeys([*now, *(each for counts in then.values() for each in counts)]))
    return [
        Effect(
            programme.name,
            kind,
            _net(now.get(programme), kind),
            {deal_id: _net(counts.get(programme), kind) for deal_id, counts in then.items()},
        )
        for programme in programmes
        for kind in dict.fromkeys(deal.kind for deal in deals)
    ]


def _net(count: counting.Count | None, kind: DealKind) -> int:
    return 0 if count is None else count.by_kind[counting.DealKind(kind.value)]
