"""Progress as JSON: the totals, and the months that close."""

from __future__ import annotations

from matchmaker.progress.api import closing, totals
from matchmaker.progress.api.blueprint import bp

__all__ = ["bp", "closing", "totals"]
