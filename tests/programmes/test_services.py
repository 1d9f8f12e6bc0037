"""Setting a programme up, and freezing its months."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.accounts.models import AuditEntry, Role, User
from matchmaker.db import utcnow
from matchmaker.errors import NotAllowed
from matchmaker.programmes import queries, refusals, services
from matchmaker.programmes.goals import Goal
from matchmaker.programmes.models import Period, PeriodState, Programme
from tests.racing import at_once

TARGETS = {"event_target": 100, "enterprise_target": 10_000, "amount_target": 200_000_000_000}


@pytest.fixture
def official(make):
    return make.user(Role.OFFICIAL)


def actions(session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_new_programme_has_twelve_open_months_and_an_even_plan(session, official):
    programme = services.create_programme(session, year=2027, name=" 2027 年度计划 ", actor=official, **TARGETS)

    assert programme.name == "2027 年度计划"
    assert [period.month for period in programme.periods][::11] == ["2027-01", "2027-12"]
    assert {period.state for period in programme.periods} == {PeriodState.OPEN}
    plan = queries.plan_of(session, programme)
    assert (plan[1], plan[6], plan[12]) == (833, 5000, 10_000)
    assert actions(session) == ["programme create"]


def test_a_year_has_one_programme_and_its_targets_are_positive(session, make, official):
    make.programme(2026)

    with pytest.raises(refusals.ProgrammeExists, match="2026 年度计划已经建立"):
        services.create_programme(session, year=2026, name="又一个", actor=official, **TARGETS)
    with pytest.raises(refusals.TargetsNotPositive):
        services.create_programme(session, year=2027, name="空", actor=official, **(TARGETS | {"event_target": 0}))


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.ORGANISER, Role.AUDITOR])
def test_only_the_provinces_own_officials_plan(session, make, role):
    office = make.office(region="420600") if role is Role.OFFICIAL else make.office()
    programme = make.programme()
    someone = make.user(role, office=office)

    for verb in (services.begin_closing, services.take_back_closing, services.freeze_month):
        with pytest.raises(NotAllowed):
            verb(session, programme=programme, month="2026-03", actor=someone)
    with pytest.raises(NotAllowed):
        services.set_plan(session, programme=programme, shares={}, actor=someone)
    assert actions(session) == []


def test_targets_are_given_to_prefectures_and_others_keep_theirs(session, make, official):
    programme, here, there = make.programme(), make.region("420600"), make.region("420100")
    services.set_targets(
        session, programme=programme, goals={here: Goal(8, 900, 240), there: Goal(1, 2, 3)}, actor=official
    )
    services.set_targets(session, programme=programme, goals={here: Goal(9, 900, 250)}, actor=official)

    found = {code: (each.event_count, each.amount) for code, each in queries.targets_of(session, programme).items()}
    assert found == {"420600": (9, 250), "420100": (1, 3)}
    with pytest.raises(refusals.NotAPrefecture):
        services.set_targets(session, programme=programme, goals={make.region("420607"): Goal(1, 1, 1)}, actor=official)
    with pytest.raises(refusals.TargetNegative):
        services.set_targets(session, programme=programme, goals={here: Goal(1, -1, 1)}, actor=official)


@pytest.mark.parametrize(
    "shares",
    [
        dict.fromkeys(range(1, 12), 10000),
        dict.fromkeys(range(1, 13), 1000),
        {month: 10_000 - month for month in range(1, 12)} | {12: 10_000},
        dict.fromkeys(range(1, 12), -1) | {12: 10_000},
    ],
)
def test_a_plan_rises_to_the_whole_target(session, make, official, shares):
    with pytest.raises(refusals.PlanNotRising):
        services.set_plan(session, programme=make.programme(), shares=shares, actor=official)


def test_a_plan_replaces_the_plan_before(session, make, official):
    programme = make.programme()
    shares = {month: 10_000 if month == 12 else 100 * month for month in range(1, 13)}

    services.set_plan(session, programme=programme, shares=shares, actor=official)

    assert queries.plan_of(session, programme) == shares


def test_one_person_proposes_that_a_month_close_and_another_freezes_it(session, make, official):
    programme, other = make.programme(), make.user(Role.OFFICIAL)

    period = services.begin_closing(session, programme=programme, month="2026-03", actor=official)
    assert (period.state, period.closed_by, period.frozen_at) == (PeriodState.CLOSING, official, None)
    services.freeze_month(session, programme=programme, month="2026-03", actor=other)

    assert (period.state, period.closed_by, period.frozen_by) == (PeriodState.FROZEN, official, other)
    assert utcnow() - period.frozen_at < timedelta(minutes=1)
    assert [each.month for each in queries.frozen_months(session, programme)] == ["2026-03"]
    assert actions(session) == ["month closing", "month freeze"]


def test_whoever_proposed_a_month_cannot_freeze_it(session, make, official):
    programme = make.programme()
    period = services.begin_closing(session, programme=programme, month="2026-03", actor=official)

    with pytest.raises(refusals.SamePerson, match="提请关账的人不能自己复核"):
        services.freeze_month(session, programme=programme, month="2026-03", actor=official)

    assert period.state is PeriodState.CLOSING
    assert actions(session) == ["month closing"]


def test_the_database_too_wants_two_different_persons(session, make, official):
    frozen = {"state": PeriodState.FROZEN, "frozen_at": utcnow(), "closed_at": utcnow(), "closed_by": official}
    session.add(Period(programme=make.programme(), month="2026-03", frozen_by=official, **frozen))

    with pytest.raises(IntegrityError, match="two_persons"):
        session.flush()


def test_the_database_refuses_a_month_frozen_by_one(session, make, official):
    frozen = {"state": PeriodState.FROZEN, "frozen_at": utcnow(), "frozen_by": official}
    session.add(Period(programme=make.programme(), month="2026-03", **frozen))

    with pytest.raises(IntegrityError, match="frozen_by_both"):
        session.flush()


def test_a_month_is_frozen_once(session, make, official):
    programme, other = make.programme(), make.user(Role.OFFICIAL)
    services.begin_closing(session, programme=programme, month="2026-03", actor=official)
    services.freeze_month(session, programme=programme, month="2026-03", actor=other)

    for verb in (services.freeze_month, services.begin_closing, services.take_back_closing):
        with pytest.raises(refusals.MonthFrozen, match="2026-03 已经冻结"):
            verb(session, programme=programme, month="2026-03", actor=other)


def test_a_proposal_is_taken_back_and_made_again_by_somebody_else(session, make, official):
    programme, other = make.programme(), make.user(Role.OFFICIAL)
    services.begin_closing(session, programme=programme, month="2026-03", actor=official)

    period = services.take_back_closing(session, programme=programme, month="2026-03", actor=other)
    assert (period.state, period.closed_by, period.closed_at) == (PeriodState.OPEN, None, None)
    with pytest.raises(refusals.NotClosing):
        services.freeze_month(session, programme=programme, month="2026-03", actor=other)
    services.begin_closing(session, programme=programme, month="2026-03", actor=other)
    services.freeze_month(session, programme=programme, month="2026-03", actor=official)

    assert (period.closed_by, period.frozen_by) == (other, official)


def test_nothing_is_frozen_or_taken_back_that_nobody_proposed(session, make, official):
    programme = make.programme()

    for verb in (services.freeze_month, services.take_back_closing):
        with pytest.raises(refusals.NotClosing, match="2026-03 没有提请关账"):
            verb(session, programme=programme, month="2026-03", actor=official)


def test_a_month_is_proposed_once_and_not_before_it_has_begun(session, make, official):
    programme, coming = make.programme(), make.programme(2099)
    services.begin_closing(session, programme=programme, month="2026-03", actor=official)

    with pytest.raises(refusals.MonthClosing):
        services.begin_closing(session, programme=programme, month="2026-03", actor=make.user(Role.OFFICIAL))
    with pytest.raises(refusals.MonthAhead, match="2099-01 还没有到"):
        services.begin_closing(session, programme=coming, month="2099-01", actor=official)


def test_of_two_who_freeze_a_month_at_once_one_does(session, make, engine, official):
    programme, others = make.programme(), [make.user(Role.OFFICIAL).id for _ in range(2)]
    services.begin_closing(session, programme=programme, month="2026-03", actor=official)
    session.commit()

    def freezing(user_id):
        def work(own):
            actor = own.get(User, user_id)
            actor.acting_as = actor.memberships[0]
            programme_ = own.get(Programme, programme.id)
            return services.freeze_month(own, programme=programme_, month="2026-03", actor=actor).frozen_by_id

        return work

    results = at_once(engine, [freezing(key) for key in others])

    assert sorted(map(str, results)) in ([str(key), "MonthFrozen"] for key in others)


@pytest.mark.parametrize("month", ["2025-12", "2026-13", "2026-3", "２０２６-03", ""])
def test_a_programme_closes_the_months_of_its_own_year(session, make, official, month):
    with pytest.raises(refusals.MonthOutsideYear):
        services.begin_closing(session, programme=make.programme(), month=month, actor=official)


def test_the_current_programme_is_this_years_or_the_latest_before(session, make):
    old, new = make.programme(2025), make.programme(2099)

    assert queries.current_programme(session) is old
    assert queries.current_programme(session, today=utcnow().date().replace(year=2099, day=1)) is new
    assert queries.current_programme(session, today=utcnow().date().replace(year=2024, day=1)) is None
    assert queries.programmes(session) == [new, old]
