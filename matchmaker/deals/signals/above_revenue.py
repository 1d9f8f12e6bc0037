"""An amount far above what a party took in last year."""

from __future__ import annotations

from collections.abc import Iterator

from matchmaker.deals.signals.values import DealLine, Finding, FirmLine, Ledger, Rule, finding

MULTIPLE = 3  # as the hold of R14


def above_revenue(ledger: Ledger) -> Iterator[Finding]:
    """Deals of more than MULTIPLE times a party's known revenue; where both are exceeded, the smaller firm is named."""
    for deal in ledger.deals:
        exceeded = [firm for firm in _parties(ledger, deal) if _exceeds(deal.amount, firm.revenue)]
        if exceeded:
            firm = min(exceeded, key=lambda firm: (firm.revenue or 0, firm.code))
            side = "buyer" if firm.code == deal.buyer else "seller"
            yield finding(Rule.ABOVE_REVENUE, (deal,), side=side, amount=deal.amount, revenue=firm.revenue or 0)


def _parties(ledger: Ledger, deal: DealLine) -> tuple[FirmLine, FirmLine]:
    return ledger.firms[deal.buyer], ledger.firms[deal.seller]


def _exceeds(amount: int, revenue: int | None) -> bool:
    return revenue is not None and amount > MULTIPLE * revenue
