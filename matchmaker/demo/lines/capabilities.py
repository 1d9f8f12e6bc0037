"""Supply lines: products of the firm's own segments, with capacity, spare, lead time and certificates."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

from matchmaker.demo import stories
from matchmaker.demo.calendar import Calendar
from matchmaker.demo.drawing import Wheel, between, chance, rounded
from matchmaker.demo.families import Measure, family_of
from matchmaker.demo.records import DemoCapability, DemoEnterprise, Size
from matchmaker.demo.wording import capability_words, material, spec
from matchmaker.reference import ProductRow, SegmentRow, segments

SILENT_STATES = frozenset(
    {"draft", "unclaimed", "suspended", "merged"}
)  # firms that have not yet spoken, or no longer do

_COUNTS = Wheel.of({1: 8.0, 2: 21.0, 3: 26.0, 4: 21.0, 5: 12.0, 6: 7.0, 8: 5.0})
_STATES = Wheel.of({"stated": 62.0, "evidenced": 18.0, "verified": 13.0, "draft": 5.0, "withdrawn": 2.0})
_SIZE_FACTOR: dict[Size | None, float] = {"large": 1.0, "medium": 0.3, "small": 0.06, "micro": 0.012, None: 0.05}


def build_capabilities(
    rng: random.Random, calendar: Calendar, firms: Sequence[DemoEnterprise]
) -> tuple[DemoCapability, ...]:
    """About three supply lines a firm, the demo firm's own first."""
    planted = stories.demo_capabilities(calendar.year)
    keys = count(len(planted) + 1)
    silent = {line.enterprise for line in planted}
    return (
        *planted,
        *(line for firm in firms if firm.credit_code not in silent for line in _offers(rng, calendar, firm, keys)),
    )


def _offers(
    rng: random.Random, calendar: Calendar, firm: DemoEnterprise, keys: Iterator[int]
) -> Iterator[DemoCapability]:
    if not firm.segments or (firm.state in SILENT_STATES and chance(rng, 0.8)):
        return
    wanted = _products(rng, firm, _COUNTS.draw(rng))
    first, *others = (_capability(rng, firm, segment, product, next(keys)) for segment, product in wanted)
    yield _settled(calendar, replace(first, state="stated" if firm.state == "verified" else first.state))
    for line in others:
        yield _settled(calendar, line if chance(rng, 0.93) else replace(line, segment=None))


def _settled(calendar: Calendar, line: DemoCapability) -> DemoCapability:
    return replace(line, created_at=calendar.past(line.created_at), updated_at=calendar.past(line.updated_at))


def _products(rng: random.Random, firm: DemoEnterprise, wanted: int) -> list[tuple[SegmentRow, ProductRow]]:
    """Different products, the first of the main segment, most of the rest of it too."""
    main, *others = (segments()[code] for code in firm.segments)
    mine = [(main, product) for product in rng.sample(main.products, k=min(wanted, len(main.products)))]
    near = [
        (other, product) for other in others for product in rng.sample(other.products, k=min(2, len(other.products)))
    ]
    return mine[: max(1, wanted - len(near))] + near[: max(0, wanted - 1)]


def _capability(
    rng: random.Random, firm: DemoEnterprise, segment: SegmentRow, product: ProductRow, key: int
) -> DemoCapability:
    family = family_of(segment, product)
    measure = rng.choice(family.measures)
    capacity = _capacity(rng, firm, measure)
    created = firm.created_at + timedelta(minutes=rng.randint(20, 6_000))
    return DemoCapability(
        key=key,
        enterprise=firm.credit_code,
        segment=segment.code,
        product=capability_words(rng, segment, product),
        material=material(rng, segment, product),
        spec=spec(rng, segment, product) if chance(rng, 0.82) else "",
        capacity=capacity,
        capacity_unit=measure.unit if capacity else "",
        capacity_period="year" if capacity else "",
        spare=rounded(max(1, int(capacity * rng.uniform(0.05, 0.5))), 2) if capacity and chance(rng, 0.7) else None,
        lead_days=rng.randint(*family.lead_days) if chance(rng, 0.8) else None,
        certificates=_certificates(rng, family.certificates),
        radius_km=rng.choice((100, 200, 300, 500, 800, 1000, 1500)) if chance(rng, 0.6) else None,
        state=_STATES.draw(rng),
        created_at=created,
        updated_at=max(created, firm.updated_at),
    )


def _capacity(rng: random.Random, firm: DemoEnterprise, measure: Measure) -> int | None:
    """A yearly capacity of the family's range, nearer its upper end the larger the firm."""
    if chance(rng, 0.14):
        return None
    low, high = measure.capacity
    top = max(low * 2, int(low + (high - low) * _SIZE_FACTOR[firm.size]))
    return between(rng, low, top)


def _certificates(rng: random.Random, offered: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for position, name in enumerate(offered) if chance(rng, 0.62 / (1 + 0.5 * position)))
