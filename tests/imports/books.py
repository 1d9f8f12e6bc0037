"""Workbooks in the template's form, made on the spot."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from matchmaker.enterprises.credit_codes import check_character
from matchmaker.imports.columns import CAPABILITIES, ENTERPRISES, NEEDS, SheetSpec
from matchmaker.imports.template import write_filled

Cells = Mapping[str, object]


def code(number: int) -> str:
    """A valid credit code of a firm in 襄阳."""
    first = f"91420600{number:09d}"
    return first + check_character(first)


def firm(number: int = 1, **cells: object) -> Cells:
    """A row of 企业."""
    return {"code": code(number), "name": f"襄阳第{number}模具厂", "region_code": "襄阳市"} | cells


def line(number: int = 1, **cells: object) -> Cells:
    """A row of 供给能力."""
    return {"code": code(number), "product": "汽车保险杠注塑模具"} | cells


def need(number: int = 1, **cells: object) -> Cells:
    """A row of 需求."""
    return {"code": code(number), "kind": "采购", "text": "电池托盘压铸件"} | cells


def book(*, firms: Sequence[Cells] = (), lines: Sequence[Cells] = (), needs: Sequence[Cells] = ()) -> bytes:
    """An .xlsx of these rows."""
    content = io.BytesIO()
    sheets = ((ENTERPRISES, firms), (CAPABILITIES, lines), (NEEDS, needs))
    write_filled(content, [(spec, [_in_order(spec, row) for row in rows]) for spec, rows in sheets if rows])
    return content.getvalue()


def csv(spec: SheetSpec, rows: Sequence[Cells], encoding: str) -> bytes:
    """A .csv of one sheet."""
    lines = [spec.titles, *(_in_order(spec, row) for row in rows)]
    return "\r\n".join(",".join(map(str, cells)) for cells in lines).encode(encoding)


def _in_order(spec: SheetSpec, row: Cells) -> list[object]:
    return [row.get(column.key, "") for column in spec.columns]
