"""One recognised sheet read row by row, each cell by its column's own rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from matchmaker.documents.values import Merge, Row
from matchmaker.i18n import gettext as _
from matchmaker.imports.checking.cells import BadCell, Field, Parser, empty, parsers, shown
from matchmaker.imports.checking.headers import Located
from matchmaker.imports.checking.values import Fault
from matchmaker.imports.columns import Column
from matchmaker.imports.lookups import Reference

MOST_FAULTS = 20_000

Record = dict[str, Field]


@dataclass(slots=True)
class Faults:
    """The faults found so far: the first ones kept, all of them counted."""

    kept: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, fault: Fault) -> None:
        """Keep the fault while there is room."""
        self.count += 1
        if len(self.kept) < MOST_FAULTS:
            self.kept.append(fault)


@dataclass(slots=True)
class Table:
    """The rows of one sheet: `records` without a fault by row number, `codes` of all rows whose code is valid."""

    located: Located
    records: dict[int, Record] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    count: int = 0

    def fault(self, row: int, key: str | None, message: str) -> Fault:
        """A fault of this row, at the cell of this field when the sheet has it."""
        index = next((index for index, column in self.located.columns.items() if column.key == key), None)
        title = "" if index is None else shown(self.located.head.cells[index])
        return Fault(self.located.sheet.name, row, title, message, None if index is None else index + 1)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One sheet being read: how each column is read, and the cells already spoken of, by row."""

    table: Table
    columns: tuple[tuple[int, Column, Parser], ...]
    blank: Mapping[str, Field]
    said: Mapping[int, frozenset[int]]
    faults: Faults

    def read(self, row: Row) -> None:
        """Read one row; a faulty cell is named and the row left out of the records."""
        self.table.count += 1
        before, said = self.faults.count, self.said.get(row.number, frozenset())
        record = self._record(row, said)
        if isinstance(code := record["code"], str):
            self.table.codes[row.number] = code
        if self.faults.count == before and not said:
            self.table.records[row.number] = record

    def _record(self, row: Row, said: frozenset[int]) -> Record:
        record, width = dict(self.blank), len(row.cells)
        for index, column, parse in self.columns:
            if index in said:
                continue
            value = row.cells[index] if index < width else None
            try:
                record[column.key] = _stated(column, None if value is None else parse(value))
            except BadCell as bad:
                self.faults.add(self.table.fault(row.number, column.key, bad.sentence))
        return record


def read_table(located: Located, reference: Reference, faults: Faults) -> Table:
    """Read every row under the titles; without its required columns a sheet is not read at all."""
    table = Table(located)
    for fault in located.faults:
        faults.add(fault)
    if not located.is_complete:
        return table
    columns = tuple((index, column, parsers(column, reference)) for index, column in located.columns.items())
    blank = {column.key: empty(column) for column in located.spec.columns}
    reading = _Reading(table, columns, blank, _said_by_sheet(table, faults), faults)
    for row in located.rows:
        if any(index < len(row.cells) and row.cells[index] is not None for index in located.columns):
            reading.read(row)
    return table


def _stated(column: Column, value: Field) -> Field:
    """The value, or what an empty cell means; blanks and separators alone state nothing."""
    if value is not None and value not in ("", ()):
        return value
    if column.required:
        raise BadCell(_("必填，不能为空。"))
    return empty(column)


def _said_by_sheet(table: Table, faults: Faults) -> dict[int, frozenset[int]]:
    """Name the merged ranges and the cells without a result; by row, the columns already spoken of."""
    said: dict[int, frozenset[int]] = {}
    for row, column, message, cells in (*_merged(table), *_empty_results(table)):
        faults.add(table.fault(row, column, message))
        for number, indexes in cells.items():
            said[number] = said.get(number, frozenset()) | indexes
    return said


_Said = tuple[int, str | None, str, dict[int, frozenset[int]]]


def _merged(table: Table) -> Iterator[_Said]:
    columns, last = table.located.columns, max(row.number for row in table.located.sheet.rows)
    for merge in table.located.sheet.merges:
        rows = range(max(merge.first_row, table.located.head.number), min(merge.last_row, last) + 1)
        indexes = frozenset(range(merge.first_column - 1, merge.last_column)) & columns.keys()
        if rows and indexes:
            yield rows[0], columns[min(indexes)].key, _merge_message(merge), dict.fromkeys(rows, frozenset(indexes))


def _merge_message(merge: Merge) -> str:
    return str(_("%(range)s 是合并单元格。请取消合并，每行每列单独填写。", range=merge.address))


def _empty_results(table: Table) -> Iterator[_Said]:
    for hole in table.located.sheet.holes:
        column = table.located.columns.get(hole.column - 1)
        if column and hole.row > table.located.head.number:
            message = _("单元格是错误值，或公式没有结果。请改成直接填写的值。")
            yield hole.row, column.key, message, {hole.row: frozenset({hole.column - 1})}
