"""Suggestions as JSON."""

from __future__ import annotations

from matchmaker.matching.api import suggestions
from matchmaker.matching.api.blueprint import bp

__all__ = ["bp", "suggestions"]
