"""The year's programme, its targets, its plan and its frozen months, read."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matchmaker.db import shanghai_day, utcnow
from matchmaker.programmes.goals import Goal
from matchmaker.programmes.models import Period, PeriodState, PlanPoint, Programme, Target


def current_programme(session: Session, today: date | None = None) -> Programme | None:
    """The programme of this year, or the latest before it while this year has none yet."""
    year = (today or shanghai_day(utcnow())).year
    return session.scalar(select(Programme).where(Programme.year <= year).order_by(Programme.year.desc()).limit(1))


def find_programme(session: Session, year: int) -> Programme | None:
    """The programme of a year."""
    return session.scalar(select(Programme).where(Programme.year == year))


def programmes(session: Session) -> list[Programme]:
    """Every programme, the latest first."""
    return list(session.scalars(select(Programme).order_by(Programme.year.desc())))


def targets_of(session: Session, programme: Programme) -> dict[str, Target]:
    """What each place is to reach, by its region code; a place without an entry has no target."""
    statement = select(Target).where(Target.programme_id == programme.id).options(joinedload(Target.region))
    return {target.region.code: target for target in session.scalars(statement)}


def goals_of(session: Session, programme: Programme) -> dict[str, Goal]:
    """The same targets as plain values."""
    return {
        code: Goal(target.event_count, target.enterprise_count, target.amount)
        for code, target in targets_of(session, programme).items()
    }


def plan_of(session: Session, programme: Programme) -> dict[int, int]:
    """The share of the year planned by the end of each month, in ten-thousandths; empty without a plan."""
    statement = select(PlanPoint.month, PlanPoint.share).where(PlanPoint.programme_id == programme.id)
    return {row.month: row.share for row in session.execute(statement.order_by(PlanPoint.month))}


def find_period(session: Session, programme: Programme, month: str) -> Period | None:
    """One month of the programme, written “2026-03”."""
    return session.scalar(select(Period).where(Period.programme_id == programme.id, Period.month == month))


def frozen_months(session: Session, programme: Programme) -> list[Period]:
    """The months whose figures no longer change, in order."""
    statement = select(Period).where(Period.programme_id == programme.id, Period.state == PeriodState.FROZEN)
    return list(session.scalars(statement.order_by(Period.month)))


def periods_of(session: Session, programme: Programme) -> list[Period]:
    """Every month of the programme in order, with who closed and who froze it."""
    statement = select(Period).where(Period.programme_id == programme.id).order_by(Period.month)
    return list(session.scalars(statement.options(joinedload(Period.closed_by), joinedload(Period.frozen_by))))
