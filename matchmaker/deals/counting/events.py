"""Which events count, and which enterprises were there (R1 to R5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from matchmaker.deals.counting.months import end_of_day
from matchmaker.deals.counting.values import (
    CheckInFacts,
    EnterpriseFacts,
    EnterpriseKind,
    EventCount,
    EventFacts,
    EventReason,
    Facts,
    Rules,
    Side,
)


def count_events(facts: Facts, enterprises: Mapping[str, EnterpriseFacts], as_of: date) -> dict[str, EventCount]:
    """R2, R3: every event once, by its own check-ins; its parent and its co-organisers change nothing."""
    before = end_of_day(as_of)
    return {event.id: _count_event(event, enterprises, facts.rules, as_of, before) for event in facts.events}


def _count_event(
    event: EventFacts, enterprises: Mapping[str, EnterpriseFacts], rules: Rules, as_of: date, before: datetime
) -> EventCount:
    seen = [check_in for check_in in event.check_ins if _is_present(check_in, enterprises, before)]
    codes = frozenset(check_in.credit_code for check_in in seen)
    sides = {check_in.side for check_in in seen}
    reason = _reason(event, len(codes), sides, rules, as_of)
    return EventCount(counted=reason is EventReason.COUNTED, reason=reason, enterprises=codes)


def _is_present(check_in: CheckInFacts, enterprises: Mapping[str, EnterpriseFacts], before: datetime) -> bool:
    """R4, R5: presence means check-in, and institutions, universities, banks and associations are not 企业."""
    return check_in.at < before and enterprises[check_in.credit_code].kind is EnterpriseKind.ENTERPRISE


def _reason(event: EventFacts, present: int, sides: set[Side], rules: Rules, as_of: date) -> EventReason:
    """R1: approved, its own matching, enough enterprises, both sides; the first fault is the reason."""
    faults = (
        (EventReason.AFTER_AS_OF, event.held_on > as_of),
        (EventReason.NOT_APPROVED, not event.approved),
        (EventReason.NO_OWN_MATCHING, not event.own_matching),
        (EventReason.TOO_FEW, present < rules.min_enterprises),
        (EventReason.ONE_SIDED, sides != {Side.BUYER, Side.SELLER}),
    )
    return next((reason for reason, applies in faults if applies), EventReason.COUNTED)
