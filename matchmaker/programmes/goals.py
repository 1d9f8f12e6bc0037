"""What one place is to reach in a year, as a plain value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """Events, enterprises, and whole yuan."""

    events: int
    enterprises: int
    amount: int
