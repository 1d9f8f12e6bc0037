"""The files issued for a frozen month: written once, kept under their digest, handed out byte for byte."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.db import SHANGHAI
from matchmaker.deals.counting import Count
from matchmaker.documents.writing import OutColumn, OutSheet, OutValue, write_csv, write_workbook
from matchmaker.i18n import gettext as _
from matchmaker.programmes.models import Programme
from matchmaker.progress import wording
from matchmaker.progress.closing import wording as closing_wording
from matchmaker.progress.closing.models import Snapshot
from matchmaker.progress.closing.reckoning import Reckoning
from matchmaker.progress.closing.scopes import RESULT_TYPE
from matchmaker.regions.queries import prefectures

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv"
_WIDTH = 22

Row = list[OutValue]


@dataclass(frozen=True, slots=True)
class Made:
    """A file that is about to be issued."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    titles: list[str]
    rows: list[Row]


def files_of(
    session: Session, programme: Programme, snapshot: Snapshot, count: Count, reckoning: Reckoning
) -> list[Made]:
    """The workbook and the .csv of totals that every office reads, and the whole result."""
    tables = list(_tables(session, programme, snapshot, count, reckoning))
    return [
        Made(f"{snapshot.month}.xlsx", XLSX_TYPE, _workbook(tables)),
        Made(f"{snapshot.month}.csv", CSV_TYPE, _lines(tables)),
        Made(f"{snapshot.month}.json", RESULT_TYPE, snapshot.content),
    ]


def _workbook(tables: Iterable[_Table]) -> bytes:
    file = io.BytesIO()
    sheets = [
        OutSheet(each.name, tuple(OutColumn(title, _WIDTH) for title in each.titles), each.rows) for each in tables
    ]
    write_workbook(sheets, file)
    return file.getvalue()


def _lines(tables: Iterable[_Table]) -> bytes:
    """All tables below each other, each figure on a line of its own."""
    file = io.BytesIO()
    rows = [
        [table.name, row[0], title, value]
        for table in tables
        for row in table.rows
        for title, value in zip(table.titles[1:], row[1:], strict=True)
    ]
    write_csv([_("表"), _("项目"), _("指标"), _("数值")], rows, file)
    return file.getvalue()


def _tables(
    session: Session, programme: Programme, snapshot: Snapshot, count: Count, reckoning: Reckoning
) -> Iterator[_Table]:
    yield _Table(_("公布"), [_("项目"), _("数值")], [*_figures(snapshot, count), *_grounds(programme, snapshot)])
    yield _Table(_("对账"), [_("项目"), _("金额（元）"), _("笔数")], _steps(reckoning))
    yield _Table(
        _("分月"),
        [_("月份"), _("按期（元）"), _("补报（元）"), _("撤回（元）"), _("净额（元）")],
        [[month, each.on_time, each.late, each.withdrawn, each.net] for month, each in count.by_month.items()],
    )
    yield _Table(_("市州"), [_("市州"), _("买卖双方各半（元）"), _("按承办地（元）")], list(_places(session, count)))
    kinds: list[Row] = [[str(wording.KINDS[kind]), amount] for kind, amount in count.by_kind.items()]
    yield _Table(_("类别"), [_("类别"), _("净额（元）")], kinds)


def _figures(snapshot: Snapshot, count: Count) -> list[Row]:
    own = count.by_month.get(snapshot.month)
    return [
        [_("月份"), snapshot.month],
        [_("本月按期（元）"), own.on_time if own else 0],
        [_("本月补报（元）"), own.late if own else 0],
        [_("本月撤回（元）"), own.withdrawn if own else 0],
        [_("本月净额（元）"), own.net if own else 0],
        [_("全年净意向额（元）"), count.net],
        [_("全年总额（元）"), count.gross],
        [_("全年撤回（元）"), count.withdrawn],
        [_("对接场次（场）"), count.events_counted],
        [_("参与企业（家）"), count.enterprises],
        [_("其中省内（家）"), count.enterprises_in_province],
        [_("参加（家次）"), count.attendances],
    ]


def _steps(reckoning: Reckoning) -> list[Row]:
    """From what was published before to this month's cumulative total."""
    return [[str(name), amount, deals] for name, amount, deals in closing_wording.steps(reckoning)]


def _grounds(programme: Programme, snapshot: Snapshot) -> list[Row]:
    """What every table of figures says of itself (R27), and what lets anybody count again."""
    return [
        [_("计划"), programme.name],
        [_("截至"), f"{snapshot.taken_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"],
        [_("口径"), _("第 %(version)s 版", version=snapshot.rule_version)],
        [_("性质"), _("部门工作统计")],
        [_("台账（条）"), snapshot.entry_count],
        [_("台账封印"), snapshot.entry_seal],
        [_("结果摘要"), snapshot.digest],
        [_("上次公布的摘要"), snapshot.previous_digest],
    ]


def _places(session: Session, count: Count) -> Iterator[Row]:
    names = {place.code: place.short_name for place in prefectures(session)}
    names |= {key: str(name) for key, name in wording.OTHER_PLACES.items()}
    known = {*count.by_region_shared, *count.by_region_organiser}
    for key in [*names, *sorted(known - names.keys())]:
        shared, organised = count.by_region_shared.get(key, 0), count.by_region_organiser.get(key, 0)
        if shared or organised or key.isdigit():
            yield [names.get(key, key), shared, organised]
