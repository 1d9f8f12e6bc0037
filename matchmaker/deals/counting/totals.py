"""The totals of a programme and how they split by kind, month and region (R7, R8, R17, R18)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from matchmaker.deals.counting.deals import count_deals
from matchmaker.deals.counting.events import count_events
from matchmaker.deals.counting.rules import RULE_VERSION
from matchmaker.deals.counting.values import (
    DealCount,
    DealFacts,
    DealKind,
    DealReason,
    EnterpriseFacts,
    EventCount,
    EventFacts,
    Facts,
)

OUTSIDE = "outside"
NO_EVENT = "no_event"
_CONFIRMED, _VERIFIED = 1, 2

Counted = tuple[DealFacts, DealCount]


@dataclass(frozen=True, slots=True)
class MonthCount:
    """The purchases of one month as restated today."""

    on_time: int
    late: int
    withdrawn: int

    @property
    def net(self) -> int:
        """What the month adds to the net total; negative when more was withdrawn than came in."""
        return self.on_time + self.late - self.withdrawn


@dataclass(frozen=True, slots=True)
class Count:
    """The answer of one count: totals in whole yuan, each of which opens to its events and deals."""

    as_of: date
    rule_version: int
    events_counted: int
    events: Mapping[str, EventCount]
    enterprises: int
    enterprises_in_province: int
    attendances: int
    declared: int
    confirmed: int
    verified: int
    gross: int
    withdrawn: int
    net: int
    by_kind: Mapping[DealKind, int]
    by_month: Mapping[str, MonthCount]
    by_region_shared: Mapping[str, int]
    by_region_organiser: Mapping[str, int]
    deals: Mapping[str, DealCount]


def count(facts: Facts, as_of: date) -> Count:
    """Count a programme's facts as they were known at the end of a day in Shanghai.

    Raises KeyError when a deal or a check-in names an enterprise or event that is not among the facts.
    """
    enterprises = {enterprise.credit_code: enterprise for enterprise in facts.enterprises}
    events = count_events(facts, enterprises, as_of)
    deals = count_deals(facts, enterprises, as_of)
    present = _present(events.values())
    purchases = [(deal, deals[deal.id]) for deal in facts.deals if deal.kind is DealKind.PURCHASE]
    gross = sum(counted.amount for _, counted in purchases if counted.reason.in_gross)
    withdrawn = sum(counted.amount for _, counted in purchases if counted.reason is DealReason.WITHDRAWN)
    return Count(
        as_of=as_of,
        rule_version=RULE_VERSION,
        events_counted=sum(event.counted for event in events.values()),
        events=events,
        enterprises=len(present),
        enterprises_in_province=sum(enterprises[code].region is not None for code in present),
        attendances=sum(len(event.enterprises) for event in events.values() if event.counted),
        declared=_at_assurance(purchases, 0),
        confirmed=_at_assurance(purchases, _CONFIRMED),
        verified=_at_assurance(purchases, _VERIFIED),
        gross=gross,
        withdrawn=withdrawn,
        net=gross - withdrawn,
        by_kind=_by_kind(facts.deals, deals),
        by_month=_by_month(counted for _, counted in purchases),
        by_region_shared=_summed(purchases, lambda deal, net: _shares(deal, net, enterprises)),
        by_region_organiser=_by_organiser(purchases, facts.events),
        deals=deals,
    )


def _present(events: Iterable[EventCount]) -> frozenset[str]:
    """R2: the 家 of all counted events, each firm once."""
    return frozenset().union(*(event.enterprises for event in events if event.counted))


def _at_assurance(purchases: Iterable[Counted], least: int) -> int:
    """R8: the full yuan of purchases at an assurance or above, whatever else stops them."""
    return sum(counted.full_amount for _, counted in purchases if counted.assurance >= least)


def _by_kind(deals: Iterable[DealFacts], counts: Mapping[str, DealCount]) -> dict[DealKind, int]:
    """R7: each kind's own net total."""
    totals = dict.fromkeys(DealKind, 0)
    for deal in deals:
        counted = counts[deal.id]
        if counted.counted or counted.reason is DealReason.OTHER_KIND:
            totals[deal.kind] += counted.amount
    return totals


def _by_month(purchases: Iterable[DealCount]) -> dict[str, MonthCount]:
    """R15, R17: what each month took in, on time and late, and what was withdrawn in it."""
    booked: dict[str, list[int]] = {}
    for counted in purchases:
        if counted.month is not None:
            booked.setdefault(counted.month, [0, 0, 0])[1 if counted.late else 0] += counted.amount
        if counted.withdrawn_in is not None:
            booked.setdefault(counted.withdrawn_in, [0, 0, 0])[2] += counted.amount
    return {month: MonthCount(*booked[month]) for month in sorted(booked)}


def _summed(
    purchases: Iterable[Counted], split: Callable[[DealFacts, int], Iterable[tuple[str, int]]]
) -> dict[str, int]:
    """The net purchases summed under the keys they split into."""
    totals: dict[str, int] = {}
    for deal, counted in purchases:
        for key, amount in split(deal, counted.amount) if counted.counted else ():
            totals[key] = totals.get(key, 0) + amount
    return dict(sorted(totals.items()))


def _shares(deal: DealFacts, net: int, enterprises: Mapping[str, EnterpriseFacts]) -> tuple[tuple[str, int], ...]:
    """R18: half to each side's region, the odd yuan to the buyer's; a lone side in the province takes all."""
    buyer, seller = enterprises[deal.buyer].region, enterprises[deal.seller].region
    if buyer is not None and seller is not None:
        return (buyer, net - net // 2), (seller, net // 2)
    return ((buyer or seller or OUTSIDE, net),)


def _by_organiser(purchases: Iterable[Counted], events: Iterable[EventFacts]) -> dict[str, int]:
    """R3, R18: a deal belongs to its event's organiser, whether or not the event counts."""
    organisers = {event.id: event.organiser for event in events}
    return _summed(
        purchases, lambda deal, net: ((organisers[deal.event] if deal.event is not None else NO_EVENT, net),)
    )
