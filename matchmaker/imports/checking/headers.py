"""Which sheet is which, and which column is which, however their author ordered them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from matchmaker.documents.values import Row, Sheet, column_letters
from matchmaker.i18n import gettext as _
from matchmaker.imports.checking.cells import shown
from matchmaker.imports.checking.values import Fault, Layout
from matchmaker.imports.columns import IGNORED_SHEETS, REASON_TITLE, SHEETS, Column, SheetSpec, header_key

_HEAD_ROWS = 10  # titles may stand under a heading, not further down
_LEAST_MATCHES = 2
_CLOSE = 50.0
_IGNORED = {header_key(name) for name in IGNORED_SHEETS}


@dataclass(frozen=True, slots=True)
class Located:
    """A sheet recognised: its row of titles and the columns found there, by index from 0."""

    spec: SheetSpec
    sheet: Sheet
    head: Row
    columns: Mapping[int, Column]
    faults: tuple[Fault, ...]

    @property
    def layout(self) -> Layout:
        """Where the reasons go: the column an earlier check wrote, else behind everything on the sheet."""
        written = (number for number, cell in enumerate(self.head.cells, start=1) if is_reason(cell))
        behind = max((len(row.cells) for row in self.sheet.rows), default=0) + 1
        return Layout(self.sheet.name, self.spec.key, self.head.number, next(written, behind))

    @property
    def rows(self) -> Iterator[Row]:
        """The rows under the titles."""
        return (row for row in self.sheet.rows if row.number > self.head.number)

    @property
    def is_complete(self) -> bool:
        """Whether every required column is there."""
        present = {column.key for column in self.columns.values()}
        return all(column.key in present for column in self.spec.columns if column.required)


def locate(sheets: Iterable[Sheet]) -> tuple[list[Located], list[Fault]]:
    """The sheets recognised, in the template's order, and what is wrong with the others."""
    filled = [sheet for sheet in sheets if sheet.rows and header_key(sheet.name) not in _IGNORED]
    taken: dict[str, Located] = {}
    faults: list[Fault] = []
    for sheet in sorted(filled, key=lambda sheet: _named(sheet) is None):
        spec, head = _recognised(sheet)
        if spec is None or head is None:
            faults.append(_unknown_sheet(sheet))
        elif spec.key in taken:
            faults.append(_second_sheet(sheet, spec, taken[spec.key].sheet))
        else:
            taken[spec.key] = _located(spec, sheet, head)
    return [taken[spec.key] for spec in SHEETS if spec.key in taken], faults


def is_reason(cell: object) -> bool:
    """Whether this header is the column an earlier check wrote into."""
    return isinstance(cell, str) and cell.split("\n", 1)[0].strip() == REASON_TITLE


def _named(sheet: Sheet) -> SheetSpec | None:
    return next((spec for spec in SHEETS if header_key(spec.name) == header_key(sheet.name)), None)


def _recognised(sheet: Sheet) -> tuple[SheetSpec | None, Row | None]:
    """The sheet's spec by its name, else by its titles, and the row the titles stand in."""
    named = _named(sheet)
    candidates = [named] if named else SHEETS
    heads = sheet.rows[:_HEAD_ROWS]
    score, spec, head = max(
        ((len(_matches(spec, row)), spec, row) for spec in candidates for row in heads), key=lambda found: found[0]
    )
    if score >= _LEAST_MATCHES:
        return spec, head
    return (named, sheet.rows[0]) if named else (None, None)


def _titles(spec: SheetSpec) -> dict[str, Column]:
    return {header_key(title): column for column in spec.columns for title in (column.title, *column.aliases)}


def _matches(spec: SheetSpec, row: Row) -> set[str]:
    titles = _titles(spec)
    keys = (header_key(cell) for cell in row.cells if isinstance(cell, str))
    return {titles[key].key for key in keys if key in titles}


def _located(spec: SheetSpec, sheet: Sheet, head: Row) -> Located:
    titles, columns = _titles(spec), dict[int, Column]()
    faults: list[Fault] = []
    for index, cell in enumerate(head.cells):
        if cell is None or is_reason(cell):
            continue
        column = titles.get(header_key(str(cell)))
        if column is None:
            faults.append(_unknown_header(spec, sheet, head, index, str(cell)))
        elif column in columns.values():
            faults.append(
                _fault(sheet, head, index, str(cell), _("“%(title)s”列出现了两次，请只留一列。", title=column.title))
            )
        else:
            columns[index] = column
    located = Located(spec, sheet, head, columns, ())
    return Located(spec, sheet, head, columns, (*faults, *_untitled(located), *_missing(located)))


def _fault(sheet: Sheet, head: Row, index: int, title: str, message: str) -> Fault:
    return Fault(sheet.name, head.number, shown(title), message, index + 1)


def _unknown_header(spec: SheetSpec, sheet: Sheet, head: Row, index: int, title: str) -> Fault:
    near = process.extractOne(title, spec.titles, scorer=fuzz.ratio, score_cutoff=_CLOSE)
    if near:
        message = _(
            "不认识的列“%(title)s”。是否为“%(near)s”？请按模板改写列名（单位也要一致）。",
            title=shown(title),
            near=near[0],
        )
    else:
        message = _("不认识的列“%(title)s”。模板里没有这一列，请删除或改成模板的列名。", title=shown(title))
    return _fault(sheet, head, index, title, message)


def _untitled(located: Located) -> Iterator[Fault]:
    """Columns that hold something below an empty title: dropped silently they would be lost."""
    titled = {index for index, cell in enumerate(located.head.cells) if cell is not None}
    seen: set[int] = set()
    for row in located.rows:
        for index, cell in enumerate(row.cells):
            if cell is not None and index not in titled and index not in seen:
                seen.add(index)
                letters = column_letters(index + 1)
                message = _("%(letters)s 列没有列名，却有内容。请补上列名或清空该列。", letters=letters)
                yield Fault(located.sheet.name, row.number, "", message, index + 1)


def _missing(located: Located) -> Iterator[Fault]:
    present = {column.key for column in located.columns.values()}
    for column in located.spec.columns:
        if column.required and column.key not in present:
            message = _("缺少必填列“%(title)s”。请下载模板，按模板的列名填写。", title=column.title)
            yield Fault(located.sheet.name, located.head.number, column.title, message)


def _unknown_sheet(sheet: Sheet) -> Fault:
    names = _("、").join(spec.name for spec in SHEETS)
    message = _(
        "“%(name)s”里没有找到模板的列名。请用模板的工作表：%(names)s；不导入的工作表请删除。",
        name=shown(sheet.name),
        names=names,
    )
    return Fault(sheet.name, sheet.rows[0].number, "", message)


def _second_sheet(sheet: Sheet, spec: SheetSpec, first: Sheet) -> Fault:
    message = _(
        "工作表“%(name)s”与“%(first)s”都像“%(spec)s”表，请合并成一张。",
        name=shown(sheet.name),
        first=shown(first.name),
        spec=spec.name,
    )
    return Fault(sheet.name, sheet.rows[0].number, "", message)
