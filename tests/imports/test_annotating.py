from __future__ import annotations

import io

import openpyxl
import pytest

from matchmaker.documents.reading import read_workbook
from matchmaker.documents.values import Workbook
from matchmaker.documents.writing import write_csv
from matchmaker.enterprises.credit_codes import check_character
from matchmaker.imports import annotating
from matchmaker.imports.annotating import annotate
from matchmaker.imports.checking import Checked, check
from matchmaker.imports.lookups import Reference, lookup, region_entries

REFERENCE = Reference(lookup(region_entries([("420600", "襄阳市", "襄阳", None)])), lookup([]), lookup([]))
CODE = "91420600000000001" + check_character("91420600000000001")
ROWS = [["信用代码", "企业名称", "地区", "备注"], [CODE, "甲厂", "襄阳", None], [CODE, "乙厂", "Mars", None]]
UNKNOWN = "地区：没有地区“Mars”。请从模板的下拉名单中选择。"
TWICE = f"信用代码：信用代码 {CODE} 与第 3 行重复，每家企业只能一行。"
TITLE = "原因\n备注：不认识的列“备注”。模板里没有这一列，请删除或改成模板的列名。"


def own_workbook() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "企业"
    page.append(["填报表"])
    for row in ROWS:
        page.append(row)
    page["B3"].number_format = "@"
    book.create_sheet("台账").append(["序号", "金额"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read_and_checked(content: bytes, filename: str) -> tuple[Workbook, Checked]:
    workbook = read_workbook(content, filename)
    return workbook, check(workbook, REFERENCE)


def annotated(content: bytes, filename: str = "企业.xlsx") -> openpyxl.Workbook:
    target = io.BytesIO()
    annotate(content, *read_and_checked(content, filename), target)
    return openpyxl.load_workbook(target)


def reasons(page: object, column: int) -> list[str | None]:
    return [page.cell(row, column).value for row in range(1, 5)]


@pytest.mark.parametrize("kept_cells", [annotating._KEPT_CELLS, 0])
def test_each_row_has_its_reasons_at_its_own_number(kept_cells, monkeypatch):
    monkeypatch.setattr(annotating, "_KEPT_CELLS", kept_cells)

    book = annotated(own_workbook())

    assert reasons(book["企业"], 5) == [None, TITLE, None, f"{TWICE}\n{UNKNOWN}"]
    assert book["台账"]["C1"].value.startswith("原因\n“台账”里没有找到模板的列名。")


def test_the_senders_own_workbook_comes_back_marked():
    page = annotated(own_workbook())["企业"]

    assert page["C4"].comment.text == UNKNOWN
    assert page["C4"].fill.fgColor.rgb == "FFFFC7CE"
    assert page["C3"].fill.fill_type is None
    assert page["B3"].number_format == "@"


def test_a_corrected_copy_is_accepted_as_it_is():
    target = io.BytesIO()
    rows = [["信用代码", "企业名称", "地区"], [CODE, "甲厂", "Mars"]]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(target)
    copy = annotated(target.getvalue())
    copy.active["C2"] = "襄阳市"
    corrected = io.BytesIO()
    copy.save(corrected)

    _workbook, checked = read_and_checked(corrected.getvalue(), "企业.xlsx")

    assert checked.faults == ()
    assert [row.name for row in checked.enterprises] == ["甲厂"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_a_csv_comes_back_as_a_workbook_with_the_same_rows(encoding):
    target = io.BytesIO()
    write_csv(ROWS[0], [ROWS[1], [], ROWS[2]], target)
    content = target.getvalue().decode("utf-8-sig").encode(encoding)

    page = annotated(content, "企业.csv")["企业"]

    assert [page.cell(row, 2).value for row in range(1, 5)] == ["企业名称", "甲厂", None, "乙厂"]
    assert reasons(page, 5) == [TITLE, None, None, f"{TWICE.replace('第 3 行', '第 2 行')}\n{UNKNOWN}"]
