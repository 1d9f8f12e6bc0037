"""Places of the province and beyond, how far apart they are, and where a text names them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache
from operator import add
from typing import Final

from matchmaker import reference
from matchmaker.enterprises.reading.values import Kind, Role, Term
from matchmaker.reference.places import RegionRow

_EARTH_KM: Final = 6371.0
_JOINED: Final = r"(?: ?(?:、|/|和|及|或|与) ?)"
_AROUND: Final = "(?:周边地区|及周边|周边|附近|都市圈|一带)"
_INSIDE: Final = "(?:境内|范围内|以内|市内|省内|本地|当地|地区|内)"
_ARRIVES: Final = "(?:交货|交付|到货|收货|送货|卸货|落地)"
_LEADS_TO: Final = re.compile(
    r"(?:交货地|收货地|到货地|交付地|送货至|送货到|送至|送到|运至|运到|发往)(?:点)?(?:在|为|:)? ?$"
)
_LEADS: Final = re.compile(
    r"(?:供货地|产地|生产地|所在地|工厂|注册地|供应商|供方|厂家|企业)(?:须|应|要求|限)?(?:位于|地处|在|为|:) ?$"
    r"|(?:仅限|只限|限于|位于|地处|限|在) ?$"
)
_TOWARDS: Final = re.compile("(?:对接|优选|面向) ?$")
_FOLLOWS: Final = re.compile(r" ?(?:的)?(?:市|省)?(?:本地|地区)?(?:生产)?(?:企业|厂家|供应商|厂商|供货|供方|工厂|优先)")
_PROVINCE: Final = re.compile(r"(?:湖北)?省内|本省|全省|鄂内")
_OUTSIDE: Final = re.compile(
    r"省外(?:也|亦|均|都)?可(?:以|接受)?|(?:地区|地域|区域|产地)不限|不限(?:地区|地域|区域|产地)|全国(?:均|都)?可|面向全国"
)
_RADIUS: Final = re.compile(
    r"(?:(?:半径|方圆|周边|距离?)(?:在|不超过|为)?)? ?(\d{1,5}) ?(?:公里|千米|km)"
    r"(?: ?(?:半径)?(?:范围)?(?:以内|之内|内|范围))?(?:企业)?"
)
_PARK: Final = re.compile("(?:同一?|本)(?:个)?(?:园区|工业园|产业园|开发区|高新区|县|区(?!域))(?:内)?|园区内|开发区内")
_EDGE: Final = frozenset(" ,;。、!?|():") | {""}
_COUNTY_WORDS: Final = "市县区州"


@cache
def _named() -> dict[str, str]:
    """Every name a place goes by, with its code; of two places with one short name the larger."""
    names: dict[str, str] = {"恩施": "422800", "神农架": "429021", "湖北": reference.PROVINCE_CODE}
    rows = [
        row
        for row in reference.regions()
        if row.code not in (reference.UNSPECIFIED_OUTSIDE_CODE, reference.ABROAD_CODE)
    ]
    for row in rows:
        names.setdefault(row.name, row.code)
    for row in rows:
        names.setdefault(row.short, row.code)
    return {name: code for name, code in names.items() if len(name) > 1}


@cache
def _by_code() -> dict[str, RegionRow]:
    return {row.code: row for row in reference.regions()}


@cache
def _starts() -> frozenset[str]:
    return frozenset(name[:2] for name in _named())


@cache
def _pattern() -> re.Pattern[str]:
    name = "|".join(sorted(map(re.escape, _named()), key=len, reverse=True))
    return re.compile(rf"(?:{name})市?(?:{_JOINED}(?:{name})市?)*")


@cache
def _one() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _named()), key=len, reverse=True)))


def places(text: str, shadow: str) -> Iterator[Term]:
    """Places that are asked for; one inside the name of a product or a firm (孝感麻糖) is not."""
    for found in _OUTSIDE.finditer(shadow):
        yield Term(Kind.PLACE, text[slice(*found.span())], *found.span(), role=Role.ANYWHERE)
    for found in _PARK.finditer(shadow):
        yield Term(Kind.PARK, text[slice(*found.span())], *found.span())
    for found in _PROVINCE.finditer(shadow):
        if _is_asked(shadow, *found.span(), []):
            yield _term(text, shadow, *found.span(), reference.PROVINCE_CODE)
    if names_one(shadow):
        yield from _named_places(text, shadow)


def _named_places(text: str, shadow: str) -> Iterator[Term]:
    for found in _pattern().finditer(shadow):
        start, end = found.span()
        names = _one().findall(found[0])
        if not _is_asked(shadow, start, end, names):
            continue
        codes = dict.fromkeys(_named()[name] for name in names)
        yield _term(text, shadow, start, end, ",".join(codes))


def _is_asked(shadow: str, start: int, end: int, names: list[str]) -> bool:
    tail = shadow[end:]
    if re.match(rf" ?(?:{_AROUND}|{_INSIDE}|{_ARRIVES}|供货)", tail) or _FOLLOWS.match(tail):
        return True
    if _LEADS.search(shadow, 0, start) or _LEADS_TO.search(shadow, 0, start):
        return True
    if _TOWARDS.search(shadow, 0, start):
        return True
    is_apart = (not start or shadow[start - 1] in _EDGE) and shadow[end : end + 1] in _EDGE
    return is_apart and all(_is_plain_place(name) for name in names)


def _is_plain_place(name: str) -> bool:
    """A county's short name (公安, 云梦) may be a common word; with 县 behind it, or a prefecture's, it is a place."""
    return name[-1] in _COUNTY_WORDS or _by_code()[_named()[name]].level != "county"


def _term(text: str, shadow: str, start: int, end: int, codes: str) -> Term:
    """The place with the words that say what it is for, before and behind."""
    role, tail = Role.SUPPLY, shadow[end:]
    if behind := re.match(rf" ?{_AROUND}", tail):
        role = Role.AROUND
    else:
        behind = re.match(rf" ?(?:{_INSIDE})?(?: ?{_ARRIVES})?", tail)
    width = behind.end() if behind else 0
    before = _LEADS_TO.search(shadow, 0, start) or _LEADS.search(shadow, 0, start)
    if re.search(_ARRIVES, tail[:width]) or _LEADS_TO.search(shadow, 0, start):
        role = Role.DELIVERY
    start = before.start() if before else start
    return Term(Kind.PLACE, text[start : end + width], start, end + width, codes, role=role)


def radii(text: str, shadow: str) -> Iterator[Term]:
    """A distance around the one who asks."""
    for found in _RADIUS.finditer(shadow):
        says_so = re.search("内|范围|半径|方圆|周边|距", found[0])
        if says_so or shadow[found.end() : found.end() + 1] in _EDGE:
            yield Term(Kind.RADIUS, text[slice(*found.span())], *found.span(), found[1], unit="km")


@cache
def distance_km(one: str, other: str) -> float | None:
    """How far apart the seats of two places are, along the great circle; None when either is not known."""
    here, there = _seat(one), _seat(other)
    if here is None or there is None:
        return None
    (lon, lat), (lon2, lat2) = here, there
    half = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(half))


def _seat(code: str) -> tuple[float, float] | None:
    row = _by_code().get(code)
    if row is None or row.seat_longitude is None or row.seat_latitude is None:
        return None
    return math.radians(row.seat_longitude), math.radians(row.seat_latitude)


def is_within(code: str, around: str) -> bool:
    """Whether a place is another, or lies inside it."""
    row: RegionRow | None = _by_code().get(code)
    while row is not None:
        if row.code == around:
            return True
        row = _by_code().get(row.parent) if row.parent else None
    return False


def is_wider(code: str, inside: str) -> bool:
    """Whether a place is known only as the wider place around another: it may lie there or may not."""
    return code != inside and is_within(inside, code)


def place_names(codes: tuple[str, ...]) -> str:
    """The short names of places."""
    return "、".join(_by_code()[code].short for code in codes if code in _by_code())


def names_one(shadow: str) -> bool:
    """Whether a text may name a place at all; a glance, before the names themselves are looked for."""
    return not _starts().isdisjoint(map(add, shadow, shadow[1:]))
