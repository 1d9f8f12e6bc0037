"""The year's programme as JSON: its targets, its plan, and the months that no longer change."""

from __future__ import annotations

from typing import Self

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.policies import offices
from matchmaker.i18n import lazy as _
from matchmaker.programmes import queries
from matchmaker.programmes.models import Programme
from matchmaker.web.api import Answer, Page, answer, operation
from matchmaker.web.database import get_session

bp = Blueprint("api_programmes", __name__, url_prefix="/api/v1/programmes")


class TargetAnswer(Answer):
    """What one place is to reach in the year; the amount is whole yuan."""

    region: str
    events: int
    enterprises: int
    amount: int


class PlanAnswer(Answer):
    """The share of the year's target planned by the end of a month, in ten-thousandths."""

    month: int
    share: int


class ProgrammeAnswer(Answer):
    """One year's programme with the switches of its counting rule."""

    id: str
    year: int
    name: str
    event_target: int
    enterprise_target: int
    amount_target: int
    rule_version: int
    min_enterprises: int
    annualise: bool
    hold_amount: int
    hold_revenue_multiple: int
    targets: list[TargetAnswer]
    plan: list[PlanAnswer]
    frozen_months: list[str]
    version: int

    @classmethod
    def of(cls, session: Session, programme: Programme) -> Self:
        """The answer about a programme."""
        apart = {"id", "targets", "plan", "frozen_months"}
        return cls(
            id=programme.public_id,
            targets=_targets(session, programme),
            plan=[PlanAnswer(month=month, share=share) for month, share in queries.plan_of(session, programme).items()],
            frozen_months=[period.month for period in queries.frozen_months(session, programme)],
            **{name: getattr(programme, name) for name in cls.model_fields if name not in apart},
        )


def _targets(session: Session, programme: Programme) -> list[TargetAnswer]:
    return [
        TargetAnswer(region=code, events=goal.events, enterprises=goal.enterprises, amount=goal.amount)
        for code, goal in sorted(queries.goals_of(session, programme).items())
    ]


@bp.get("")
@operation(offices, _("年度计划"), answers=Page[ProgrammeAnswer])
def index() -> Response:
    """Every programme, the latest year first."""
    session = get_session()
    items = [ProgrammeAnswer.of(session, programme) for programme in queries.programmes(session)]
    return answer(Page[ProgrammeAnswer](items=items, next=None))


@bp.get("/<public_id:programme_id>")
@operation(offices, _("一个年度计划"), answers=ProgrammeAnswer, versioned=True)
def show(programme_id: str) -> Response:
    """One programme."""
    session = get_session()
    found = next((each for each in queries.programmes(session) if each.public_id == programme_id), None)
    if found is None:
        raise NotFound
    return answer(ProgrammeAnswer.of(session, found), version=found.version)
