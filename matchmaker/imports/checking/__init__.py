"""A workbook checked without a database: what may go in, and what is wrong, by row and column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from matchmaker.documents.values import Workbook
from matchmaker.i18n import gettext as _
from matchmaker.imports.checking.agreeing import agree
from matchmaker.imports.checking.headers import Located, locate
from matchmaker.imports.checking.tables import MOST_FAULTS, Faults, Table, read_table
from matchmaker.imports.checking.values import CapabilityRow, Checked, EnterpriseRow, Fault, Layout, NeedRow
from matchmaker.imports.lookups import Reference

__all__ = [
    "MOST_FAULTS",
    "CapabilityRow",
    "Checked",
    "EnterpriseRow",
    "Fault",
    "Layout",
    "NeedRow",
    "Reference",
    "check",
]

_Row = TypeVar("_Row")


def check(workbook: Workbook, reference: Reference) -> Checked:
    """Read every row of the template's sheets; nothing is guessed, and every refusal names row and column.

    The rows returned are those without a fault, but a workbook with any fault is not to be imported.
    """
    located, sheet_faults = locate(workbook.sheets)
    faults = Faults()
    for fault in sheet_faults:
        faults.add(fault)
    tables = {found.spec.key: read_table(found, reference, faults) for found in located}
    agree(tables, reference, faults)
    if not faults.count and not any(table.count for table in tables.values()):
        faults.add(_nothing_to_import(workbook, located))
    return _checked(workbook, located, tables, faults)


def _nothing_to_import(workbook: Workbook, located: list[Located]) -> Fault:
    sheets = [found.sheet for found in located] or workbook.sheets
    return Fault(sheets[0].name if sheets else "", 1, "", _("没有可导入的行。请在列名下方逐行填写后再上传。"))


def _checked(workbook: Workbook, located: list[Located], tables: dict[str, Table], faults: Faults) -> Checked:
    order = {sheet.name: number for number, sheet in enumerate(workbook.sheets)}
    kept = sorted(faults.kept, key=lambda fault: (order.get(fault.sheet, 0), fault.row, fault.column_number or 0))
    return Checked(
        enterprises=_rows(EnterpriseRow, tables.get("enterprises")),
        capabilities=_rows(CapabilityRow, tables.get("capabilities")),
        needs=_rows(NeedRow, tables.get("needs")),
        faults=tuple(kept),
        fault_count=faults.count,
        counts={key: table.count for key, table in tables.items()},
        layouts=tuple(found.layout for found in located),
    )


def _rows(kind: Callable[..., _Row], table: Table | None) -> tuple[_Row, ...]:
    if table is None:
        return ()
    records: Mapping[int, Mapping[str, Any]] = table.records
    return tuple(kind(row=number, **record) for number, record in records.items())
