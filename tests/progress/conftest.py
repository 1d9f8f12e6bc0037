"""A small province whose every total is known by hand; it stands as of the end of September 2024."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from matchmaker.deals.models import DealKind
from matchmaker.enterprises.models import EnterpriseKind
from matchmaker.events.models import EventState, Side
from matchmaker.programmes.models import Period, PeriodState, Target

YI = 100_000_000
AS_OF = date(2024, 9, 30)


def declared(amount: int, at: str, *rest):
    return (("declare", "buyer", at, amount), *rest)


def confirmed(amount: int, at: str, *rest):
    return declared(amount, at, ("confirm", "seller", at), *rest)


@pytest.fixture
def province(session, make):
    """Net 5.80 亿元 out of 25.90 declared; two events of four count; 4 enterprises were there 5 times."""
    programme = make.programme(
        2024, min_enterprises=2, event_target=4, enterprise_target=8, amount_target=8 * YI, hold_revenue_multiple=1000
    )
    for code, yi in (("420600", 3), ("420100", 5)):
        place = make.region(code)
        session.add(Target(programme=programme, region=place, event_count=2, enterprise_count=4, amount=yi * YI))
    frozen = {"state": PeriodState.FROZEN, "frozen_at": make.moment("2024-04-08T10:00")}
    session.add(Period(programme=programme, month="2024-03", **frozen))
    firms = SimpleNamespace(
        x1=make.enterprise("襄阳甲", region="420607"),
        x2=make.enterprise("襄阳乙"),
        w1=make.enterprise("武汉甲", region="420100", legal_representative="某甲"),
        w2=make.enterprise("武汉乙", region="420100", legal_representative="某甲"),
        out=make.enterprise("河南甲", region="410000"),
        bank=make.enterprise("某银行", kind=EnterpriseKind.BANK),
    )
    xiangyang, wuhan = make.office("襄阳办", region="420600"), make.office("武汉办", region="420100")
    events = SimpleNamespace(
        march=_event(make, programme, xiangyang, "三月专场", date(2024, 3, 20), EventState.APPROVED),
        april=_event(make, programme, wuhan, "四月专场", date(2024, 4, 10), EventState.CLOSING),
        may=_event(make, programme, wuhan, "五月专场", date(2024, 5, 10), EventState.APPROVED),
        later=_event(make, programme, wuhan, "十一月专场", date(2024, 11, 1), EventState.OPEN),
    )
    _guests(make, events.march, (firms.x1, firms.w1, firms.out, firms.bank))
    _guests(make, events.april, (firms.x1, firms.w2))
    _guests(make, events.may, (firms.w1, firms.x2))
    deals = _deals(make, firms, events)
    session.commit()
    return SimpleNamespace(
        programme=programme, firms=firms, events=events, deals=deals, xiangyang=xiangyang, wuhan=wuhan
    )


def _event(make, programme, office, title, day, state):
    starts_at = make.moment(f"{day}T01:00")
    region = office.region.code
    return make.event(
        organiser=office, region=region, title=title, held_on=day, starts_at=starts_at, state=state, programme=programme
    )


def _guests(make, event, firms):
    for index, firm in enumerate(firms):
        make.check_in(event, firm, Side.SELLER if index else Side.BUYER).at = event.starts_at


def _deals(make, firms, events):
    march, april = "2024-03-21T02:00", "2024-04-20T02:00"
    verified = ("verify", "office", "2024-03-25T02:00")
    carried_out = (
        ("contract", "buyer", "2024-04-01T02:00", 280_000_000),
        ("deliver", "seller", "2024-05-01T02:00", YI),
    )
    between = {"buyer": firms.x1, "seller": firms.w1}
    full = make.recorded_deal(*confirmed(3 * YI, march, verified, *carried_out), event=events.march, **between)
    spare = {"buyer": make.enterprise("某买方"), "seller": make.enterprise("某卖方")}
    return SimpleNamespace(
        full=full,
        again=make.recorded_deal(*confirmed(3 * YI, march), duplicate_of=full, **spare),
        long=make.recorded_deal(*confirmed(6 * YI, "2024-04-05T02:00"), buyer=firms.w1, seller=firms.out, months=36),
        silent=make.recorded_deal(*declared(YI // 2, march), **spare),
        late=make.recorded_deal(*confirmed(80_000_000, april), buyer=firms.x1, seller=firms.x2, event=events.march),
        gone=make.recorded_deal(
            *confirmed(20_000_000, "2024-05-05T02:00", ("withdraw", "buyer", "2024-07-02T02:00")), **between
        ),
        invested=make.recorded_deal(*confirmed(40 * YI, march, verified), kind=DealKind.INVESTMENT, **spare),
        disputed=make.recorded_deal(*confirmed(10_000_000, march, ("dispute", "seller", april)), **spare),
        related=make.recorded_deal(*confirmed(30_000_000, march), buyer=firms.w1, seller=firms.w2),
        held=make.recorded_deal(*confirmed(12 * YI, march), **spare),
        future=make.recorded_deal(*confirmed(YI, "2024-10-05T02:00"), **spare),
    )
