"""Deliveries beyond the contract."""

from __future__ import annotations

from collections.abc import Iterator

from matchmaker.deals.fulfilment import goes_beyond
from matchmaker.deals.signals.values import Finding, Ledger, Rule, finding


def beyond_contract(ledger: Ledger) -> Iterator[Finding]:
    """Deals of which more was delivered than the contract allows."""
    for deal in ledger.deals:
        if deal.contract is not None and goes_beyond(deal.contract, deal.delivered):
            yield finding(Rule.BEYOND_CONTRACT, (deal,), contract=deal.contract, delivered=deal.delivered)
