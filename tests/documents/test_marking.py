from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from matchmaker.documents.errors import UnreadableWorkbook
from matchmaker.documents.marking import Mark, MarkedSheet, mark_workbook
from matchmaker.documents.refusals import Reason
from tests.documents.building import rebuilt, xlsx, zipped


def marked(content: bytes, *marks: Mark, head_row: int = 1, reason_column: int = 3) -> openpyxl.Workbook:
    target = io.BytesIO()
    mark_workbook(content, [MarkedSheet("企业", head_row, reason_column, marks)], target, title="原因")
    return openpyxl.load_workbook(target)


def own_workbook() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "企业"
    page.append(["信用代码", "企业名称"])
    page.append(["=1+1", "乙"])
    page.append(["丙", "@丁"])
    page["B1"].font = Font(bold=True, color="FF00AA00")
    page["B3"].fill = PatternFill("solid", start_color="FFFFFF00")
    page.column_dimensions["B"].width = 33
    page.merge_cells("A4:B5")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_faulty_cells_are_red_with_a_comment_and_rows_have_their_reasons():
    page = marked(own_workbook(), Mark(2, 2, "名称不对"), Mark(2, None, "整行重复"), Mark(3, 1, "代码不对"))["企业"]

    assert [page.cell(row, 3).value for row in (1, 2, 3)] == ["原因", "名称不对\n整行重复", "代码不对"]
    assert page["B2"].fill.fgColor.rgb == "FFFFC7CE"
    assert page["B2"].comment.text == "名称不对"
    assert page["A2"].comment is None
    assert page["A3"].comment.text == "代码不对"


def test_its_own_formats_stay():
    page = marked(own_workbook(), Mark(2, 2, "名称不对"))["企业"]

    assert (page["B1"].font.b, page["B1"].font.color.rgb) == (True, "FF00AA00")
    assert page["B3"].fill.fgColor.rgb == "FFFFFF00"
    assert page.column_dimensions["B"].width == 33
    assert [str(cells) for cells in page.merged_cells.ranges] == ["A4:B5"]


def test_nothing_live_comes_back():
    page = marked(own_workbook(), Mark(3, 2, "=HYPERLINK(1)"))["企业"]

    assert page["A2"].value is None  # a formula that never had a result
    assert (page["B3"].value, page["B3"].data_type) == ("'@丁", "s")
    assert (page["C3"].value, page["C3"].data_type) == ("'=HYPERLINK(1)", "s")


def test_a_reason_about_the_titles_stands_under_the_title():
    page = marked(own_workbook(), Mark(1, 2, "不认识的列"))["企业"]

    assert page["C1"].value == "原因\n不认识的列"
    assert page["B1"].comment.text == "不认识的列"


def test_a_second_marking_forgets_the_first():
    first = io.BytesIO()
    mark_workbook(
        own_workbook(), [MarkedSheet("企业", 1, 3, (Mark(2, 2, "旧"), Mark(3, 1, "旧")))], first, title="原因"
    )

    page = marked(first.getvalue(), Mark(3, 1, "新"))["企业"]

    assert [page.cell(row, 3).value for row in (1, 2, 3)] == ["原因", None, "新"]
    assert (page["B2"].comment, page["B2"].fill.fill_type) == (None, None)
    assert page["A3"].comment.text == "新"


def test_a_mark_on_a_merged_cell_and_on_an_absent_sheet_do_no_harm():
    target = io.BytesIO()
    sheets = [MarkedSheet("企业", 1, 3, (Mark(5, 2, "合并"),)), MarkedSheet("没有", 1, 3, (Mark(2, 1, "无"),))]
    mark_workbook(own_workbook(), sheets, target, title="原因")

    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["企业"]
    assert book["企业"]["C5"].value == "合并"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (zipped("word/document.xml"), Reason.WORD),
        (zipped("xl/workbook.xml"), Reason.DAMAGED),
        (rebuilt(xlsx([["a"]]), {"xl/workbook.xml": lambda part: b"<!DOCTYPE x>" + part}), Reason.ENTITIES),
    ],
)
def test_what_cannot_be_read_cannot_be_marked(content, reason):
    with pytest.raises(UnreadableWorkbook) as caught:
        marked(content)

    assert caught.value.reason is reason
