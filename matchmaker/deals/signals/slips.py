"""Amounts ten thousand times apart, as when 万元 and 亿元, or 元 and 万元, are taken for each other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from statistics import median_low

from matchmaker.deals.signals.values import DealLine, Finding, Ledger, Rule, finding, grouped

REPORTS_APART = (8_000, 12_500)  # two statements of one thing: 10^4, give or take a quarter
USUAL_APART = (3_000, 30_000)  # one deal beside many: 10^4, give or take half a power of ten
FIRM_DEALS = 5  # how many deals make a firm's amounts usual
SEGMENT_DEALS = 12

Usual = Mapping[str, int]


def slips(ledger: Ledger) -> Iterator[Finding]:
    """Deals whose amount is about 10^4 from the other side's report, else from what is usual."""
    twins = dict(_twins(ledger.deals))
    firms = _usual(_by_firm(ledger.deals), FIRM_DEALS)
    segments = _usual(((deal.segment, deal) for deal in ledger.deals if deal.segment), SEGMENT_DEALS)
    for deal in ledger.deals:
        reported = _other_report(deal)
        if reported is not None:
            yield finding(Rule.SLIP, (deal,), beside="report", amount=deal.amount, other=reported)
        elif deal.id in twins:
            twin = twins[deal.id]
            yield finding(Rule.SLIP, (deal, twin), beside="twin", amount=deal.amount, other=twin.amount)
        elif (usual := _unusual(deal, (firms.get(deal.buyer), firms.get(deal.seller)))) is not None:
            yield finding(Rule.SLIP, (deal,), beside="firm", amount=deal.amount, other=usual)
        elif (usual := _unusual(deal, (segments.get(deal.segment or ""),))) is not None:
            yield finding(Rule.SLIP, (deal,), beside="segment", amount=deal.amount, other=usual)


def _apart(one: int, other: int, bounds: tuple[int, int]) -> bool:
    small, large = sorted((one, other))
    return small * bounds[0] <= large <= small * bounds[1] and small > 0


def _other_report(deal: DealLine) -> int | None:
    """The amount that somebody else put forward 10^4 away from the one before it."""
    for before, after in pairwise(deal.reports):
        if before.by != after.by and _apart(before.amount, after.amount, REPORTS_APART):
            return after.amount if before.amount == deal.amount else before.amount
    return None


def _twins(deals: Iterable[DealLine]) -> Iterator[tuple[str, DealLine]]:
    """Deals of one buyer with one seller of which one is 10^4 times another: the larger's id, the smaller deal."""
    for same in grouped(deals, lambda deal: (deal.buyer, deal.seller)).values():
        by_amount = sorted(same, key=lambda deal: (deal.amount, deal.id))
        amounts = [deal.amount for deal in by_amount]
        for deal in by_amount:
            place = bisect_left(amounts, -(-deal.amount // REPORTS_APART[1]))
            if _apart(deal.amount, amounts[place], REPORTS_APART):
                yield deal.id, by_amount[place]


def _by_firm(deals: Iterable[DealLine]) -> Iterator[tuple[str, DealLine]]:
    return ((code, deal) for deal in deals for code in deal.pair)


def _usual(keyed: Iterable[tuple[str, DealLine]], least: int) -> Usual:
    """The middle amount of each key that has enough deals for one of them to stand out."""
    amounts: dict[str, list[int]] = {}
    for key, deal in keyed:
        amounts.setdefault(key, []).append(deal.amount)
    return {key: median_low(known) for key, known in amounts.items() if len(known) >= least}


def _unusual(deal: DealLine, usual: Iterable[int | None]) -> int | None:
    return next((each for each in usual if each is not None and _apart(deal.amount, each, USUAL_APART)), None)
