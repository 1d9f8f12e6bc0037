"""The months that close as JSON: what waits, what was published, what has changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Self

from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.counting import MonthCount
from matchmaker.i18n import lazy as _
from matchmaker.programmes import services as programmes
from matchmaker.programmes.models import PeriodState
from matchmaker.programmes.policies import planners
from matchmaker.progress import policies
from matchmaker.progress.api.blueprint import bp
from matchmaker.progress.api.totals import CountedAnswer, ProgressQuery, asked_of, counted_by
from matchmaker.progress.closing import queries, services
from matchmaker.progress.closing import triangle as telling
from matchmaker.progress.closing.checklist import Checklist, Waiting
from matchmaker.progress.closing.models import IssuedFile
from matchmaker.progress.closing.queries import MonthLine
from matchmaker.progress.closing.reckoning import Reckoning, differences
from matchmaker.progress.closing.requesting import AskedMonth, file_answer, find_programme_month, freeze_and_publish
from matchmaker.progress.projection import sheet_for
from matchmaker.web.api import Answer, answer, expect_match, operation
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember


class MonthFigures(Answer):
    """What a month took in and gave back, in whole yuan."""

    on_time: int
    late: int
    withdrawn: int
    net: int

    @classmethod
    def of(cls, found: MonthCount) -> Self:
        """The figures of a month."""
        return cls(on_time=found.on_time, late=found.late, withdrawn=found.withdrawn, net=found.net)


class IssuedFileAnswer(Answer):
    """A file issued for a frozen month; the digest is the SHA-256 of its bytes, which never change."""

    id: str
    name: str
    media_type: str
    digest: str
    size: int

    @classmethod
    def of(cls, file: IssuedFile) -> Self:
        """The answer about a file."""
        return cls(id=file.public_id, name=file.name, media_type=file.media_type, digest=file.digest, size=file.size)


class PeriodAnswer(Answer):
    """A month: its state, what was published of it (null while nothing was), and what is said now."""

    month: str
    state: PeriodState
    closed_at: datetime | None
    frozen_at: datetime | None
    published: MonthFigures | None
    now: MonthFigures
    digest: str | None
    previous_digest: str | None
    version: int

    @classmethod
    def of(cls, line: MonthLine, **more: object) -> Self:
        """The answer about a month."""
        period, snapshot, published = line.period, line.snapshot, line.published
        return cls(
            month=period.month,
            state=period.state,
            closed_at=period.closed_at,
            frozen_at=period.frozen_at,
            published=None if published is None else MonthFigures.of(published),
            now=MonthFigures.of(line.now),
            digest=snapshot.digest if snapshot else None,
            previous_digest=snapshot.previous_digest if snapshot else None,
            version=period.version,
            **more,
        )


class WaitingAnswer(Answer):
    """How many deals or events wait, and what the deals come to; null for events."""

    what: Waiting
    count: int
    amount: int | None


class ReckoningAnswer(Answer):
    """`published + corrected + on_time + late + withdrawn_before - ended = cumulative`, in whole yuan.

    corrected and withdrawn_before are the reversing lines: changes and withdrawals of what was published before.
    """

    published: int
    corrected: int
    corrected_deals: int
    on_time: int
    late: int
    withdrawn_before: int
    withdrawn_before_deals: int
    ended: int
    cumulative: int

    @classmethod
    def of(cls, found: Reckoning) -> Self:
        """The answer about how a month joins those before it."""
        return cls(
            published=found.published,
            corrected=differences(found.corrections),
            corrected_deals=len(found.corrections),
            on_time=found.on_time,
            late=found.late,
            withdrawn_before=differences(found.withdrawals),
            withdrawn_before_deals=len(found.withdrawals),
            ended=found.ended,
            cumulative=found.cumulative,
        )


class PeriodDetail(PeriodAnswer):
    """A month with what waits (null once it is frozen), how it joins those before it, and its issued files."""

    checklist: list[WaitingAnswer] | None
    reckoning: ReckoningAnswer | None
    earlier_open: list[str]
    files: list[IssuedFileAnswer]


class PeriodsAnswer(CountedAnswer):
    """The months of a programme in order."""

    months: list[PeriodAnswer]


class ColumnAnswer(Answer):
    """An occasion: the month whose freezing it was and its moment, or `today`."""

    key: str
    at: datetime | None


class CellAnswer(Answer):
    """What was said of a month on an occasion, and by how much that differs from the occasion before."""

    column: str
    amount: int
    change: int | None


class TriangleRow(Answer):
    """A month with what was said of it on each occasion; null where nothing was published of it yet."""

    month: str
    cells: list[CellAnswer | None]


class TriangleAnswer(CountedAnswer):
    """The revision triangle, with what each column comes to."""

    columns: list[ColumnAnswer]
    rows: list[TriangleRow]
    sums: list[int]


@bp.get("/months")
@operation(policies.readers, _("各月关账"), answers=PeriodsAnswer, query=ProgressQuery, refusals=(404,))
def months(query: ProgressQuery) -> Response:
    """The months of a year; always as of today."""
    session = get_session()
    programme, _day = asked_of(session, query)
    today = shanghai_day(utcnow())
    lines = queries.months_of(session, programme, sheet_for(session, programme, today).months())
    return answer(PeriodsAnswer(**counted_by(programme, today), months=[PeriodAnswer.of(line) for line in lines]))


@bp.get("/months/<code:month>")
@operation(policies.readers, _("一个月的关账核对"), answers=PeriodDetail, versioned=True)
def show_month(month: str) -> Response:
    """One month with what still waits in it, or with what was published."""
    return _detail(get_session(), get_user(), month)


@bp.post("/months/<code:month>/close")
@operation(planners, _("提请关账"), answers=PeriodDetail, versioned=True, checks_version=True)
def close_month(month: str) -> Response:
    """Propose that the month be closed."""
    return _step(month, services.propose)


@bp.post("/months/<code:month>/take-back")
@operation(planners, _("退回关账"), answers=PeriodDetail, versioned=True, checks_version=True)
def take_back_month(month: str) -> Response:
    """Open the month again."""
    return _step(month, programmes.take_back_closing)


@bp.post("/months/<code:month>/freeze")
@operation(planners, _("复核并冻结"), answers=PeriodDetail, versioned=True, checks_version=True)
def freeze_month(month: str) -> Response:
    """Freeze and publish the month that another person proposed."""
    return _step(month, freeze_and_publish)


@bp.get("/months/<code:month>/files/<public_id:file_id>")
@operation(policies.readers, _("下载公布件"), versioned=True, refusals=(503,))
def issued_file(month: str, file_id: str) -> Response:
    """The bytes of an issued file; its ETag is their SHA-256."""
    file = queries.find_file(get_session(), get_user(), month, file_id)
    if file is None:
        raise NotFound
    return file_answer(file)


@bp.get("/triangle")
@operation(policies.readers, _("修订三角"), answers=TriangleAnswer, query=ProgressQuery, refusals=(404,))
def triangle(query: ProgressQuery) -> Response:
    """What was said of each month at each freezing, and today."""
    session = get_session()
    programme, _day = asked_of(session, query)
    today = shanghai_day(utcnow())
    now = sheet_for(session, programme, today).months()
    snapshots = queries.snapshots_of(session, programme)
    columns = queries.columns_of(snapshots, now)
    rows = telling.triangle(columns, [month for month in now if month not in columns[-1].frozen])
    taken_at = {each.month: each.taken_at for each in snapshots}
    return answer(
        TriangleAnswer(
            **counted_by(programme, today),
            columns=[ColumnAnswer(key=each.key, at=taken_at.get(each.key)) for each in columns],
            rows=[_row(row) for row in rows],
            sums=telling.sums(rows),
        )
    )


def _row(row: telling.Row) -> TriangleRow:
    cells = [
        None if cell is None else CellAnswer(column=cell.column, amount=cell.amount, change=cell.change)
        for cell in row.cells
    ]
    return TriangleRow(month=row.month, cells=cells)


def _step(month: str, service: Callable[..., object]) -> Response:
    session, user = get_session(), get_user()
    programme, period = find_programme_month(session, month)
    expect_match(period, required=False)
    service(session, programme=programme, month=month, actor=user)
    reply = remember(_detail(session, user, month))
    session.commit()
    return reply


def _detail(session: Session, user: User, month: str) -> Response:
    asked = AskedMonth(session, month)
    line, reckoning = asked.line, asked.reckoning()
    files = queries.files_of(session, user, [line.snapshot])[line.snapshot.id] if line.snapshot else []
    found = PeriodDetail.of(
        line,
        checklist=_checklist(asked.checklist()),
        reckoning=None if reckoning is None else ReckoningAnswer.of(reckoning),
        earlier_open=asked.earlier_open,
        files=[IssuedFileAnswer.of(file) for file in files],
    )
    return answer(found, version=asked.period.version)


def _checklist(found: Checklist | None) -> list[WaitingAnswer] | None:
    if found is None:
        return None
    return [WaitingAnswer(what=what, count=found.count(what), amount=found.amount(what)) for what in Waiting]
