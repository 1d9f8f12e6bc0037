"""The pages about deals: the ledger, declaring, answering, and what comes after the intent."""

from matchmaker.deals.views import (
    answering,
    answering_by_link,
    declaring,
    duplicates,
    following,
    following_up,
    ledger,
    samples,
    signals,
    stewardship,
)
from matchmaker.deals.views.blueprint import bp

__all__ = [
    "answering",
    "answering_by_link",
    "bp",
    "declaring",
    "duplicates",
    "following",
    "following_up",
    "ledger",
    "samples",
    "signals",
    "stewardship",
]
