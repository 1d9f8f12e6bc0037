"""The worked example of the counting rules as rows: six purchases, and the investment beside them."""

from __future__ import annotations

from datetime import date

from matchmaker.deals.models import DealKind
from matchmaker.events.models import EventState
from matchmaker.programmes.models import Period, PeriodState

YI = 100_000_000


def declared(amount: int, *rest, at: str = "2026-03-10T02:00"):
    return (("declare", "buyer", at, amount), *rest)


def confirmed(amount: int, *rest, at: str = "2026-03-12T02:00"):
    return declared(amount, ("confirm", "seller", at), *rest)


def freeze(session, programme, month: str, moment) -> None:
    session.add(Period(programme_id=programme.id, month=month, state=PeriodState.FROZEN, frozen_at=moment))
    session.flush()


def write_worked_example(session, make):
    """13.50 亿元 declared of which 5.80 count, in the programme of 2026."""
    programme = make.programme(hold_amount=100 * YI, hold_revenue_multiple=1000)
    first = make.recorded_deal(*confirmed(3 * YI))
    make.recorded_deal(*confirmed(3 * YI), duplicate_of=first)
    make.recorded_deal(*confirmed(6 * YI), months=36)
    make.recorded_deal(*declared(YI // 2))
    march = make.event(
        starts_at=make.moment("2026-03-20T01:00"), held_on=date(2026, 3, 20), state=EventState.HELD, programme=programme
    )
    freeze(session, programme, "2026-03", make.moment("2026-04-08T10:00"))
    make.recorded_deal(*confirmed(8 * YI // 10, at="2026-04-20T02:00"), event=march)
    gone = ("withdraw", "seller", "2026-07-02T02:00")
    make.recorded_deal(*confirmed(YI // 5, gone, at="2026-05-05T02:00"))
    make.recorded_deal(*confirmed(40 * YI), kind=DealKind.INVESTMENT)
    session.commit()
    return programme
