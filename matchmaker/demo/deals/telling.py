"""The deals whose stories are told: the demo firms' own, a duplicate, a dispute, a late, a held and a related one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from matchmaker.demo import stories
from matchmaker.demo.calendar import Calendar, moment
from matchmaker.demo.pairing import are_related
from matchmaker.demo.records import DemoDeal, DemoEnterprise, DemoEntry, DemoEvent, EntryType, Party
from matchmaker.reference import links

_WAN = 10_000
_YI = 100_000_000
_PARTNER_SEGMENTS = ("auto.body", "auto.cast", "auto.edrive", "auto.trans", "auto.engine")
# Revenues that no story's amount exceeds threefold, so that none is held by accident.
_PARTNER_REVENUE = 60_000_000
_TRADER_REVENUE = 6_000_000


@dataclass(frozen=True, slots=True)
class _Said:
    """One statement, so many days after the first."""

    days: int
    type: EntryType
    by: Party
    note: str = ""


_CONFIRMED = (_Said(0, "declare", "buyer"), _Said(3, "confirm", "seller"))
_VERIFIED = (*_CONFIRMED, _Said(9, "verify", "office"))
_CONTRACTED = (*_VERIFIED, _Said(25, "contract", "seller"))
_DELIVERED = (*_CONTRACTED, _Said(60, "deliver", "seller"))


@dataclass(frozen=True, slots=True)
class _Teller:
    calendar: Calendar
    firms: Sequence[DemoEnterprise]

    def days_ago(self, days: int) -> datetime:
        """Ten in the morning, so many days before the last day that is over."""
        return moment(self.calendar.last - timedelta(days=days), 10, 0)

    def partners(self) -> list[DemoEnterprise]:
        """Verified firms of the car chain that buy moulds or trade with those who do."""
        return [firm for firm in self.firms if self._is_partner(firm)]

    def _is_partner(self, firm: DemoEnterprise) -> bool:
        if firm.credit_code in {stories.MOULD_MAKER_CODE, stories.BUYER_CODE}:
            return False
        is_known = firm.state == "verified" and firm.created_at < self.days_ago(100) and firm.parent_code is None
        return is_known and firm.chain == "auto" and (firm.last_year_revenue or 0) >= _PARTNER_REVENUE


def tell(
    calendar: Calendar,
    firms: Sequence[DemoEnterprise],
    held: Sequence[DemoEvent],
    present: Mapping[str, Sequence[DemoEnterprise]],
) -> tuple[DemoDeal, ...]:
    """Every story's deal."""
    teller = _Teller(calendar, firms)
    return (
        *_history(teller),
        *_duplicate(teller),
        *_waiting(teller),
        _late(calendar, held, present),
        _related(teller),
    )


def _history(teller: _Teller) -> Iterator[DemoDeal]:
    """What the mould maker has to show for the year: four confirmed, two contracted, one delivered."""
    told = (
        (1_450, "后桥壳体压铸模，5 套", _VERIFIED),
        (1_880, "电机壳体压铸模，7 套", _CONFIRMED),
        (1_330, "缸盖压铸模，4 套", _CONTRACTED),
        (620, "检具与压铸模备件一批", _DELIVERED),
    )
    partners = _nearest(teller)
    for number, (wan, subject, said) in enumerate(told, 1):
        draft = _draft(f"demo-history-{number}", partners[number % len(partners)], subject, wan * _WAN)
        yield _lived(draft, teller.days_ago(90 - 5 * number), said)


def _nearest(teller: _Teller) -> list[DemoEnterprise]:
    """Partners whose segment buys moulds, or any partner where a small register has none."""
    partners = teller.partners()
    return [firm for firm in partners if firm.segments[0] in _PARTNER_SEGMENTS] or partners


def _duplicate(teller: _Teller) -> Iterator[DemoDeal]:
    """One handshake, declared by the buyer and again by its county's office."""
    partner = _nearest(teller)[0]
    original = _draft(stories.ORIGINAL_DEAL, partner, "轮毂压铸模，6 套", 1_240 * _WAN)
    reported = _Said(0, "declare", "office", "县市区汇总上报")
    again = (reported, _Said(2, "confirm", "buyer"), _Said(4, "confirm", "seller"))
    yield _lived(original, teller.days_ago(70), _VERIFIED)
    copy = replace(original, key=stories.DUPLICATE_DEAL, duplicate_of=original.key)
    yield _lived(copy, teller.days_ago(50), again)


def _waiting(teller: _Teller) -> Iterator[DemoDeal]:
    """A dispute, an amount so large that it is held, and a declaration waiting for its answer."""
    disputed = _draft(stories.DISPUTED_DEAL, _nearest(teller)[-1], "电机端盖压铸模，4 套", 860 * _WAN)
    doubt = _Said(8, "dispute", "seller", "金额与洽谈记录不符，少计一套")
    yield _lived(disputed, teller.days_ago(40), (*_CONFIRMED, doubt))
    buyer = next(firm for firm in teller.firms if firm.credit_code == stories.BUYER_CODE)
    large = max(teller.partners(), key=lambda firm: firm.last_year_revenue or 0)
    held = _draft(stories.HELD_DEAL, buyer, "重卡总成件年度采购", 12 * _YI)
    held = replace(held, seller=large.credit_code, segment=large.segments[0])
    yield _lived(held, teller.days_ago(20), _CONFIRMED)
    answer = _draft(stories.ANSWER_DEAL, buyer, "变速箱后盖压铸模，8 套", 1_860 * _WAN)
    yield _lived(answer, teller.days_ago(1), (_Said(0, "declare", "buyer"),))


def _late(calendar: Calendar, held: Sequence[DemoEvent], present: Mapping[str, Sequence[DemoEnterprise]]) -> DemoDeal:
    """Declared at an event, confirmed two days after that event's month was frozen."""
    event, frozen = next(
        (event, frozen)
        for event in reversed(held)
        if (frozen := calendar.frozen_at(event.held_on.month))
        and (frozen + timedelta(days=3)).date() < calendar.last
        and _traders(present[event.key])
    )
    seller, buyer, segment = _traders(present[event.key])[0]
    entries = (
        DemoEntry("declare", "buyer", moment(event.held_on, 17, 20), 1, 180 * _WAN),
        DemoEntry("confirm", "seller", frozen + timedelta(days=2), 1, None),
        DemoEntry("verify", "office", frozen + timedelta(days=2, hours=5), 1, None),
    )
    draft = _draft(stories.LATE_DEAL, buyer, "年度配套件采购", 180 * _WAN)
    return replace(draft, seller=seller.credit_code, segment=segment, event=event.key, entries=entries)


def _traders(firms: Sequence[DemoEnterprise]) -> list[tuple[DemoEnterprise, DemoEnterprise, str]]:
    """A seller and a buyer present together who can carry the story's amount, with the segment sold."""
    able = [firm for firm in firms if firm.kind == "enterprise" and (firm.last_year_revenue or 0) >= _TRADER_REVENUE]
    by_segment = {firm.segments[0]: firm for firm in able}
    linked = [link for link in links() if link.supplier in by_segment and link.buyer in by_segment]
    pairs = [(by_segment[link.supplier], by_segment[link.buyer], link.supplier) for link in linked]
    return [(one, other, code) for one, other, code in pairs if not are_related(one, other)]


def _related(teller: _Teller) -> DemoDeal:
    """A firm and the head of its own group."""
    by_code = {firm.credit_code: firm for firm in teller.firms}
    child = next(firm for firm in teller.firms if firm.parent_code in by_code)
    head = by_code[str(child.parent_code)]
    draft = _draft(stories.RELATED_DEAL, head, "集团内部配套采购", 500 * _WAN)
    draft = replace(draft, seller=child.credit_code, segment=child.segments[0])
    return _lived(draft, teller.days_ago(45), _CONFIRMED)


def _draft(key: str, buyer: DemoEnterprise, subject: str, amount: int) -> DemoDeal:
    """A purchase from the mould maker over twelve months, about which nothing has been said yet."""
    return DemoDeal(
        key=key,
        number="",
        buyer=buyer.credit_code,
        seller=stories.MOULD_MAKER_CODE,
        kind="purchase",
        subject=subject,
        segment="auto.mould",
        event=None,
        meeting=None,
        months=12,
        amount=amount,
        amount_high=None,
        currency="CNY",
        rate=None,
        contract_number="",
        is_renewal=False,
        former_amount=None,
        duplicate_of=None,
        entries=(),
    )


def _lived(draft: DemoDeal, start: datetime, said: Sequence[_Said]) -> DemoDeal:
    """The deal with its statements; those that state an amount state the deal's."""
    return replace(draft, entries=tuple(_entry(draft.amount, start, each) for each in said))


def _entry(amount: int, start: datetime, said: _Said) -> DemoEntry:
    stated = amount if said.type in {"declare", "contract", "deliver"} else None
    return DemoEntry(said.type, said.by, start + timedelta(days=said.days), 1, stated, said.note)
