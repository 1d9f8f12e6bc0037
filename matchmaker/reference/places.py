"""Regions by GB/T 2260 code, the metropolitan circles, and the schematic layout of the prefectures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from matchmaker.reference.files import read_csv, read_json

PROVINCE_CODE = "420000"
ABROAD_CODE = "900000"
UNSPECIFIED_OUTSIDE_CODE = "000000"

RegionLevel = Literal["province", "prefecture", "county", "outside"]
_LEVELS: dict[str, RegionLevel] = {
    "province": "province",
    "prefecture": "prefecture",
    "county": "county",
    "outside": "outside",
}


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One place; `parent` is the code of the place around it, None for the province and everywhere outside."""

    code: str
    name: str
    short: str
    pinyin: str  # of the short name, toneless, without blanks
    name_en: str
    level: RegionLevel
    kind: str
    parent: str | None
    circle: str | None  # name of the metropolitan circle
    seat_longitude: float | None
    seat_latitude: float | None


@dataclass(frozen=True, slots=True)
class CircleMemberRow:
    """A prefecture's place in a circle; unconfirmed when no current plan states it."""

    region: str
    role: Literal["core", "member", "radiated"]
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class CircleRow:
    """One metropolitan circle."""

    code: str
    name: str
    members: tuple[CircleMemberRow, ...]


@dataclass(frozen=True, slots=True)
class TileRow:
    """One prefecture's cell in the schematic layout, counted from the top left, 0-based."""

    region: str
    name: str
    column: int
    row: int


def _region(row: dict[str, str]) -> RegionRow:
    return RegionRow(
        code=row["code"],
        name=row["name"],
        short=row["short"],
        pinyin=row["pinyin"],
        name_en=row["name_en"],
        level=_LEVELS[row["level"]],
        kind=row["kind"],
        parent=row["parent"] or None,
        circle=row["circle"] or None,
        seat_longitude=float(row["seat_lon"]) if row["seat_lon"] else None,
        seat_latitude=float(row["seat_lat"]) if row["seat_lat"] else None,
    )


@cache
def regions() -> tuple[RegionRow, ...]:
    """Every place, parents before children: province, prefectures and counties, then everywhere else."""
    rank = {"province": 0, "prefecture": 1, "county": 2, "outside": 3}
    return tuple(sorted(map(_region, read_csv("regions.csv")), key=lambda row: rank[row.level]))


@cache
def circles() -> tuple[CircleRow, ...]:
    """The metropolitan circles."""
    return tuple(
        CircleRow(
            circle["code"],
            circle["name"],
            tuple(CircleMemberRow(m["region"], m["role"], m["confirmed"]) for m in circle["members"]),
        )
        for circle in read_json("circles.json")
    )


@cache
def tiles() -> tuple[TileRow, ...]:
    """The schematic layout: one cell per prefecture."""
    cells = read_json("tilegrid.json")["cells"]
    return tuple(TileRow(cell["region"], cell["name"], cell["column"], cell["row"]) for cell in cells)
