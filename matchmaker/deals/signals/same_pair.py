"""The same two firms with deals at many events."""

from __future__ import annotations

from collections.abc import Iterator

from matchmaker.deals.signals.values import Finding, Ledger, Rule, finding, grouped

MANY_EVENTS = 3


def same_pair(ledger: Ledger) -> Iterator[Finding]:
    """Pairs that came to a deal at MANY_EVENTS events or more, whoever bought: one project may be told many times."""
    at_events = (deal for deal in ledger.deals if deal.event is not None)
    for deals in grouped(at_events, lambda deal: deal.pair).values():
        events = {deal.event for deal in deals}
        if len(events) >= MANY_EVENTS:
            yield finding(Rule.SAME_PAIR, deals, events=len(events), deals=len(deals))
