"""The coined firms and institutions: where they stand, what they make, how large they are."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache

from matchmaker.demo import stories
from matchmaker.demo.calendar import Calendar, office_hours
from matchmaker.demo.coining import Coiner
from matchmaker.demo.drawing import Wheel, around, chance, rounded
from matchmaker.demo.places import chains_at, places, prefecture_of, region_row, seats
from matchmaker.demo.records import DemoBadge, DemoEnterprise, Kind, Size
from matchmaker.demo.wording import trades_of
from matchmaker.reference import SegmentRow, links, segments

_SIZES: Wheel[Size] = Wheel.of({"large": 3.0, "medium": 14.0, "small": 58.0, "micro": 25.0})
_REVENUE = {
    "large": (4_500_000_000, 0.8),
    "medium": (650_000_000, 0.6),
    "small": (85_000_000, 0.9),
    "micro": (9_000_000, 0.7),
}
_STATES = Wheel.of(
    {
        "verified": 88.0,
        "pending": 1.3,
        "unclaimed": 3.2,
        "correcting": 1.5,
        "review": 3.5,
        "draft": 1.2,
        "suspended": 1.0,
        "merged": 0.3,
    }
)
_STAGES = {"up": 1.0, "mid": 1.35, "down": 0.8, "support": 0.7}
_INSTITUTIONS: tuple[tuple[Kind, str, str, float], ...] = (
    ("university", "{}理工大学（演示）", "8341", 3.0),
    ("institution", "{}产业技术研究院", "7320", 5.0),
    ("bank", "{}商业银行股份有限公司", "6621", 3.0),
    ("association", "{}产业促进会", "9522", 4.0),
)
_GROUP_SHARE = 0.02
_WAN = 10_000


@dataclass(slots=True)
class _Register:
    rng: random.Random
    calendar: Calendar
    coiner: Coiner
    suppliers: Counter[str] = field(default_factory=Counter)


def build_enterprises(rng: random.Random, calendar: Calendar, size: int) -> tuple[DemoEnterprise, ...]:
    """The register: the two demo firms first, then the suppliers the stories need, then everybody else."""
    register = _Register(rng, calendar, Coiner(rng))
    demo_firms = stories.demo_firms(calendar.year)
    for firm in demo_firms:
        register.coiner.reserve(firm.name)
    planted = (stories.SINGLE_SOURCE_SEGMENT, *[stories.GAP_SEGMENT] * stories.GAP_SUPPLIERS)
    makers = _as_a_group([_maker(register, segments()[code], "420800") for code in planted])
    institutions = [_institution(register, place) for place in range(max(8, size * 15 // 1000))]
    others = [_firm(register) for _ in range(size - len(makers) - len(institutions) - len(demo_firms))]
    return (*demo_firms, *_in_groups(rng, [*makers, *institutions, *others]))


def _firm(register: _Register) -> DemoEnterprise:
    place = places().draw(register.rng)
    chain = chains_at(place).draw(register.rng)
    firm = _maker(register, segments()[_segments_of(chain).draw(register.rng)], place)
    return replace(firm, segments=_widened(register.rng, firm.segments[0]), state=_STATES.draw(register.rng))


@cache
def _segments_of(chain: str) -> Wheel[str]:
    reserved = {stories.SINGLE_SOURCE_SEGMENT, stories.GAP_SEGMENT, stories.EMPTY_SEGMENT}
    rows = [row for row in segments().values() if row.chain == chain and row.code not in reserved]
    return Wheel.of({row.code: _STAGES[row.stage] * (0.4 + 0.22 * len(row.products)) for row in rows})


def _widened(rng: random.Random, main: str) -> tuple[str, ...]:
    """The main segment and, for one firm in three, a neighbouring one."""
    near = _neighbours().get(main, ())
    return (main, rng.choice(near)) if near and chance(rng, 0.33) else (main,)


@cache
def _neighbours() -> dict[str, tuple[str, ...]]:
    reserved = {stories.SINGLE_SOURCE_SEGMENT, stories.GAP_SEGMENT, stories.EMPTY_SEGMENT}
    near: dict[str, list[str]] = {}
    for link in links():
        for here, there in ((link.supplier, link.buyer), (link.buyer, link.supplier)):
            if there not in reserved and here not in reserved:
                near.setdefault(here, []).append(there)
    return {code: tuple(codes) for code, codes in near.items()}


def _maker(register: _Register, segment: SegmentRow, place: str) -> DemoEnterprise:
    rng = register.rng
    seat = rng.choice(seats(place)) if prefecture_of(place) else region_row(place)
    name = register.coiner.firm(_prefix(rng, seat.short, place), trades_of(rng, segment).trades)
    size = _SIZES.draw(rng)
    created = _registered_at(rng, register.calendar)
    return DemoEnterprise(
        credit_code=register.coiner.code(seat.code),
        name=name.full,
        short_name=name.short,
        former_names=_former_names(rng, name.full),
        region=seat.code,
        industry=rng.choice(segment.industries),
        kind="enterprise",
        size=size,
        last_year_revenue=_revenue(rng, size),
        legal_representative=register.coiner.person(),
        parent_code=None,
        state="verified",
        segments=(segment.code,),
        badges=_badges(rng, size, register.calendar.year),
        created_at=created,
        updated_at=_touched_at(rng, register.calendar, created),
    )


def _prefix(rng: random.Random, seat: str, place: str) -> str:
    """The place a firm's name begins with: its prefecture, its county or the province."""
    prefecture = prefecture_of(place)
    if prefecture is None:
        return "" if place == "900000" else region_row(place).short
    name = region_row(prefecture).short.removesuffix("州") if prefecture == "422800" else region_row(prefecture).short
    return rng.choice((name, name, name, seat, "湖北"))


def _former_names(rng: random.Random, full: str) -> tuple[str, ...]:
    if not chance(rng, 0.05):
        return ()
    return (full.replace("股份有限公司", "有限公司") if "股份" in full else full.replace("有限公司", "厂"),)


def _revenue(rng: random.Random, size: str) -> int | None:
    if chance(rng, 0.08):
        return None
    median, spread = _REVENUE[size]
    return rounded(int(around(rng, median, spread)), 4) // _WAN * _WAN


def _badges(rng: random.Random, size: str, year: int) -> tuple[DemoBadge, ...]:
    badges = []
    if size in {"medium", "small"} and chance(rng, 0.17):
        start = rng.randint(year - 3, year - 1)
        issuer = rng.choice(("省经信厅（演示）", "省经信厅（演示）", "国家部委（演示）"))
        badges.append(DemoBadge("专精特新", issuer, date(start, 8, 1), date(start + 3, 7, 31)))
    if size == "large" and chance(rng, 0.22):
        badges.append(DemoBadge("链主", "省经信厅（演示）", date(year, 1, 15), None))
    if size in {"large", "medium"} and chance(rng, 0.12):
        badges.append(DemoBadge("绿色工厂", "省经信厅（演示）", date(rng.randint(year - 2, year), 3, 1), None))
    return tuple(badges)


def _registered_at(rng: random.Random, calendar: Calendar) -> datetime:
    """Most came with the bureaus' first lists around New Year; the rest over the year."""
    if chance(rng, 0.62):
        return office_hours(rng, calendar.first - timedelta(days=rng.randint(-18, 40)))
    days = (calendar.last - calendar.first).days
    return office_hours(rng, calendar.first + timedelta(days=18 + int(rng.random() * (days - 18))))


def _touched_at(rng: random.Random, calendar: Calendar, since: datetime) -> datetime:
    days = max(0, (calendar.last - since.date()).days - 1)
    return since + timedelta(days=int(rng.random() * days))


def _institution(register: _Register, place: int) -> DemoEnterprise:
    """An institution: each kind once, then by chance."""
    rng = register.rng
    drawn = Wheel.of({row[:3]: row[3] for row in _INSTITUTIONS}).draw(rng)
    kind, pattern, industry = _INSTITUTIONS[place][:3] if place < len(_INSTITUTIONS) else drawn
    seat = rng.choice(seats(rng.choice(("420100", "420100", "420500", "420600", "421000", "420900"))))
    name = register.coiner.organisation(pattern)
    created = _registered_at(rng, register.calendar)
    return DemoEnterprise(
        credit_code=register.coiner.code(seat.code),
        name=name.full,
        short_name=name.short.removesuffix("股份有限公司").removesuffix("（演示）"),
        former_names=(),
        region=seat.code,
        industry=industry,
        kind=kind,
        size=None,
        last_year_revenue=None,
        legal_representative=register.coiner.person(),
        parent_code=None,
        state="verified",
        segments=(),
        badges=(),
        created_at=created,
        updated_at=created,
    )


def _as_a_group(makers: list[DemoEnterprise]) -> list[DemoEnterprise]:
    """The last of them belongs to the one before it, so that every province has a group."""
    *others, head, child = makers
    return [*others, head, replace(child, parent_code=head.credit_code)]


def _in_groups(rng: random.Random, firms: list[DemoEnterprise]) -> list[DemoEnterprise]:
    """Some firms belong to a group: a larger firm of their own chain is their parent."""
    heads: dict[str | None, list[DemoEnterprise]] = {}
    for firm in firms:
        if firm.size == "large":
            heads.setdefault(firm.chain, []).append(firm)
    return [_child(rng, firm, heads.get(firm.chain, [])) for firm in firms]


def _child(rng: random.Random, firm: DemoEnterprise, heads: list[DemoEnterprise]) -> DemoEnterprise:
    if firm.size not in {"medium", "small"} or not heads or not chance(rng, _GROUP_SHARE):
        return firm
    head = rng.choice(heads)
    legal_representative = head.legal_representative if chance(rng, 0.15) else firm.legal_representative
    return replace(firm, parent_code=head.credit_code, legal_representative=legal_representative)
