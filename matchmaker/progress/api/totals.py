"""The totals as JSON, counted by the function every page and `matchmaker count` call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Self

from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.counting import RULE_VERSION, EventReason
from matchmaker.deals.models import DealKind
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.programmes.models import Programme
from matchmaker.programmes.queries import current_programme, find_programme
from matchmaker.progress import policies, queries
from matchmaker.progress.api.blueprint import bp
from matchmaker.progress.pace import Stand, rounded
from matchmaker.progress.projection import sheet_for
from matchmaker.progress.queries import KindLine, MonthLine, Overview
from matchmaker.progress.slices import Basis, Slice
from matchmaker.progress.standings import Remainder, Standing
from matchmaker.progress.walk import Step
from matchmaker.web.api import Answer, Day, Query, answer, operation
from matchmaker.web.database import get_session


class StandAnswer(Answer):
    """A figure beside its target and what was planned by now; band 1 is 绿, 5 is 红, 0 has nothing to compare with."""

    value: int
    target: int | None
    planned: int | None
    difference: int | None
    band: int

    @classmethod
    def of(cls, stand: Stand) -> Self:
        """The answer about a figure."""
        planned = None if stand.planned is None else rounded(stand.planned)
        return cls(
            value=stand.value, target=stand.target, planned=planned, difference=stand.difference, band=stand.band
        )


class StepAnswer(Answer):
    """One number with how many deals it is made of."""

    slice: Slice
    amount: int
    deals: int

    @classmethod
    def of(cls, step: Step) -> Self:
        """The answer about a step."""
        return cls(slice=step.slice, amount=step.amount, deals=step.deals)


class MonthAnswer(Answer):
    """What a month brought (R15, R17), the running total after it, and what was planned by its end."""

    month: str
    on_time: int
    late: int
    withdrawn: int
    net: int
    running: int
    planned: int | None

    @classmethod
    def of(cls, line: MonthLine) -> Self:
        """The answer about a month."""
        return cls(
            month=line.month,
            on_time=line.on_time,
            late=line.late,
            withdrawn=line.withdrawn,
            net=line.net,
            running=line.running,
            planned=None if line.planned is None else rounded(line.planned),
        )


class KindAnswer(Answer):
    """The net of one kind; kinds are never added up (R7)."""

    kind: DealKind
    net: int
    deals: int

    @classmethod
    def of(cls, line: KindLine) -> Self:
        """The answer about a kind."""
        return cls(kind=DealKind(line.kind.value), net=line.net, deals=line.deals)


class ConcentrationAnswer(Answer):
    """What the largest deals hold of the net (R22)."""

    largest: int
    amount: int
    net: int
    deals: int


class CountedAnswer(Answer):
    """What every table says of itself (R27): amounts are whole yuan, as of the end of a Beijing day."""

    statement: str
    programme_id: str
    year: int
    as_of: date
    rule_version: int


class OverviewAnswer(CountedAnswer):
    """The totals of a programme; `declared` less each of `taken_off` is `net`, and stages are never added up (R20).

    Of `net`, `increment` is new, `continued` goes on from cooperations that were renewed, and `former_unknown` renews
    some whose former amount nobody has told (R13); the three come to `net`.
    """

    events: StandAnswer
    enterprises: StandAnswer
    amount: StandAnswer
    attendances: int
    enterprises_in_province: int
    events_by_reason: dict[EventReason, int]
    declared: StepAnswer
    taken_off: list[StepAnswer]
    net: StepAnswer
    increment: StepAnswer
    continued: StepAnswer
    former_unknown: StepAnswer
    stages: list[StepAnswer]
    months: list[MonthAnswer]
    kinds: list[KindAnswer]
    concentration: ConcentrationAnswer


class StandingAnswer(Answer):
    """One prefecture; without a target it has no rank, and equal values share one (R23)."""

    region: str
    name: str
    rank: int | None
    amount_rank: int
    moved: int | None
    amount: StandAnswer
    events: StandAnswer
    enterprises: StandAnswer

    @classmethod
    def of(cls, row: Standing) -> Self:
        """The answer about a prefecture."""
        return cls(
            region=row.place.code,
            name=row.place.name,
            rank=row.rank,
            amount_rank=row.amount_rank,
            moved=row.moved,
            amount=StandAnswer.of(row.amount),
            events=StandAnswer.of(row.events),
            enterprises=StandAnswer.of(row.enterprises),
        )


class RemainderAnswer(Answer):
    """What belongs to no prefecture, so that the column adds up to the province."""

    key: str
    amount: int
    events: int
    enterprises: int

    @classmethod
    def of(cls, row: Remainder) -> Self:
        """The answer about a remainder."""
        return cls(key=row.key, amount=row.amount, events=row.events, enterprises=row.enterprises)


class StandingsAnswer(CountedAnswer):
    """Every prefecture, the best first, and the rest; amounts add up to `net`."""

    basis: Basis
    net: int
    rows: list[StandingAnswer]
    others: list[RemainderAnswer]


class ProgressQuery(Query):
    """Which year's programme, and the day at whose end it is counted; this year and today unless told."""

    year: int | None = Field(default=None, ge=2000, le=2199)
    as_of: Day | None = None


class StandingsQuery(ProgressQuery):
    """The same, with whom a deal belongs to: half to each side, or to the organiser of its event (R18)."""

    basis: Basis = Basis.SHARED


@bp.get("")
@operation(policies.readers, _("年度总览"), answers=OverviewAnswer, query=ProgressQuery, refusals=(404,))
def overview(query: ProgressQuery) -> Response:
    """How the programme stands."""
    session = get_session()
    programme, as_of = asked_of(session, query)
    return answer(_overview(queries.overview_of(session, programme, as_of), programme, as_of))


@bp.get("/standings")
@operation(policies.readers, _("市州座次表"), answers=StandingsAnswer, query=StandingsQuery, refusals=(404,))
def standings(query: StandingsQuery) -> Response:
    """The prefectures ranked by how much of their target they reached."""
    session = get_session()
    programme, as_of = asked_of(session, query)
    sheet = sheet_for(session, programme, as_of)
    found = queries.standings_of_day(session, programme, sheet, query.basis)
    return answer(
        StandingsAnswer(
            **counted_by(programme, as_of),
            basis=query.basis,
            net=sheet.net,
            rows=[StandingAnswer.of(row) for row in found.rows],
            others=[RemainderAnswer.of(row) for row in found.others],
        )
    )


def asked_of(session: Session, query: ProgressQuery) -> tuple[Programme, date]:
    """The programme and the day asked for; no day lies in the future."""
    today = shanghai_day(utcnow())
    programme = find_programme(session, query.year) if query.year else current_programme(session, today)
    if programme is None:
        raise NotFound
    return programme, min(query.as_of or today, today)


def counted_by(programme: Programme, as_of: date) -> dict[str, object]:
    """What an answer says of how it was counted."""
    return {
        "statement": gettext("部门工作统计"),
        "programme_id": programme.public_id,
        "year": programme.year,
        "as_of": as_of,
        "rule_version": RULE_VERSION,
    }


def _overview(found: Overview, programme: Programme, as_of: date) -> OverviewAnswer:
    attendance, most = found.sheet.attendance, found.concentration
    return OverviewAnswer(
        **counted_by(programme, as_of),
        events=StandAnswer.of(found.events),
        enterprises=StandAnswer.of(found.enterprises),
        amount=StandAnswer.of(found.amount),
        attendances=attendance.attendances,
        enterprises_in_province=attendance.enterprises_in_province,
        events_by_reason=dict(found.event_reasons),
        declared=StepAnswer.of(found.walk.declared),
        taken_off=_steps(found.walk.taken_off),
        net=StepAnswer.of(found.walk.net),
        increment=StepAnswer.of(found.renewed.increment),
        continued=StepAnswer.of(found.renewed.continued),
        former_unknown=StepAnswer.of(found.renewed.unknown),
        stages=_steps(list(found.stages.values())),
        months=[MonthAnswer.of(line) for line in found.months],
        kinds=[KindAnswer.of(line) for line in found.kinds],
        concentration=ConcentrationAnswer(largest=most.largest, amount=most.amount, net=most.net, deals=most.deals),
    )


def _steps(steps: Sequence[Step]) -> list[StepAnswer]:
    return [StepAnswer.of(step) for step in steps]
