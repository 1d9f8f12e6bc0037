"""The tables about progress as rows of a workbook, amounts in whole yuan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from matchmaker.deals.counting.totals import NO_EVENT
from matchmaker.documents.writing import OutColumn, OutSheet, OutValue, write_csv, write_workbook
from matchmaker.i18n import gettext as _
from matchmaker.progress import wording
from matchmaker.progress.queries import DealLine, EnterpriseLine, EventLine
from matchmaker.progress.standings import Standing, Standings

Row = list[OutValue]
_WIDTH = 18


def write(titles: Sequence[str], rows: Iterable[Row], notes: Iterable[Row], target: IO[bytes], *, is_csv: bool) -> None:
    """Write the rows with what they are counted by below them, as .csv or as a workbook."""
    everything = [*rows, [], *notes]
    if is_csv:
        write_csv(list(titles), everything, target)
        return
    columns = tuple(OutColumn(title, _WIDTH) for title in titles)
    write_workbook([OutSheet(_("进度"), columns, everything)], target)


def notes(as_of: str, rule_version: int, figures: Iterable[Row]) -> list[Row]:
    """What every table of figures says of itself (R27)."""
    return [
        *figures,
        [_("截至"), as_of],
        [_("口径"), _("第 %(version)s 版", version=rule_version)],
        [_("性质"), _("部门工作统计")],
        [_("单位"), _("金额：元")],
    ]


def deal_titles() -> list[str]:
    """The heads of the deals behind a number."""
    return [
        _("编号"), _("买方"), _("买方代码"), _("买方所在地"), _("卖方"), _("卖方代码"), _("卖方所在地"), _("类别"),
        _("标的"), _("场次"), _("期限（月）"), _("在效金额"), _("计入额"), _("计入月份"), _("补报"), _("计入与否"),
        _("续签"), _("原合作每年金额"), _("本数"),
    ]  # fmt: skip


def deal_rows(found: Iterable[DealLine]) -> Iterator[Row]:
    """One row a deal; the last column adds up to the number."""
    for row in found:
        deal, counted = row.deal, row.line.counted
        yield [
            deal.number,
            *(part for firm in (deal.buyer, deal.seller) for part in (firm.name, firm.credit_code, firm.region.name)),
            str(wording.KINDS[row.line.deal.kind]),
            deal.subject,
            deal.event.title if deal.event else "",
            deal.months,
            counted.full_amount,
            counted.amount,
            counted.month,
            _("是") if counted.late else "",
            counted.reason.value,
            _("是") if deal.is_renewal else "",
            deal.former_amount,
            row.line.figure,
        ]


def event_titles() -> list[str]:
    """The heads of the table of events."""
    return [_("场次"), _("日期"), _("承办单位"), _("举办地"), _("签到企业（家）"), _("计入"), _("原因")]


def event_rows(found: Iterable[EventLine]) -> Iterator[Row]:
    """One row an event."""
    for row in found:
        event = row.event
        yield [
            event.title,
            event.held_on,
            event.organiser.name,
            event.region.name,
            row.enterprises,
            _("是") if row.counted.counted else _("否"),
            str(wording.EVENT_REASONS[row.counted.reason]),
        ]


def enterprise_titles() -> list[str]:
    """The heads of the table of enterprises."""
    return [_("企业"), _("统一社会信用代码"), _("所在地"), _("参加（家次）"), _("最近一场"), _("最近一场日期")]


def enterprise_rows(found: Iterable[EnterpriseLine]) -> Iterator[Row]:
    """One row an enterprise."""
    for row in found:
        firm, last = row.enterprise, row.events[0]
        yield [firm.name, firm.credit_code, firm.region.name, len(row.events), last.title, last.held_on]


def standing_titles() -> list[str]:
    """The heads of the standings."""
    return [
        _("位次"), _("市州"), _("目标"), _("净意向额"), _("金额位次"), _("完成率"), _("与序时计划之差"), _("分档"),
        _("场次"), _("场次目标"), _("参与企业"), _("企业目标"),
    ]  # fmt: skip


def standing_rows(found: Standings) -> Iterator[Row]:
    """One row a prefecture, then what belongs to none."""
    yield from (_standing(row) for row in found.rows)
    for other in found.others:
        name = str(wording.OTHER_PLACES.get(other.key, other.key))
        events = None if other.key == NO_EVENT else other.events
        yield [None, name, None, other.amount, None, None, None, "", events, None, other.enterprises, None]


def _standing(row: Standing) -> Row:
    completion = row.amount.completion
    return [
        row.rank,
        row.place.name,
        row.amount.target,
        row.amount.value,
        row.amount_rank,
        None if completion is None else round(float(completion), 6),
        row.amount.difference,
        str(dict(wording.BANDS)[row.amount.band]),
        row.events.value,
        row.events.target,
        row.enterprises.value,
        row.enterprises.target,
    ]
