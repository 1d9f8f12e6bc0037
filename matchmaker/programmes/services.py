"""Set a year's programme up, give prefectures their targets, plan the year, close its months."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.db import shanghai_day, utcnow
from matchmaker.errors import NotAllowed, Stale
from matchmaker.programmes.goals import Goal
from matchmaker.programmes.models import Period, PeriodState, PlanPoint, Programme, Target
from matchmaker.programmes.policies import may_plan
from matchmaker.programmes.queries import find_period, find_programme, targets_of
from matchmaker.programmes.refusals import (
    MonthAhead,
    MonthClosing,
    MonthFrozen,
    MonthOutsideYear,
    NotAPrefecture,
    NotClosing,
    PlanNotRising,
    ProgrammeExists,
    SamePerson,
    TargetNegative,
    TargetsNotPositive,
)
from matchmaker.regions.models import Region, RegionLevel

WHOLE = 10_000
_MONTHS = range(1, 13)
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)


def create_programme(
    session: Session,
    *,
    year: int,
    name: str,
    event_target: int,
    enterprise_target: int,
    amount_target: int,
    actor: User,
) -> Programme:
    """Open a year's programme with its twelve open months and an even plan. Raises ProgrammeExists."""
    _insist(actor)
    if min(event_target, enterprise_target, amount_target) <= 0:
        raise TargetsNotPositive
    if find_programme(session, year) is not None:
        raise ProgrammeExists(year=year)
    programme = Programme(
        year=year,
        name=name.strip(),
        event_target=event_target,
        enterprise_target=enterprise_target,
        amount_target=amount_target,
        plan=[PlanPoint(month=month, share=WHOLE * month // 12) for month in _MONTHS],
        periods=[Period(month=f"{year}-{month:02d}") for month in _MONTHS],
    )
    session.add(programme)
    session.flush()
    _record(session, actor, "programme create", programme, year=year)
    return programme


def set_targets(session: Session, *, programme: Programme, goals: Mapping[Region, Goal], actor: User) -> None:
    """Give prefectures their targets; those not named keep theirs."""
    _insist(actor)
    known = targets_of(session, programme)
    for region, goal in goals.items():
        if region.level is not RegionLevel.PREFECTURE:
            raise NotAPrefecture(place=region.short_name)
        if min(goal.events, goal.enterprises, goal.amount) < 0:
            raise TargetNegative(place=region.short_name)
        target = known.get(region.code) or Target(programme=programme, region=region)
        target.event_count, target.enterprise_count, target.amount = goal.events, goal.enterprises, goal.amount
        session.add(target)
    session.flush()
    given = {region.code: [goal.events, goal.enterprises, goal.amount] for region, goal in goals.items()}
    _record(session, actor, "programme targets", programme, targets=given)


def set_plan(session: Session, *, programme: Programme, shares: Mapping[int, int], actor: User) -> None:
    """Plan the year: the share of the target to be reached by the end of each month, in ten-thousandths."""
    _insist(actor)
    planned = [shares.get(month, -1) for month in _MONTHS]
    if set(shares) != set(_MONTHS) or planned != sorted(planned) or planned[0] < 0 or planned[-1] != WHOLE:
        raise PlanNotRising
    points = {point.month: point for point in programme.plan}
    for month, share in shares.items():
        if month in points:
            points[month].share = share
        else:
            programme.plan.append(PlanPoint(month=month, share=share))
    session.flush()
    _record(session, actor, "programme plan", programme, shares=planned)


def begin_closing(session: Session, *, programme: Programme, month: str, actor: User) -> Period:
    """Propose that a month, written “2026-03”, be closed; another person freezes it or it is taken back.

    Raises MonthAhead before the month has begun, MonthClosing and MonthFrozen when it is no longer open.
    """
    _insist(actor)
    period = _period(session, programme, month)
    if month > f"{shanghai_day(utcnow()):%Y-%m}":
        raise MonthAhead(month=month)
    if period.state is PeriodState.CLOSING:
        raise MonthClosing(month=month)
    _move(session, period, state=PeriodState.CLOSING, closed_by_id=actor.id, closed_at=utcnow())
    _record(session, actor, "month closing", programme, month=month)
    return period


def take_back_closing(session: Session, *, programme: Programme, month: str, actor: User) -> Period:
    """Open a month again that was proposed for closing and is not frozen. Raises NotClosing, MonthFrozen."""
    _insist(actor)
    period = _period(session, programme, month)
    if period.state is PeriodState.OPEN:
        raise NotClosing(month=month)
    _move(session, period, state=PeriodState.OPEN, closed_by_id=None, closed_at=None)
    _record(session, actor, "month closing taken back", programme, month=month)
    return period


def freeze_month(session: Session, *, programme: Programme, month: str, actor: User) -> Period:
    """Freeze a month that another person proposed for closing; what comes later is a new dated entry (R16).

    Raises NotClosing when nobody proposed it, SamePerson for whoever did, MonthFrozen the second time.
    """
    _insist(actor)
    period = _period(session, programme, month)
    if period.state is PeriodState.OPEN:
        raise NotClosing(month=month)
    if period.state is PeriodState.CLOSING and period.closed_by_id == actor.id:
        raise SamePerson
    _move(session, period, state=PeriodState.FROZEN, frozen_by_id=actor.id, frozen_at=utcnow())
    _record(session, actor, "month freeze", programme, month=month)
    return period


def _period(session: Session, programme: Programme, month: str) -> Period:
    """A month of the programme's own year that is not frozen."""
    if not _MONTH.fullmatch(month) or int(month[:4]) != programme.year:
        raise MonthOutsideYear(month=month)
    period = find_period(session, programme, month)
    if period is None:
        period = Period(programme=programme, month=month)
        session.add(period)
        session.flush()
    if period.state is PeriodState.FROZEN:
        raise MonthFrozen(month=month)
    return period


def _move(session: Session, period: Period, **values: object) -> None:
    """Only one of two who move the same month does it: the update is the test. Raises MonthFrozen, or Stale."""
    seen = period.version
    statement = (
        update(Period)
        .where(Period.id == period.id, Period.version == seen, Period.state != PeriodState.FROZEN)
        .values(version=seen + 1, **values)
        .execution_options(synchronize_session=False)
    )
    moved = session.connection().execute(statement).rowcount == 1
    session.refresh(period)
    if moved:
        return
    if period.state is PeriodState.FROZEN:
        raise MonthFrozen(month=period.month)
    raise Stale


def _insist(actor: User) -> None:
    if not may_plan(actor):
        raise NotAllowed


def _record(session: Session, actor: User, action: str, programme: Programme, **detail: object) -> None:
    record(session, actor=actor, action=action, subject=programme, detail=detail)
