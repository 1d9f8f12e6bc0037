"""Whether the rows agree with each other: no firm twice, no line twice, no line of an unknown firm."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from matchmaker.i18n import gettext as _
from matchmaker.imports.checking.tables import Faults, Record, Table
from matchmaker.text import fold

Identity = Callable[[Record], tuple[object, ...]]


def _folded(*keys: str) -> Identity:
    return lambda record: (record["code"], *(fold(str(record[key])) for key in keys))


_IDENTITIES: Mapping[str, Identity] = {
    "capabilities": _folded("product", "material", "spec"),
    "needs": _folded("kind", "text"),
}


def agree(tables: Mapping[str, Table], known_codes: Collection[str], faults: Faults) -> None:
    """Name every disagreement and take the rows concerned out of the records."""
    firms = tables.get("enterprises")
    if firms:
        _refuse_repeated_firms(firms, faults)
    for key, identity in _IDENTITIES.items():
        if table := tables.get(key):
            if firms is None or firms.located.is_complete:
                _refuse_unknown_firms(table, set(firms.codes.values()) if firms else set(), known_codes, faults)
            _refuse_repeated_lines(table, identity, faults)
    if needs := tables.get("needs"):
        _refuse_inverted_budgets(needs, faults)


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
