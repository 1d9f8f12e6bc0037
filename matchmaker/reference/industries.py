"""The national industry classification, GB/T 4754-2017."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from matchmaker.reference.files import read_csv


@dataclass(frozen=True, slots=True)
class IndustryRow:
    """One entry of the classification; `level` is 门类, 大类, 中类 or 小类, and only a 门类 has no parent."""

    code: str
    name: str
    level: str
    parent: str | None


@cache
def industries() -> tuple[IndustryRow, ...]:
    """Every entry, parents before children."""
    return tuple(
        IndustryRow(row["code"], row["name"], row["level"], row["parent"] or None)
        for row in read_csv("gb4754_2017.csv")
    )
