"""The pages about deals: the ledger, declaring, answering, and what comes after the intent."""

from matchmaker.deals.views import answering, declaring, duplicates, following, ledger, samples, signals
from matchmaker.deals.views.blueprint import bp

__all__ = ["answering", "bp", "declaring", "duplicates", "following", "ledger", "samples", "signals"]
