"""All deals of the year: from meetings, from the halls' corridors and from everywhere else, then the stories."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from matchmaker.deals.standing import yuan_of
from matchmaker.demo.calendar import Calendar, moment, office_hours
from matchmaker.demo.deals.lives import live
from matchmaker.demo.deals.telling import tell
from matchmaker.demo.deals.terms import Terms, draw_terms
from matchmaker.demo.drawing import Wheel, between, chance, rounded
from matchmaker.demo.families import family_of
from matchmaker.demo.meetings import MeetingOf
from matchmaker.demo.pairing import Market, Pair
from matchmaker.demo.records import DealKind, DemoDeal, DemoEnterprise, DemoEvent
from matchmaker.demo.wording import product_words
from matchmaker.money import WAN
from matchmaker.reference import segments

_A_YEAR = 5_500  # deals of a whole year in the full province
_FULL_SIZE = 10_000
_AT_EVENTS = 0.85
_HELD = frozenset({"approved", "closing", "held"})
_KINDS: Wheel[DealKind] = Wheel.of(
    {"purchase": 88.0, "technology": 5.0, "investment": 2.2, "credit": 3.2, "framework": 1.6}
)
_SUBJECTS: dict[DealKind, str] = {
    "technology": "工艺技术开发",
    "investment": "项目投资",
    "credit": "产能建设授信",
    "framework": "长期供货战略合作",
}
_DUPLICATES = 0.016
_RELATED = 0.008


@dataclass(frozen=True, slots=True)
class Scene:
    """The year the deals belong to: who is registered, what was held, who met and who was there."""

    calendar: Calendar
    firms: Sequence[DemoEnterprise]
    events: Sequence[DemoEvent]
    met: Sequence[MeetingOf]
    present: Mapping[str, Sequence[DemoEnterprise]]

    @property
    def held(self) -> list[DemoEvent]:
        """Events with their own matching that are over."""
        return [event for event in self.events if event.state in _HELD and event.own_matching]


@dataclass(frozen=True, slots=True)
class _Occasion:
    """Two firms who agree on something on a day, at an event or elsewhere."""

    pair: Pair
    declared_at: datetime
    event: str | None
    meeting: int | None


@dataclass(frozen=True, slots=True)
class _Parties:
    """Who takes part in the deals that are not ordinary purchases."""

    banks: Sequence[DemoEnterprise]
    institutes: Sequence[DemoEnterprise]
    groups: Sequence[tuple[DemoEnterprise, DemoEnterprise]]


def build_deals(rng: random.Random, scene: Scene) -> tuple[DemoDeal, ...]:
    """About five thousand deals in the order they were first declared, numbered in that order."""
    calendar = scene.calendar
    wanted = round(_A_YEAR * calendar.passed * min(1.0, len(scene.firms) / _FULL_SIZE))
    occasions = [
        *_at_events(rng, scene, round(wanted * _AT_EVENTS)),
        *_elsewhere(rng, scene, round(wanted * (1 - _AT_EVENTS))),
    ]
    parties = _parties(scene.firms)
    ordinary = [_deal(rng, calendar, parties, occasion, number) for number, occasion in enumerate(occasions)]
    copies = list(_copies(rng, calendar, ordinary))
    told = tell(calendar, scene.firms, scene.held, scene.present)
    return _numbered(calendar, [*ordinary, *copies, *told])


def _parties(firms: Sequence[DemoEnterprise]) -> _Parties:
    by_code = {firm.credit_code: firm for firm in firms}
    return _Parties(
        banks=[firm for firm in firms if firm.kind == "bank"],
        institutes=[firm for firm in firms if firm.kind in {"university", "institution"}],
        groups=[(by_code[firm.parent_code], firm) for firm in firms if firm.parent_code],
    )


def _at_events(rng: random.Random, scene: Scene, wanted: int) -> Iterator[_Occasion]:
    """First what meetings led to, then pairs who met in the hall, more at the larger events."""
    intents: dict[str, list[MeetingOf]] = {}
    for each in scene.met:
        if each.meeting.outcome == "intent":
            intents.setdefault(each.meeting.event, []).append(each)
    held = scene.held
    visits = sum(len(scene.present[event.key]) for event in held)
    for event in held:
        agreed = intents.get(event.key, [])
        for each in agreed:
            yield _Occasion(each.pair, _declared_at(rng, scene.calendar, event), event.key, each.meeting.key)
        firms = scene.present[event.key]
        others = max(0, round(wanted * len(firms) / visits * rng.uniform(0.7, 1.3)) - len(agreed))
        for pair in Market(firms).pairs(rng, others):
            yield _Occasion(pair, _declared_at(rng, scene.calendar, event), event.key, None)


def _declared_at(rng: random.Random, calendar: Calendar, event: DemoEvent) -> datetime:
    """The afternoon of the event or a few days after it."""
    days = rng.choice((0, 0, 0, 1, 1, 2, 3, 5))
    return calendar.past(moment(event.held_on + timedelta(days=days), rng.randint(17, 20), rng.randint(0, 59)))


def _elsewhere(rng: random.Random, scene: Scene, wanted: int) -> Iterator[_Occasion]:
    calendar = scene.calendar
    settled = moment(calendar.first, 0, 0)
    known = [firm for firm in scene.firms if firm.state in {"verified", "review"} and firm.created_at < settled]
    days = calendar.working_days(rng, wanted, calendar.last)
    for pair, day in zip(Market(known).pairs(rng, wanted), days, strict=False):
        yield _Occasion(pair, office_hours(rng, day), None, None)


def _deal(rng: random.Random, calendar: Calendar, parties: _Parties, occasion: _Occasion, number: int) -> DemoDeal:
    kind = _KINDS.draw(rng) if occasion.meeting is None else "purchase"
    seller, buyer = _sides(rng, parties, occasion.pair, kind)
    terms = draw_terms(rng, kind, seller, buyer)
    entries = live(rng, calendar, occasion.declared_at, terms.amount)
    has_contract = any(entry.type == "contract" for entry in entries)
    deal = DemoDeal(
        key=f"ordinary-{number}",
        number="",
        buyer=buyer.credit_code,
        seller=seller.credit_code,
        kind=kind,
        subject=_subject(rng, occasion.pair, terms),
        segment=occasion.pair.link.supplier,
        event=occasion.event,
        meeting=occasion.meeting,
        months=terms.months,
        amount=terms.amount,
        amount_high=terms.amount_high,
        currency=terms.currency,
        rate=terms.rate,
        contract_number=f"HT{occasion.declared_at:%y%m}-{number:04d}" if has_contract else "",
        is_renewal=chance(rng, 0.06),
        former_amount=None,
        duplicate_of=None,
        entries=entries,
    )
    return replace(deal, former_amount=_former(terms, number)) if deal.is_renewal else deal


def _former(terms: Terms, number: int) -> int | None:
    """What a year of the cooperation renewed came to: from 30 to 120 % of a year now; some never said."""
    if number % 7 == 0:
        return None
    year = yuan_of(terms.amount, terms.rate) * 12 // max(12, terms.months)
    return year * (3 + number % 10) // 10 // WAN * WAN


def _sides(rng: random.Random, parties: _Parties, pair: Pair, kind: DealKind) -> tuple[DemoEnterprise, DemoEnterprise]:
    """Seller and buyer: a bank lends, an institute licenses, and a few deals stay within a group."""
    if kind == "credit":
        return rng.choice(parties.banks), pair.buyer
    if kind == "technology" and chance(rng, 0.7):
        return rng.choice(parties.institutes), pair.buyer
    if kind == "purchase" and parties.groups and chance(rng, _RELATED):
        head, child = rng.choice(parties.groups)
        return child, head
    return pair.seller, pair.buyer


def _subject(rng: random.Random, pair: Pair, terms: Terms) -> str:
    segment = segments()[pair.link.supplier]
    product = rng.choice(segment.products)
    word = product_words(rng, product)
    if terms.kind == "purchase":
        measure = rng.choice(family_of(segment, product).measures)
        yuan = int(terms.amount * float(terms.rate or 1))
        return f"{word}，{rounded(max(1, yuan // between(rng, *measure.price)), 2):,} {measure.unit}"
    return f"{word}{_SUBJECTS[terms.kind]}"


def _copies(rng: random.Random, calendar: Calendar, deals: Sequence[DemoDeal]) -> Iterator[DemoDeal]:
    """Some handshakes are reported twice, by another office or at another event."""
    for deal in deals:
        if deal.kind == "purchase" and chance(rng, _DUPLICATES):
            declared = deal.entries[0].at + timedelta(days=rng.randint(1, 20), minutes=rng.randint(1, 400))
            if declared.date() <= calendar.last:
                entries = live(rng, calendar, declared, deal.amount)
                yield replace(
                    deal,
                    key=f"copy-{deal.key}",
                    entries=entries,
                    duplicate_of=deal.key,
                    meeting=None,
                    contract_number="",
                )


def _numbered(calendar: Calendar, deals: Sequence[DemoDeal]) -> tuple[DemoDeal, ...]:
    told = sorted((deal for deal in deals if deal.entries), key=lambda deal: (deal.entries[0].at, deal.key))
    return tuple(replace(deal, number=f"YX-{calendar.year}-{place:05d}") for place, deal in enumerate(told, 1))
