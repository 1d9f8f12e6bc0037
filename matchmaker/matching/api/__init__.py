"""Suggestions and alerts as JSON."""

from __future__ import annotations

from matchmaker.matching.api import alerts, suggestions
from matchmaker.matching.api.blueprint import bp

__all__ = ["alerts", "bp", "suggestions"]
