"""The pages about deals: the ledger, declaring, answering, what comes after the intent, and what speaks for it."""

from matchmaker.deals.views import (
    answering,
    attempts,
    declaring,
    evidence,
    following,
    ledger,
    papers,
    recording,
    samples,
    signals,
)
from matchmaker.deals.views.blueprint import bp

__all__ = [
    "answering",
    "attempts",
    "bp",
    "declaring",
    "evidence",
    "following",
    "ledger",
    "papers",
    "recording",
    "samples",
    "signals",
]
