"""A file told row by row: what kind it is, what it holds, within the limits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import IO

from matchmaker.documents.child import archive, delimited, holes, sheets
from matchmaker.documents.child.kinds import kind_of
from matchmaker.documents.refusals import Reason, Refusal
from matchmaker.documents.values import FileKind, Limits


def tell(source: IO[bytes], reply: IO[bytes], filename: str, limits: Limits) -> None:
    """Write the file as JSON lines: its kind, then for each sheet its rows and at last its name and merges."""
    kind = kind_of(filename, source)
    told = _Told(limits)
    _write(reply, {"kind": kind})
    for message in _csv(source, filename, told) if kind is FileKind.CSV else _xlsx(source, told):
        _write(reply, message)


def _write(reply: IO[bytes], message: object) -> None:
    reply.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


@dataclass(slots=True)
class _Told:
    """How much has been told so far, against the limits."""

    limits: Limits
    cells: int = field(default=0)
    characters: int = field(default=0)

    def rows(self, name: str, table: Iterable[Sequence[object]]) -> Iterator[list[object]]:
        """The rows with something in them, each with its number, as long as the limits allow."""
        count = 0
        for number, row in enumerate(table, start=1):
            cells = _trimmed(row)
            count += bool(cells)
            if count > self.limits.rows or number > self.limits.last_row:
                raise Refusal(Reason.TOO_MANY_ROWS, sheet=name, limit=self.limits.rows)
            if not cells:
                continue
            if len(cells) > self.limits.columns:
                raise Refusal(Reason.TOO_MANY_COLUMNS, sheet=name, row=number, limit=self.limits.columns)
            self._add(cells)
            yield [number, cells]

    def _add(self, cells: list[object]) -> None:
        self.cells += len(cells)
        self.characters += sum(len(cell) for cell in cells if isinstance(cell, str))
        if self.cells > self.limits.cells or self.characters > self.limits.characters:
            raise Refusal(Reason.TOO_MANY_CELLS)


def _trimmed(row: Sequence[object]) -> list[object]:
    """The cells without blanks at the end; a cell of nothing but blanks is empty."""
    cells = [None if isinstance(cell, str) and not cell.strip() else cell for cell in row]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _csv(source: IO[bytes], filename: str, told: _Told) -> Iterator[object]:
    name = PurePath(filename).stem
    yield from told.rows(name, delimited.rows(source.read()))
    yield {"sheet": name, "merges": [], "holes": []}


def _xlsx(source: IO[bytes], told: _Told) -> Iterator[object]:
    archive.inspect(source, told.limits)
    empty_results: Mapping[str, list[list[int]]] = holes.find(source)
    source.seek(0)
    for name, sheet in sheets.sheets(source, told.limits):
        yield from told.rows(name, sheets.rows(sheet))
        yield {"sheet": name, "merges": sheets.merges(sheet), "holes": empty_results.get(name, [])}
