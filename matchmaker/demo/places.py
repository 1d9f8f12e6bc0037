"""Where the coined firms stand: how many in each prefecture, and how strong a chain is there."""

from __future__ import annotations

from functools import cache

from matchmaker.demo.drawing import Wheel
from matchmaker.demo.records import DemoTarget
from matchmaker.reference import RegionRow, chains, regions

_YI = 100_000_000

# Firms per thousand, after the size of each prefecture's industry; the rest stand outside the province.
_FIRMS = {
    "420100": 255,
    "420600": 110,
    "420500": 100,
    "421000": 70,
    "421100": 66,
    "420900": 72,
    "420300": 58,
    "420800": 58,
    "420200": 58,
    "421200": 40,
    "421300": 32,
    "420700": 28,
    "429004": 27,
    "422800": 22,
    "429005": 22,
    "429006": 18,
    "429021": 1,
}
_OUTSIDE = {
    "440000": 8,
    "320000": 7,
    "330000": 7,
    "310000": 5,
    "430000": 5,
    "360000": 4,
    "410000": 4,
    "500000": 3,
    "900000": 5,
}

# Targets of the year: events, enterprises, 亿元. 神农架 is given none.
_TARGETS = {
    "420100": (24, 2550, 520),
    "420600": (12, 1150, 240),
    "420500": (11, 1050, 240),
    "420200": (6, 620, 120),
    "420300": (6, 600, 110),
    "420900": (7, 750, 110),
    "421000": (7, 720, 110),
    "420800": (6, 620, 100),
    "421100": (6, 650, 100),
    "421200": (4, 400, 70),
    "420700": (3, 250, 60),
    "421300": (3, 240, 60),
    "422800": (1, 100, 40),
    "429004": (2, 150, 40),
    "429005": (1, 100, 40),
    "429006": (1, 50, 40),
}

# How much of the province's industry each chain is, against the others.
STRENGTH = {
    "auto": 13.0,
    "opto": 6.0,
    "ic": 3.5,
    "display": 3.0,
    "phos": 6.0,
    "battery": 6.0,
    "pharma": 8.0,
    "mtool": 6.0,
    "ship": 3.0,
    "rail": 2.2,
    "textile": 9.0,
    "steel": 5.0,
    "build": 7.0,
    "food": 11.0,
    "bds": 3.0,
    "appliance": 4.0,
    "soft": 6.0,
    "chem": 6.0,
    "h2": 1.8,
}
_ELSEWHERE = 0.08  # of a chain's strength in a prefecture its hint does not name


def targets() -> tuple[DemoTarget, ...]:
    """What each prefecture is to reach; together the programme's 100, 10,000 and 2000 亿元."""
    return tuple(DemoTarget(region, events, firms, yi * _YI) for region, (events, firms, yi) in _TARGETS.items())


@cache
def places() -> Wheel[str]:
    """Prefectures and places outside, each as likely as the firms it has."""
    return Wheel.of({**_FIRMS, **_OUTSIDE})


@cache
def seats(region: str) -> tuple[RegionRow, ...]:
    """The rows a firm of a prefecture may stand in: its counties, or its own row where it has none."""
    rows = [row for row in regions() if row.parent == region and row.level == "county"]
    return tuple(rows) or (region_row(region),)


@cache
def region_row(code: str) -> RegionRow:
    """One place by its code."""
    return next(row for row in regions() if row.code == code)


@cache
def prefecture_of(code: str) -> str | None:
    """The prefecture a place belongs to, or None outside the province."""
    row = region_row(code)
    return {"county": row.parent, "prefecture": row.code}.get(row.level)


@cache
def chains_at(place: str) -> Wheel[str]:
    """Chains, each as likely as it is strong in a prefecture; outside the province strength alone decides."""
    return Wheel.of({chain.code: STRENGTH[chain.code] * _share(chain.prefectures, place) for chain in chains()})


@cache
def places_of(chain: str) -> Wheel[str]:
    """Prefectures, each as likely to host an event of the chain."""
    hosts = {region: firms * _share(_prefectures(chain), region) for region, firms in _FIRMS.items()}
    return Wheel.of({region: weight for region, weight in hosts.items() if region in _TARGETS})


def _prefectures(code: str) -> tuple[str, ...]:
    return next(chain.prefectures for chain in chains() if chain.code == code)


def _share(prefectures: tuple[str, ...], place: str) -> float:
    if prefecture_of(place) is None:
        return 1.0
    return 1 / (1 + 0.2 * prefectures.index(place)) if place in prefectures else _ELSEWHERE
