"""The ledger as rows of a workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import IO

from matchmaker.db import SHANGHAI
from matchmaker.deals import wording
from matchmaker.deals.models import Assurance, Deal
from matchmaker.documents.writing import OutColumn, OutSheet, OutValue, write_csv, write_workbook
from matchmaker.enterprises.models import Enterprise
from matchmaker.i18n import lazy as _

_COLUMNS = (
    (_("编号"), 16),
    (_("买方"), 28),
    (_("买方代码"), 22),
    (_("买方所在地"), 12),
    (_("卖方"), 28),
    (_("卖方代码"), 22),
    (_("卖方所在地"), 12),
    (_("类别"), 12),
    (_("标的"), 32),
    (_("金额（元）"), 18),
    (_("期限（月）"), 10),
    (_("场次"), 28),
    (_("阶段"), 10),
    (_("保证"), 12),
    (_("争议"), 8),
    (_("申报时间"), 18),
    (_("双方确认时间"), 18),
    (_("合同编号"), 18),
)


def write(rows: Iterable[list[OutValue]], target: IO[bytes], *, is_csv: bool) -> None:
    """Write the rows as .csv or as a workbook."""
    if is_csv:
        write_csv([str(title) for title, _width in _COLUMNS], rows, target)
        return
    columns = tuple(OutColumn(str(title), width) for title, width in _COLUMNS)
    write_workbook([OutSheet(str(_("意向台账")), columns, rows)], target)


def rows(deals: Iterable[Deal], reviewed: Collection[int] = ()) -> Iterator[list[OutValue]]:
    """One row a deal, amounts in whole yuan, moments in Beijing time; `reviewed` are the ids of those at V3."""
    for deal in deals:
        standing = deal.standing
        yield [
            deal.number,
            *_party(deal.buyer),
            *_party(deal.seller),
            str(wording.KINDS[deal.kind]),
            deal.subject,
            standing.amount,
            deal.months,
            deal.event.title if deal.event else "",
            str(wording.STAGES[standing.stage]),
            str(wording.ASSURANCES[Assurance.REVIEWED if deal.id in reviewed else standing.assurance]),
            str(_("有")) if standing.is_disputed else "",
            standing.declared_at.astimezone(SHANGHAI),
            standing.confirmed_at.astimezone(SHANGHAI) if standing.confirmed_at else None,
            deal.contract_number,
        ]


def _party(firm: Enterprise) -> tuple[str, str, str]:
    return firm.name, firm.credit_code, firm.region.name
