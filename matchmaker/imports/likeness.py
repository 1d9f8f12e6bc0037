"""New firms of a workbook that may be on the register already, under another code: warnings, never faults."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Final

from matchmaker.enterprises.resolving import Names, reasons
from matchmaker.enterprises.wording import told_as
from matchmaker.i18n import gettext as _
from matchmaker.imports.checking import Checked, EnterpriseRow

MOST_COMPARED: Final = 2_000  # a row takes some milliseconds, and a person reads no more


@dataclass(frozen=True, slots=True)
class Alike:
    """A row of the workbook and the id of a firm it may be, with the name of its that is like."""

    row: EnterpriseRow
    firm_id: int
    asked: str
    known: str


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A new row, the firm of the register it may be, and in what their names differ."""

    row: int
    name: str
    known: str
    code: str
    why: str


def lookalikes_among(checked: Checked, new: Set[str], names: Names) -> tuple[Alike, ...]:
    """The new firms of a workbook with the firms each may be; `new` are the codes not yet on the register."""
    rows = [row for row in checked.enterprises if row.code in new][:MOST_COMPARED]
    return tuple(alike for row in rows for alike in _alike(row, names))


def _alike(row: EnterpriseRow, names: Names) -> Iterator[Alike]:
    seen: set[int] = set()
    for asked in (row.name, *row.former_names):
        for firm_id, known in names.likely(asked, k=3):
            if firm_id not in seen:
                seen.add(firm_id)
                yield Alike(row, firm_id, asked, known)


def worded(alike: Alike, name: str, code: str) -> Lookalike:
    """The warning as it is kept: `name` and `code` are those of the firm on the register."""
    why = _("；").join(told_as(told) for told in reasons(alike.asked, alike.known))
    if alike.known != name:
        why = _("与其简称或曾用名“%(name)s”相近：", name=alike.known) + why
    return Lookalike(alike.row.row, alike.row.name, name, code, why)
