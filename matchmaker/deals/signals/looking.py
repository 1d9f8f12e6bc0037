"""All rules over one ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from matchmaker.deals.signals.above_revenue import above_revenue
from matchmaker.deals.signals.beyond_contract import beyond_contract
from matchmaker.deals.signals.month_ends import month_ends
from matchmaker.deals.signals.reciprocal import reciprocal
from matchmaker.deals.signals.related import related
from matchmaker.deals.signals.round_heaps import round_heaps
from matchmaker.deals.signals.same_pair import same_pair
from matchmaker.deals.signals.slips import slips
from matchmaker.deals.signals.values import Finding, Ledger, Rule

_RULES: dict[Rule, Callable[[Ledger], Iterator[Finding]]] = {
    Rule.SAME_PAIR: same_pair,
    Rule.RECIPROCAL: reciprocal,
    Rule.RELATED: related,
    Rule.ABOVE_REVENUE: above_revenue,
    Rule.SLIP: slips,
    Rule.BEYOND_CONTRACT: beyond_contract,
    Rule.ROUND_HEAP: round_heaps,
    Rule.MONTH_END: month_ends,
}


def findings_of(ledger: Ledger) -> list[Finding]:
    """What every rule finds, rule by rule; within a rule those of the most deals first, then by key.

    The order of the deals in the ledger does not matter.
    """
    return [
        found
        for rule in _RULES.values()
        for found in sorted(rule(ledger), key=lambda found: (-len(found.rows), found.key))
    ]
