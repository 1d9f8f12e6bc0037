"""What each deal counts for, in which month, and why not when it does not (R6 to R17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from matchmaker.deals.counting.ledger import Standing, in_order, standing
from matchmaker.deals.counting.months import (
    Freezes,
    counted_month,
    end_of_day,
    last_day_before,
    month_of,
    withdrawal_month,
)
from matchmaker.deals.counting.parties import Parties
from matchmaker.deals.counting.values import (
    DealCount,
    DealFacts,
    DealKind,
    DealReason,
    EnterpriseFacts,
    EntryFacts,
    Facts,
    Rules,
)

_FULL_YEAR = 12


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every deal of one count is judged against."""

    parties: Parties
    held_on: Mapping[str, date]
    freezes: Freezes
    rules: Rules
    before: datetime


@dataclass(frozen=True, slots=True)
class _Case:
    """A deal before the judge; `stopped` is a reason no entry can lift."""

    deal: DealFacts
    entries: list[EntryFacts]
    held_on: date | None
    stopped: DealReason | None


def count_deals(facts: Facts, enterprises: Mapping[str, EnterpriseFacts], as_of: date) -> dict[str, DealCount]:
    """Every deal with its reason, its amount and its month; entries and freezes after as-of are ignored."""
    before = end_of_day(as_of)
    ground = _Ground(
        parties=Parties(enterprises),
        held_on={event.id: event.held_on for event in facts.events},
        freezes={frozen.month: frozen.frozen_at for frozen in facts.frozen_months if frozen.frozen_at < before},
        rules=facts.rules,
        before=before,
    )
    return {deal.id: _count_deal(deal, ground) for deal in facts.deals}


def _count_deal(deal: DealFacts, ground: _Ground) -> DealCount:
    case = _Case(
        deal=deal,
        entries=in_order(deal),
        held_on=ground.held_on[deal.event] if deal.event is not None else None,
        stopped=_stopped(deal, ground.parties),
    )
    now = standing(deal, ground.before, case.entries)
    reason = _reason(case, now, ground, ground.before)
    if reason is DealReason.AFTER_AS_OF:
        return DealCount(False, 0, None, False, reason, 0, 0, None)
    own, month = _months(case, now, ground) if reason.in_gross else (None, None)
    return DealCount(
        counted=reason is DealReason.COUNTED,
        amount=_annualised(now.amount, deal.months, ground.rules),
        month=month,
        late=month != own,
        reason=reason,
        full_amount=now.amount,
        assurance=now.confirmed + now.verified,
        withdrawn_in=withdrawal_month(now.withdrawn_at, month, ground.freezes) if month and now.withdrawn_at else None,
    )


def _stopped(deal: DealFacts, parties: Parties) -> DealReason | None:
    """R6, R12: a duplicate never counts, nor does a deal between related parties."""
    if deal.duplicate_of is not None:
        return DealReason.DUPLICATE
    return DealReason.RELATED_PARTY if parties.related(deal.buyer, deal.seller) else None


def _reason(case: _Case, at: Standing, ground: _Ground, before: datetime) -> DealReason:
    """The first reason that applies to a deal as it stands before a moment (R6, R7, R8, R12, R14)."""
    if not at.declared or (case.held_on is not None and case.held_on > last_day_before(before)):
        return DealReason.AFTER_AS_OF
    if case.stopped is not None:
        return case.stopped
    faults = (
        (DealReason.UNCONFIRMED, not at.confirmed),
        (DealReason.DISPUTED, at.disputed),
        (DealReason.HELD, not at.verified and _must_be_verified(case.deal, at.amount, ground)),
        (DealReason.WITHDRAWN, at.withdrawn_at is not None),
        (DealReason.OTHER_KIND, case.deal.kind is not DealKind.PURCHASE),
    )
    return next((reason for reason, applies in faults if applies), DealReason.COUNTED)


def _must_be_verified(deal: DealFacts, amount: int, ground: _Ground) -> bool:
    """R14: the full amount is large, or larger than a multiple of a party's known revenue."""
    if amount >= ground.rules.hold_amount:
        return True
    revenues = (ground.parties.by_code[code].last_year_revenue for code in (deal.buyer, deal.seller))
    return any(known is not None and amount > ground.rules.hold_revenue_multiple * known for known in revenues)


def _months(case: _Case, now: Standing, ground: _Ground) -> tuple[str, str]:
    """R15, R16: the deal's own month, and the month it is counted in."""
    day = case.held_on or now.agreed_at
    if day is None:
        raise ValueError("a deal without an event stands in the gross only once both sides consented")
    own = month_of(day)

    def in_gross_before(frozen_at: datetime) -> bool:
        then = standing(case.deal, frozen_at, case.entries)
        return _reason(case, then, ground, frozen_at).in_gross

    return own, counted_month(own, ground.freezes, in_gross_before)


def _annualised(amount: int, months: int, rules: Rules) -> int:
    """R9, R10: the lower bound in full up to a year, beyond it a year's share rounded down to the yuan."""
    return amount * _FULL_YEAR // months if rules.annualise and months > _FULL_YEAR else amount
