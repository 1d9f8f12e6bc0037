"""Enterprises, their capabilities and their needs as JSON."""

from __future__ import annotations

from matchmaker.enterprises.api import capabilities, needs, register
from matchmaker.enterprises.api.blueprint import bp

__all__ = ["bp", "capabilities", "needs", "register"]
