"""Needs: products of the segments that feed the firm's own, and the other things firms look for."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count

from matchmaker.demo import stories
from matchmaker.demo.calendar import Calendar, office_hours
from matchmaker.demo.drawing import Wheel, between, chance, rounded
from matchmaker.demo.families import family_of
from matchmaker.demo.lines.capabilities import SILENT_STATES
from matchmaker.demo.records import DemoEnterprise, DemoNeed, Size, Visibility
from matchmaker.demo.wording import filled, noisy, product_words, spec
from matchmaker.reference import ProductRow, SegmentRow, links, segments

_COUNTS = Wheel.of({0: 40.0, 1: 23.0, 2: 17.0, 3: 11.0, 4: 6.0, 6: 3.0})
_KINDS = Wheel.of(
    {
        "purchase": 62.0,
        "outsourcing": 15.0,
        "technology": 8.0,
        "equipment": 6.0,
        "financing": 4.0,
        "talent": 3.0,
        "by_product": 2.0,
    }
)
_STATES = Wheel.of(
    {
        "published": 54.0,
        "talking": 11.0,
        "intended": 9.0,
        "met": 7.0,
        "draft": 5.0,
        "pending": 4.0,
        "expired": 5.0,
        "withdrawn": 3.0,
        "unmet": 2.0,
    }
)
_OVER = frozenset({"met", "expired", "withdrawn", "unmet"})
_REASONS = ("省内无可用供方", "价格未谈拢", "技术指标未达到", "计划取消")
_VISIBILITIES: Wheel[Visibility] = Wheel.of({"public": 66.0, "matched": 26.0, "organisers": 8.0})
_SIZE_FACTOR: dict[Size | None, float] = {"large": 1.0, "medium": 0.35, "small": 0.09, "micro": 0.02, None: 0.1}
_ASKS = ("求购", "采购", "需采购", "寻", "", "")
_WAN = 10_000
_DAY_OF_WARNING = 10

_HARD = (
    "供货地在湖北省内",
    "可提供小试样品",
    "接受 <60|90|120> 天账期",
    "首批 <15|20|30|45> 天内到货",
    "提供第三方检测报告",
)
_SOFT = ("<50|100|200|300> 公里以内优先", "有同类供货业绩优先", "专精特新企业优先", "可长期合作", "支持小批量试制")
_WORDS = {
    "technology": ("{}良率提升", "{}轻量化设计", "{}在线检测方案", "{}工艺节能改造", "{}国产化替代验证"),
    "equipment": ("{}设备更新，替换使用 <8-20/1> 年的旧机", "新增{}产线设备", "{}工序自动化改造"),
    "talent": ("{}工艺工程师 <2-12/1> 名", "{}质量工程师 <1-6/1> 名", "{}设备技师 <3-20/1> 名"),
    "financing": ("{}扩产项目贷款", "订单融资，用于{}原料采购", "{}设备融资租赁"),
    "by_product": ("{}生产副产物寻消纳，每月 <10-900/10> 吨", "{}边角料寻回收利用，每月 <5-300/5> 吨"),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a need is about and, for goods, how much of it."""

    kind: str
    segment: str | None
    text: str
    quantity: int | None
    unit: str
    budget: int | None
    certificates: tuple[str, ...]


@cache
def upstream() -> dict[str, tuple[str, ...]]:
    """For each segment, the segments that feed it, within its chain and across."""
    feeding: dict[str, list[str]] = {}
    for link in links():
        feeding.setdefault(link.buyer, []).append(link.supplier)
    return {buyer: tuple(dict.fromkeys(suppliers)) for buyer, suppliers in feeding.items()}


def build_needs(rng: random.Random, calendar: Calendar, firms: Sequence[DemoEnterprise]) -> tuple[DemoNeed, ...]:
    """About twelve needs for ten firms, the demo buyer's own and those of the gap first."""
    planted = stories.demo_needs(calendar.today)
    keys = count(len(planted) + 1)
    gap = tuple(_gap_needs(rng, calendar, firms, keys))
    return (*planted, *gap, *(need for firm in firms for need in _asks(rng, calendar, firm, keys)))


def _gap_needs(
    rng: random.Random, calendar: Calendar, firms: Sequence[DemoEnterprise], keys: Iterator[int]
) -> Iterator[DemoNeed]:
    """Published needs for what too few firms supply, by firms that the segment feeds."""
    fed = {link.buyer for link in links() if link.supplier == stories.GAP_SEGMENT}
    askers = [firm for firm in firms if fed.intersection(firm.segments) and firm.state == "verified"]
    askers = askers or [firm for firm in firms if firm.chain == "battery" and firm.state == "verified"]
    for _ in range(stories.GAP_NEEDS):
        firm = rng.choice(askers)
        asked = _goods(rng, firm, stories.GAP_SEGMENT, "purchase")
        need = _need(rng, calendar, firm, next(keys), asked)
        yield replace(need, state="published", reason="", valid_until=calendar.today + timedelta(days=60))


def _asks(rng: random.Random, calendar: Calendar, firm: DemoEnterprise, keys: Iterator[int]) -> Iterator[DemoNeed]:
    if not firm.segments or firm.state in SILENT_STATES:
        return
    for _ in range(_COUNTS.draw(rng)):
        kind = _KINDS.draw(rng)
        asked = _goods(rng, firm, _feeding(rng, firm), kind) if kind in {"purchase", "outsourcing"} else None
        yield _need(rng, calendar, firm, next(keys), asked or _other(rng, firm, kind))


def _feeding(rng: random.Random, firm: DemoEnterprise) -> str:
    """A segment that feeds one of the firm's, or supports its chain where none does."""
    feeding = [supplier for code in firm.segments for supplier in upstream().get(code, ())]
    if feeding:
        return rng.choice(feeding)
    return rng.choice([row.code for row in segments().values() if row.chain == firm.chain and row.stage == "support"])


def _goods(rng: random.Random, firm: DemoEnterprise, code: str, kind: str) -> _Asked:
    segment = segments()[code]
    product = rng.choice(segment.products)
    family = family_of(segment, product)
    measure = rng.choice(family.measures)
    low, high = measure.quantity
    quantity = between(rng, low, max(low + 1, int(low + (high - low) * _SIZE_FACTOR[firm.size])))
    return _Asked(
        kind=kind,
        segment=code if chance(rng, 0.95) else None,
        text=_goods_words(rng, segment, product, kind),
        quantity=quantity,
        unit=measure.unit,
        budget=quantity * between(rng, *measure.price),
        certificates=family.certificates,
    )


def _goods_words(rng: random.Random, segment: SegmentRow, product: ProductRow, kind: str) -> str:
    word = product_words(rng, product)
    head = f"{word}委外加工" if kind == "outsourcing" else f"{rng.choice(_ASKS)}{word}"
    if chance(rng, 0.3):
        return noisy(rng, head)
    return f"{noisy(rng, head)}，{spec(rng, segment, product)}"


def _other(rng: random.Random, firm: DemoEnterprise, kind: str) -> _Asked:
    segment = segments()[firm.segments[0]]
    word = product_words(rng, rng.choice(segment.products))
    text = noisy(rng, filled(rng, rng.choice(_WORDS[kind]).format(word)))
    budget = between(rng, 20 * _WAN, 3_000 * _WAN) if kind in {"technology", "equipment", "financing"} else None
    return _Asked(kind, None if kind in {"talent", "financing"} else segment.code, text, None, "", budget, ())


def _need(rng: random.Random, calendar: Calendar, firm: DemoEnterprise, key: int, asked: _Asked) -> DemoNeed:
    state = _STATES.draw(rng)
    created = _asked_at(rng, calendar, firm)
    budget = rounded(asked.budget, 3) // _WAN * _WAN if asked.budget else 0
    until = _valid_until(rng, calendar, created, is_over=state in _OVER)
    return DemoNeed(
        key=key,
        enterprise=firm.credit_code,
        kind=asked.kind,
        segment=asked.segment,
        text=asked.text,
        quantity=asked.quantity,
        unit=asked.unit,
        budget_low=int(budget * 0.8) // _WAN * _WAN or None,
        budget_high=budget or None,
        deliver_by=until + timedelta(days=rng.randint(15, 120)) if asked.quantity else None,
        hard_conditions=_conditions(rng, _HARD, asked.certificates) if asked.quantity else (),
        soft_conditions=_conditions(rng, _SOFT, ()) if asked.quantity else (),
        visibility=_VISIBILITIES.draw(rng),
        valid_until=until,
        state=state,
        reason=rng.choice(_REASONS) if state == "unmet" else "",
        created_at=created,
        updated_at=calendar.past(created + timedelta(hours=rng.randint(0, 60))),
    )


def _asked_at(rng: random.Random, calendar: Calendar, firm: DemoEnterprise) -> datetime:
    first = max(firm.created_at.date(), calendar.first)
    days = max(1, (calendar.last - first).days)
    return max(firm.created_at, office_hours(rng, calendar.last - timedelta(days=int(days * rng.random() ** 1.6))))


def _valid_until(rng: random.Random, calendar: Calendar, created: datetime, *, is_over: bool) -> date:
    if is_over:
        return min(calendar.last, created.date() + timedelta(days=rng.randint(20, 150)))
    return calendar.today + timedelta(days=rng.randint(_DAY_OF_WARNING, 180))


def _conditions(rng: random.Random, texts: Sequence[str], certificates: Sequence[str]) -> tuple[str, ...]:
    drawn = [filled(rng, text) for text in rng.sample(texts, k=rng.choice((0, 0, 1, 1, 2)))]
    if certificates and chance(rng, 0.3):
        drawn.append(rng.choice(certificates))
    return tuple(drawn)
