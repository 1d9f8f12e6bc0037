"""The shape of a family: a way of speaking about products."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit with what a firm makes a year, what a buyer asks for, and what one unit costs in yuan."""

    unit: str
    capacity: tuple[int, int]
    quantity: tuple[int, int]
    price: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Family:
    """One way of speaking; `specs` suit every product of the family, sharper ones come from its words."""

    code: str
    trades: tuple[str, ...]
    processes: tuple[str, ...]
    specs: tuple[str, ...]
    measures: tuple[Measure, ...]
    lead_days: tuple[int, int]
    certificates: tuple[str, ...]


def words(text: str) -> tuple[str, ...]:
    """The words of a blank-separated list."""
    return tuple(text.split())


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a list separated by full-width semicolons."""
    return tuple(text.split("；"))
