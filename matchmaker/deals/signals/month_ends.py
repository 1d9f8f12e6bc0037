"""Deals declared in the last days of a month far more often than on its other days.

A deal declared in the month of its event, or within a few days of it, follows the calendar of events and is left
out: only of the others could every day of the month have been chosen. Without a pattern the days are alike, so the
number in the last days is binomial; the test is that of `excess`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from matchmaker.deals.signals.excess import FEWEST, SIGNIFICANT, chance_of
from matchmaker.deals.signals.values import DealLine, Finding, Ledger, Rule, finding, grouped

LAST_DAYS = 3
AFTER_EVENT = 3  # days for which a declaration still belongs to its event


def month_ends(ledger: Ledger) -> Iterator[Finding]:
    """Organisers, and months, with a spike at the month's end."""
    chosen = (deal for deal in ledger.deals if not _follows_its_event(deal))
    groups = {
        key: deals
        for key, deals in sorted(grouped(chosen, lambda deal: (deal.organiser, f"{deal.declared_on:%Y-%m}")).items())
        if len(deals) >= FEWEST
    }
    for (organiser, month), deals in groups.items():
        days = _days(deals[0].declared_on)
        last = [deal for deal in deals if deal.declared_on.day > days - LAST_DAYS]
        chance = chance_of(len(last), len(deals), LAST_DAYS / days, groups=len(groups))
        if chance < SIGNIFICANT:
            yield finding(
                Rule.MONTH_END, last, organiser=organiser, month=month, last=len(last), all=len(deals), chance=chance
            )


def _follows_its_event(deal: DealLine) -> bool:
    """Whether the event decided the day; one that is said to be declared before its event is left out too."""
    if deal.event_on is None:
        return False
    latest = max(deal.event_on + timedelta(days=AFTER_EVENT), _month_end(deal.event_on))
    return deal.declared_on <= latest


def _month_end(day: date) -> date:
    return day.replace(day=_days(day))


def _days(day: date) -> int:
    return monthrange(day.year, day.month)[1]
