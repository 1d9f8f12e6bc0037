"""Setting a programme up, and freezing its months."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.db import utcnow
from matchmaker.errors import NotAllowed
from matchmaker.programmes import queries, refusals, services
from matchmaker.programmes.goals import Goal
from matchmaker.programmes.models import PeriodState

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

    with pytest.raises(NotAllowed):
        services.freeze_month(session, programme=programme, month="2026-03", actor=someone)
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


def test_a_month_is_frozen_once(session, make, official):
    programme = make.programme()

    period = services.freeze_month(session, programme=programme, month="2026-03", actor=official)

    assert period.state is PeriodState.FROZEN
    assert utcnow() - period.frozen_at < timedelta(minutes=1)
    assert [each.month for each in queries.frozen_months(session, programme)] == ["2026-03"]
    with pytest.raises(refusals.MonthFrozen, match="2026-03 已经结账"):
        services.freeze_month(session, programme=programme, month="2026-03", actor=official)
    assert actions(session) == ["month freeze"]


@pytest.mark.parametrize("month", ["2025-12", "2026-13", "2026-3", "２０２６-03", ""])
def test_a_programme_freezes_the_months_of_its_own_year(session, make, official, month):
    with pytest.raises(refusals.MonthOutsideYear):
        services.freeze_month(session, programme=make.programme(), month=month, actor=official)


def test_the_current_programme_is_this_years_or_the_latest_before(session, make):
    old, new = make.programme(2025), make.programme(2099)

    assert queries.current_programme(session) is old
    assert queries.current_programme(session, today=utcnow().date().replace(year=2099, day=1)) is new
    assert queries.current_programme(session, today=utcnow().date().replace(year=2024, day=1)) is None
    assert queries.programmes(session) == [new, old]
