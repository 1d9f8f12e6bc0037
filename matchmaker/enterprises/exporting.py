"""The register and the needs as rows of a workbook; the register's titles are those the import reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import IO

from matchmaker.db import SHANGHAI
from matchmaker.documents.writing import OutColumn, OutSheet, OutValue, write_csv, write_workbook
from matchmaker.enterprises import wording
from matchmaker.enterprises.models import Enterprise, LikenessVerdict, Need
from matchmaker.i18n import lazy as _
from matchmaker.money import WAN
from matchmaker.regions.models import Region

_REGISTER = (
    OutColumn(_("信用代码"), 22, is_text=True),
    OutColumn(_("企业名称"), 32),
    OutColumn(_("简称"), 14),
    OutColumn(_("曾用名"), 20),
    OutColumn(_("地区"), 18),
    OutColumn(_("行业代码"), 10, is_text=True),
    OutColumn(_("类型"), 10),
    OutColumn(_("规模"), 8),
    OutColumn(_("主要环节"), 18),
    OutColumn(_("称号"), 18),
    OutColumn(_("登记状态"), 10),
    OutColumn(_("更新时间"), 18),
)
_FIGURES = (OutColumn(_("上年营收（万元）"), 18), OutColumn(_("法定代表人"), 12))
_NEEDS = (
    OutColumn(_("企业名称"), 32),
    OutColumn(_("信用代码"), 22, is_text=True),
    OutColumn(_("地区"), 18),
    OutColumn(_("类别"), 10),
    OutColumn(_("需求"), 48),
    OutColumn(_("产业链"), 18),
    OutColumn(_("环节"), 18),
    OutColumn(_("数量"), 12),
    OutColumn(_("单位"), 8),
    OutColumn(_("预算下限（万元）"), 16),
    OutColumn(_("预算上限（万元）"), 16),
    OutColumn(_("最迟交付"), 12),
    OutColumn(_("必须满足"), 28),
    OutColumn(_("最好满足"), 28),
    OutColumn(_("可见范围"), 12),
    OutColumn(_("有效期至"), 12),
    OutColumn(_("状态"), 10),
    OutColumn(_("更新时间"), 18),
)
_DUPLICATES = (
    OutColumn(_("企业名称"), 32),
    OutColumn(_("信用代码"), 22, is_text=True),
    OutColumn(_("地区"), 18),
    OutColumn(_("登记状态"), 10),
    OutColumn(_("可能是（企业名称）"), 32),
    OutColumn(_("可能是（信用代码）"), 22, is_text=True),
    OutColumn(_("可能是（地区）"), 18),
    OutColumn(_("可能是（登记状态）"), 10),
    OutColumn(_("名称异同"), 32),
    OutColumn(_("结论"), 12),
    OutColumn(_("核对人"), 12),
    OutColumn(_("核对时间"), 18),
)


def write_register(
    enterprises: Iterable[Enterprise],
    segments: Mapping[int, str],
    target: IO[bytes],
    *,
    is_csv: bool,
    with_figures: bool,
) -> None:
    """Write the register; revenue and legal representative only for those who may know them."""
    columns = (*_REGISTER, *_FIGURES) if with_figures else _REGISTER
    rows = (_firm(each, segments.get(each.id, ""), with_figures=with_figures) for each in enterprises)
    _write(str(_("企业")), columns, rows, target, is_csv=is_csv)


def write_needs(needs: Iterable[Need], target: IO[bytes], *, is_csv: bool) -> None:
    """Write the needs."""
    _write(str(_("需求")), _NEEDS, map(_need, needs), target, is_csv=is_csv)


def write_duplicates(pairs: Sequence[LikenessVerdict], told: Sequence[str], target: IO[bytes], *, is_csv: bool) -> None:
    """Write the pairs that may be one firm, each with in what their names differ."""
    rows = (_duplicate(pair, why) for pair, why in zip(pairs, told, strict=True))
    _write(str(_("可能重复")), _DUPLICATES, rows, target, is_csv=is_csv)


def _write(
    name: str, columns: Sequence[OutColumn], rows: Iterable[list[OutValue]], target: IO[bytes], *, is_csv: bool
) -> None:
    if is_csv:
        write_csv([str(column.title) for column in columns], rows, target)
        return
    plain = tuple(OutColumn(str(each.title), each.width, is_text=each.is_text) for each in columns)
    write_workbook([OutSheet(name, plain, rows)], target)


def _firm(firm: Enterprise, segment: str, *, with_figures: bool) -> list[OutValue]:
    row: list[OutValue] = [
        firm.credit_code,
        firm.name,
        firm.short_name,
        "；".join(firm.former_names),
        place_name(firm.region),
        firm.industry_code or "",
        str(wording.KINDS[firm.kind]),
        str(wording.SIZES[firm.size]) if firm.size else "",
        segment,
        "；".join(dict.fromkeys(badge.name for badge in firm.badges)),
        str(wording.STATES[firm.state]),
        firm.updated_at.astimezone(SHANGHAI),
    ]
    return [*row, _wan(firm.last_year_revenue), firm.legal_representative] if with_figures else row


def _need(need: Need) -> list[OutValue]:
    return [
        need.enterprise.name,
        need.enterprise.credit_code,
        place_name(need.enterprise.region),
        str(wording.NEED_KINDS[need.kind]),
        need.text,
        need.segment.chain.name if need.segment else "",
        need.segment.name if need.segment else "",
        need.quantity,
        need.unit,
        _wan(need.budget_low),
        _wan(need.budget_high),
        need.deliver_by,
        "；".join(need.hard_conditions),
        "；".join(need.soft_conditions),
        str(wording.VISIBILITIES[need.visibility]),
        need.valid_until,
        str(wording.NEED_STATES[need.state]),
        need.updated_at.astimezone(SHANGHAI),
    ]


def _duplicate(pair: LikenessVerdict, why: str) -> list[OutValue]:
    return [
        *_named(pair.first),
        *_named(pair.second),
        why,
        str(wording.VERDICTS[pair.verdict]),
        pair.user.name if pair.user else "",
        pair.at.astimezone(SHANGHAI) if pair.user else None,
    ]


def _named(firm: Enterprise) -> list[OutValue]:
    return [firm.name, firm.credit_code, place_name(firm.region), str(wording.STATES[firm.state])]


def place_name(region: Region) -> str:
    """A county with its prefecture before it, any other place as it is."""
    prefecture = region.prefecture
    return f"{prefecture.name}{region.name}" if prefecture and prefecture is not region else region.name


def _wan(amount: int | None) -> Decimal | None:
    return None if amount is None else Decimal(amount) / WAN
