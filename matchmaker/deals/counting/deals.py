"""What each deal counts for, in which month, and why not when it does not (R6 to R17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from msgspec import Struct

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


class _Case(Struct, frozen=True, gc=False):
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
    """The first reason that applies to a deal as it stands before a moment."""
    return next(_reasons(case, at, ground, before))


def _reasons(case: _Case, at: Standing, ground: _Ground, before: datetime) -> Iterator[DealReason]:
    """Every reason that applies, in the order of the rules (R6, R7, R8, R12, R14, R17)."""
    if not at.declared or not _is_held(case.held_on, before):
        yield DealReason.AFTER_AS_OF
    if case.stopped is not None:
        yield case.stopped
    if not at.confirmed:
        yield DealReason.UNCONFIRMED
    if at.disputed:
        yield DealReason.DISPUTED
    if not at.verified and _must_be_verified(case.deal, at.amount, ground):
        yield DealReason.HELD
    if at.withdrawn_at is not None:
        yield DealReason.WITHDRAWN
    yield DealReason.COUNTED if case.deal.kind is DealKind.PURCHASE else DealReason.OTHER_KIND


def _is_held(held_on: date | None, before: datetime) -> bool:
    """Whether the deal's event, if it has one, has had its day."""
    return held_on is None or held_on <= last_day_before(before)


def _must_be_verified(deal: DealFacts, amount: int, ground: _Ground) -> bool:
    """R14: the full amount is large, or larger than a multiple of a party's known revenue."""
    rules, by_code = ground.rules, ground.parties.by_code
    return (
        amount >= rules.hold_amount
        or _outgrows(amount, by_code[deal.buyer], rules)
        or _outgrows(amount, by_code[deal.seller], rules)
    )


def _outgrows(amount: int, party: EnterpriseFacts, rules: Rules) -> bool:
    """R14: unknown revenue is no test; a revenue of nothing is known."""
    revenue = party.last_year_revenue
    return revenue is not None and amount > rules.hold_revenue_multiple * revenue


def _months(case: _Case, now: Standing, ground: _Ground) -> tuple[str, str]:
    """R15, R16: the own month of a deal in gross, and the month it is counted in."""
    agreed_at = now.agreed_at
    if agreed_at is None:
        raise ValueError("a deal stands in gross only once both sides have consented")

    def in_gross_before(frozen_at: datetime) -> bool:
        if frozen_at <= agreed_at or not _is_held(case.held_on, frozen_at):
            return False
        if case.entries[-1].at < frozen_at:  # nothing was written since, so the deal stood as it stands now
            return True
        then = standing(case.deal, frozen_at, case.entries)
        return _reason(case, then, ground, frozen_at).in_gross

    own = month_of(case.held_on or agreed_at)
    return own, counted_month(own, ground.freezes, in_gross_before)


def _annualised(amount: int, months: int, rules: Rules) -> int:
    """R9, R10: the lower bound in full up to a year, beyond it a year's share rounded down to the yuan."""
    return amount * _FULL_YEAR // months if rules.annualise and months > _FULL_YEAR else amount
