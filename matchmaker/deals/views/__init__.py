"""The pages about deals: the ledger, declaring, answering, and what comes after the intent."""

from matchmaker.deals.views import (
    answering,
    answering_by_link,
    attempts,
    declaring,
    duplicates,
    evidence,
    following,
    following_up,
    ledger,
    papers,
    recording,
    samples,
    signals,
    stewardship,
)
from matchmaker.deals.views.blueprint import bp

__all__ = [
    "answering",
    "answering_by_link",
    "attempts",
    "bp",
    "declaring",
    "duplicates",
    "evidence",
    "following",
    "following_up",
    "ledger",
    "papers",
    "recording",
    "samples",
    "signals",
    "stewardship",
]
