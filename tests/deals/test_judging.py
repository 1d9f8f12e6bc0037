"""What the count says of one deal on its own page."""

from __future__ import annotations

from datetime import timedelta

from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import services as deals
from matchmaker.deals.counting import DealReason
from matchmaker.deals.judging import counted_answer
from matchmaker.deals.models import DealKind
from matchmaker.events.models import EventState
from matchmaker.programmes.models import Period, PeriodState

YI = 100_000_000


def today():
    return shanghai_day(utcnow())


def judged(session, deal):
    answer = counted_answer(session, deal, today())
    return answer.reason, answer.amount


def test_a_confirmed_purchase_counts_in_its_month(session, make):
    make.programme(today().year)

    answer = counted_answer(session, make.deal(confirmed=True), today())
    assert (answer.reason, answer.amount, answer.late) == (DealReason.COUNTED, 30_000_000, False)
    assert answer.month == f"{today():%Y-%m}"


def test_each_reason_not_to_count_is_given(session, make):
    make.programme(today().year)
    parent = make.enterprise()
    sisters = {"buyer": make.enterprise(parent_code=parent.credit_code), "seller": parent}
    disputed, withdrawn, copy = (make.deal(confirmed=True) for _ in range(3))
    deals.dispute_deal(session, deal=disputed, actor=make.person_of(disputed.buyer), reason="x")
    deals.withdraw_deal(session, deal=withdrawn, actor=make.person_of(withdrawn.buyer), reason="x")
    copy.duplicate_of = disputed

    assert judged(session, make.deal())[0] is DealReason.UNCONFIRMED
    assert judged(session, make.deal(confirmed=True, **sisters))[0] is DealReason.RELATED_PARTY
    assert judged(session, disputed)[0] is DealReason.DISPUTED
    assert judged(session, withdrawn)[0] is DealReason.WITHDRAWN
    assert judged(session, copy)[0] is DealReason.DUPLICATE
    held = make.deal(confirmed=True, amount=10 * YI, unit_checked=True)
    assert judged(session, held) == (DealReason.HELD, 10 * YI)
    other = make.deal(confirmed=True, kind=DealKind.CREDIT)
    assert judged(session, other) == (DealReason.OTHER_KIND, 30_000_000)


def test_a_long_term_is_annualised_unless_the_programme_says_otherwise(session, make):
    programme = make.programme(today().year)
    deal = make.deal(confirmed=True, amount=6 * YI, months=36)

    assert judged(session, deal) == (DealReason.COUNTED, 2 * YI)
    programme.annualise = False
    assert judged(session, deal) == (DealReason.COUNTED, 6 * YI)


def test_a_deal_of_a_frozen_month_counts_late_in_the_next(session, make):
    held_on = today().replace(day=1) - timedelta(days=1)
    programme = make.programme(held_on.year)
    frozen = Period(
        programme=programme, month=f"{held_on:%Y-%m}", state=PeriodState.FROZEN, frozen_at=utcnow() - timedelta(hours=1)
    )
    session.add(frozen)
    event = make.event(
        state=EventState.HELD, starts_at=utcnow() - timedelta(days=today().day), held_on=held_on, programme=programme
    )

    answer = counted_answer(session, make.deal(confirmed=True, event=event), today())
    assert (answer.month, answer.late) == (f"{today():%Y-%m}", True)


def test_a_year_without_a_programme_gives_no_answer(session, make):
    assert counted_answer(session, make.deal(confirmed=True), today()) is None
