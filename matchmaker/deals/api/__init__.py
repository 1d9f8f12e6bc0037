"""The ledger as JSON: read it, declare, and say what a page can say."""

from __future__ import annotations

from matchmaker.deals.api import following_up, ledger, saying, stewardship
from matchmaker.deals.api.blueprint import bp

__all__ = ["bp", "following_up", "ledger", "saying", "stewardship"]
