"""Buyer and seller under one ultimate parent or one legal representative."""

from __future__ import annotations

from collections.abc import Iterator

from matchmaker.deals.signals.values import Finding, FirmLine, Ledger, Rule, finding, grouped

PARENT = "parent"
REPRESENTATIVE = "representative"
BOTH = "both"


def related(ledger: Ledger) -> Iterator[Finding]:
    """Pairs of firms that R12 calls related, with what they share; such deals do not count in any case."""
    for (one, other), deals in grouped(ledger.deals, lambda deal: deal.pair).items():
        shared = _shared(ledger.firms[one], ledger.firms[other])
        if shared is not None:
            yield finding(Rule.RELATED, deals, shared=shared, deals=len(deals))


def _shared(one: FirmLine, other: FirmLine) -> str | None:
    of_one_family = one.family == other.family
    if one.representative and one.representative == other.representative:
        return BOTH if of_one_family else REPRESENTATIVE
    return PARENT if of_one_family else None
