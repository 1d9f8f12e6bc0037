"""Ordinary and hostile files, made on the spot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"


def xlsx(rows: Sequence[Sequence[object]], *, name: str = "企业", merged: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet as a spreadsheet program would save it."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        for cells in merged:
            page.merge_range(cells, "合并")
    return content.getvalue()


def rebuilt(content: bytes, changes: Mapping[str, Callable[[bytes], bytes]], extra: Mapping[str, bytes] = {}) -> bytes:
    """The same zip with some parts changed and others added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, bytes)(old.read(name)))
        for name, part in extra.items():
            new.writestr(name, part)
    return target.getvalue()


def zipped(*names: str) -> bytes:
    """A zip whose parts have these names and say nothing."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()
