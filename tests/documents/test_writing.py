from __future__ import annotations

import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.documents.neutral import neutralise, restored
from matchmaker.documents.reading import read_workbook
from matchmaker.documents.values import Row, column_letters, column_number
from matchmaker.documents.writing import OutColumn, OutSheet, write_csv, write_workbook

LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1", " =1", "\u3000=1", "\0=1"]


def written(*rows: list[object], columns: tuple[OutColumn, ...] = (OutColumn("名称"),)) -> bytes:
    target = io.BytesIO()
    write_workbook([OutSheet("企业", columns, rows)], target)
    return target.getvalue()


@pytest.mark.parametrize("text", LIVE)
def test_no_text_leaves_as_a_formula(text):
    assert neutralise(text) == "'" + text.replace("\0", "")

    cell = openpyxl.load_workbook(io.BytesIO(written([text]))).active["A2"]
    assert (cell.data_type, cell.value[0]) == ("s", "'")

    target = io.BytesIO()
    write_csv(["名称"], [[text]], target)
    assert target.getvalue().decode("utf-8-sig").removeprefix("名称\r\n").lstrip('"')[0] == "'"


@pytest.mark.parametrize("text", ["襄阳模具", "a=b", "1-2", "", "'quoted", "６０６１", "5 - 3"])
def test_ordinary_text_leaves_unchanged(text):
    assert neutralise(text) == text
    assert restored(text) == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_what_was_guarded_comes_back(text):
    clean = text.replace("\ufffe", "").replace("\uffff", "")
    if not clean.startswith("'"):
        assert restored(neutralise(text)) == clean


def test_titles_are_guarded_too():
    sheet = openpyxl.load_workbook(io.BytesIO(written(columns=(OutColumn("=1"),)))).active

    assert sheet["A1"].value == "'=1"


def test_numbers_stay_numbers_and_dates_stay_dates():
    moment = datetime.datetime(2024, 5, 31, 10, 5, tzinfo=datetime.UTC)
    (sheet,) = read_workbook(
        written([-5, -1.5, Decimal("2.5"), 10**16, True, datetime.date(2024, 5, 31), moment, None]), "a.xlsx"
    ).sheets

    assert sheet.rows[1].cells[:5] == (-5, -1.5, 2.5, "10000000000000000", True)
    assert sheet.rows[1].cells[5] == datetime.date(2024, 5, 31)
    assert sheet.rows[1].cells[6] == datetime.datetime(2024, 5, 31, 10, 5)  # noqa: DTZ001 -- a cell has no zone


def test_a_negative_number_in_a_csv_stays_a_number():
    target = io.BytesIO()
    write_csv(["差额", "日期", "时间"], [[-5, datetime.date(2024, 5, 31), datetime.datetime(2024, 5, 31, 8)]], target)  # noqa: DTZ001

    assert target.getvalue() == "\ufeff差额,日期,时间\r\n-5,2024-05-31,2024-05-31 08:00\r\n".encode()


def test_a_csv_is_written_to_a_path_and_read_back(tmp_path):
    write_csv(["名称", "内容"], [["襄阳", '一"二\n三']], tmp_path / "a.csv")

    assert read_workbook(tmp_path / "a.csv", "a.csv").sheets[0].rows == (
        Row(1, ("名称", "内容")),
        Row(2, ("襄阳", '一"二\n三')),
    )


def test_text_longer_than_a_cell_is_cut_visibly():
    (sheet,) = read_workbook(written(["长" * 40_000]), "a.xlsx").sheets

    assert sheet.rows[1].cells == ("长" * 32_000 + "…",)


def test_choices_are_offered_from_a_hidden_sheet(tmp_path):
    columns = (OutColumn("类型", choices=("企业", "高校"), only_choices=True), OutColumn("地区", choices=("武汉市",)))
    target = tmp_path / "a.xlsx"
    write_workbook([OutSheet("企业", columns)], target)

    book = openpyxl.load_workbook(target)
    kinds, places = book["企业"].data_validations.dataValidation
    assert (kinds.formula1, kinds.errorStyle) == ("选项!$A$1:$A$2", None)
    assert (places.formula1, places.errorStyle) == ("选项!$B$1:$B$1", "information")
    assert (book["选项"].sheet_state, [cell.value for cell in book["选项"]["A"]]) == ("hidden", ["企业", "高校"])


def test_a_written_workbook_has_no_formula_and_no_link():
    with zipfile.ZipFile(io.BytesIO(written(*[[text] for text in LIVE], ["http://example.org"]))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")

    assert b"<f" not in sheet
    assert b"hyperlink" not in sheet


@given(st.integers(min_value=1, max_value=16_384))
def test_column_letters_and_numbers_are_inverse(column):
    assert column_number(column_letters(column)) == column


def test_column_letters_are_those_of_a_spreadsheet():
    assert [column_letters(number) for number in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
