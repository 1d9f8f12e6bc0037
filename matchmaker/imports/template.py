"""The workbook people download, fill in and send back; exports are written in the same form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

from matchmaker.documents.writing import OutColumn, OutSheet, OutValue, write_workbook
from matchmaker.i18n import gettext as _
from matchmaker.imports.columns import IGNORED_SHEETS, SHEETS, Column, Kind, SheetSpec

_TEXT_KINDS = {Kind.CODE, Kind.TEXT, Kind.TEXTS, Kind.INDUSTRY, Kind.REGION, Kind.SEGMENT}


def write_template(target: Path | IO[bytes], *, regions: Sequence[str], segments: Sequence[str]) -> None:
    """Write the empty template with its instructions; the names are offered in drop-downs."""
    pages = [out_sheet(spec, (), regions=regions, segments=segments) for spec in SHEETS]
    write_workbook([_instructions(), *pages], target)


def write_filled(target: Path | IO[bytes], tables: Sequence[tuple[SheetSpec, Iterable[Sequence[OutValue]]]]) -> None:
    """Write rows in the template's form, each row in the order of its sheet's columns."""
    write_workbook([out_sheet(spec, rows) for spec, rows in tables], target)


def out_sheet(
    spec: SheetSpec,
    rows: Iterable[Sequence[OutValue]],
    *,
    regions: Sequence[str] = (),
    segments: Sequence[str] = (),
) -> OutSheet:
    """One sheet of the template with these rows in it."""
    offered = {Kind.REGION: tuple(regions), Kind.SEGMENT: tuple(segments)}
    return OutSheet(
        spec.name, tuple(_out_column(column, offered.get(column.kind, ())) for column in spec.columns), rows
    )


def _out_column(column: Column, offered: tuple[str, ...]) -> OutColumn:
    return OutColumn(
        title=column.title + ("*" if column.required else ""),
        width=column.width,
        note=_note(column),
        choices=tuple(word for _value, word in column.choices) or offered,
        only_choices=bool(column.choices),
        is_text=column.kind in _TEXT_KINDS,
        is_required=column.required,
    )


def _note(column: Column) -> str:
    example = _("例：%(example)s", example=column.example) if column.example else ""
    return "\n".join(part for part in (str(column.help), example) if part)


def _instructions() -> OutSheet:
    """The sheet that says how to fill in the others; examples stand here so that nobody imports them."""
    columns = tuple(OutColumn(title, width) for title, width in ((_("工作表"), 12), (_("列"), 20), (_("必填"), 8)))
    texts = (OutColumn(_("怎么填"), 64), OutColumn(_("例"), 30))
    return OutSheet(IGNORED_SHEETS[0], columns + texts, _instruction_rows())


def _instruction_rows() -> Iterable[Sequence[OutValue]]:
    for spec in SHEETS:
        yield (spec.name, "", "", str(spec.help), "")
        for column in spec.columns:
            yield ("", column.title, _("必填") if column.required else "", str(column.help), column.example)
