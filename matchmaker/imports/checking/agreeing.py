"""Whether the rows agree with each other and are the sender's to bring: no firm twice, no line of an unknown firm."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal

from matchmaker.enterprises.refusals import CapacityWithoutUnit, QuantityWithoutUnit, SpareAboveCapacity, ValidityOver
from matchmaker.i18n import gettext as _
from matchmaker.imports.checking.tables import Faults, Record, Table
from matchmaker.imports.lookups import Reach, Reference
from matchmaker.text import fold

Identity = Callable[[Record], tuple[object, ...]]


def _folded(*keys: str) -> Identity:
    return lambda record: (record["code"], *(fold(str(record[key])) for key in keys))


_IDENTITIES: Mapping[str, Identity] = {
    "capabilities": _folded("product", "spec"),
    "needs": _folded("kind", "text"),
}


def agree(tables: Mapping[str, Table], reference: Reference, faults: Faults) -> None:
    """Name every disagreement and take the rows concerned out of the records."""
    firms, reach = tables.get("enterprises"), reference.reach
    if firms:
        _refuse_repeated_firms(firms, faults)
        _refuse_foreign_places(firms, reach, faults)
    for sheet in tables.values():
        _refuse_foreign_rows(sheet, reach, faults)
    for key, identity in _IDENTITIES.items():
        if table := tables.get(key):
            if reach.only_code is None and (firms is None or firms.located.is_complete):
                listed = set(firms.codes.values()) if firms else set()
                _refuse_unknown_firms(table, listed, reference.known_codes, faults)
            _refuse_repeated_lines(table, identity, faults)
    if lines := tables.get("capabilities"):
        _refuse_bare_capacities(lines, faults)
    if needs := tables.get("needs"):
        _refuse_inverted_budgets(needs, faults)
        _refuse_bare_quantities(needs, faults)
        _refuse_passed_days(needs, reference.today, faults)


def _refuse_foreign_rows(table: Table, reach: Reach, faults: Faults) -> None:
    """Rows of firms that are not the sender's; a firm's own facts are changed on its page, where they are verified."""
    is_register = table.located.spec.key == "enterprises"
    for row, code in table.codes.items():
        if reach.only_code is not None and code != reach.only_code:
            _refuse(table, row, "code", _("只能导入本企业（%(code)s）的内容。", code=reach.only_code), faults)
        elif reach.only_code is not None and is_register:
            message = _("企业信息不能由企业自己导入，请在“企业”页修改，并删除本行。")
            _refuse(table, row, None, message, faults)
        elif code in reach.barred:
            _refuse(table, row, "code", reach.barred[code], faults)


def _refuse_foreign_places(table: Table, reach: Reach, faults: Faults) -> None:
    for row, record in list(table.records.items()):
        if record["region_code"] in reach.barred_places and record["code"] not in reach.barred:
            _refuse(table, row, "region_code", _("本单位只能登记本地区的企业。"), faults)


def _refuse(table: Table, row: int, key: str | None, message: str, faults: Faults) -> None:
    faults.add(table.fault(row, key, message))
    table.records.pop(row, None)


def _refuse_repeated_firms(table: Table, faults: Faults) -> None:
    first: dict[str, int] = {}
    for row, code in table.codes.items():
        if first.setdefault(code, row) != row:
            message = _("信用代码 %(code)s 与第 %(row)s 行重复，每家企业只能一行。", code=code, row=first[code])
            _refuse(table, row, "code", message, faults)


def _refuse_unknown_firms(table: Table, listed: Collection[str], known: Collection[str], faults: Faults) -> None:
    for row, code in table.codes.items():
        if code not in listed and code not in known:
            message = _("没有信用代码为 %(code)s 的企业。请先在“企业”表中填写这家企业。", code=code)
            _refuse(table, row, "code", message, faults)


def _refuse_repeated_lines(table: Table, identity: Identity, faults: Faults) -> None:
    first: dict[tuple[object, ...], int] = {}
    for row, record in list(table.records.items()):
        if (earlier := first.setdefault(identity(record), row)) != row:
            _refuse(table, row, None, _("与第 %(row)s 行内容重复，请删除其中一行。", row=earlier), faults)


def _refuse_inverted_budgets(table: Table, faults: Faults) -> None:
    for row, record in list(table.records.items()):
        low, high = record["budget_low"], record["budget_high"]
        if isinstance(low, int) and isinstance(high, int) and low > high:
            _refuse(table, row, "budget_high", _("预算上限低于预算下限，请核对。"), faults)


def _refuse_bare_capacities(table: Table, faults: Faults) -> None:
    for row, record in list(table.records.items()):
        capacity, spare = record["capacity"], record["spare"]
        if (capacity is not None or spare is not None) and not record["capacity_unit"]:
            _refuse(table, row, "capacity_unit", CapacityWithoutUnit().message, faults)
        elif isinstance(capacity, Decimal) and isinstance(spare, Decimal) and spare > capacity:
            _refuse(table, row, "spare", SpareAboveCapacity().message, faults)


def _refuse_bare_quantities(table: Table, faults: Faults) -> None:
    for row, record in list(table.records.items()):
        if record["quantity"] is not None and not record["unit"]:
            _refuse(table, row, "unit", QuantityWithoutUnit().message, faults)


def _refuse_passed_days(table: Table, today: date | None, faults: Faults) -> None:
    for row, record in list(table.records.items()):
        last = record["valid_until"]
        if today is not None and isinstance(last, date) and last < today:
            _refuse(table, row, "valid_until", ValidityOver(day=last).message, faults)
