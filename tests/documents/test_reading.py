from __future__ import annotations

import datetime
import struct
import warnings
from dataclasses import replace

import pytest

from matchmaker.documents.errors import SENTENCES, UnreadableWorkbook
from matchmaker.documents.reading import read_workbook
from matchmaker.documents.refusals import Reason
from matchmaker.documents.values import FileKind, Hole, Limits, Merge, Row
from tests.documents.building import SHEET, rebuilt, xlsx, zipped

ORDINARY = Limits()
HEAD = ["信用代码", "企业名称"]


def refused(content: bytes, filename: str = "a.xlsx", limits: Limits = ORDINARY) -> UnreadableWorkbook:
    with pytest.raises(UnreadableWorkbook) as caught:
        read_workbook(content, filename, limits)
    return caught.value


def csv_rows(content: bytes) -> list[tuple[object, ...]]:
    (sheet,) = read_workbook(content, "企业.csv").sheets
    return [row.cells for row in sheet.rows]


def test_every_reason_has_a_sentence():
    assert set(SENTENCES) == set(Reason)


def test_cells_keep_their_kind():
    book = read_workbook(xlsx([["0012", 12, 1.5, 914201007831614041, True, datetime.date(2024, 5, 31)]]), "a.xlsx")

    assert book.kind is FileKind.XLSX
    (row,) = book.sheets[0].rows
    assert row.cells[:3] == ("0012", 12, 1.5)
    assert isinstance(row.cells[1], int)
    assert isinstance(row.cells[3], float)
    assert row.cells[4] is True
    assert row.cells[5] == datetime.date(2024, 5, 31)


def test_rows_keep_the_numbers_their_author_sees():
    book = read_workbook(xlsx([[], [None, "乙"], [], ["甲", None, "  "]], name="第一张"), "a.xlsx")

    assert book.sheets[0].name == "第一张"
    assert book.sheets[0].rows == (Row(2, (None, "乙")), Row(4, ("甲",)))


def test_a_path_is_read_like_its_bytes(tmp_path):
    path = tmp_path / "上传"
    path.write_bytes(xlsx([HEAD]))

    assert read_workbook(path, "a.XLSX") == read_workbook(path.read_bytes(), "a.xlsx")


def test_merged_ranges_are_told():
    book = read_workbook(xlsx([HEAD, ["a", "b"]], merged=["A3:B5"]), "a.xlsx")

    (merge,) = book.sheets[0].merges
    assert merge == Merge(3, 1, 5, 2)
    assert merge.address == "A3:B5"


def test_a_hundred_thousand_empty_rows_cost_nothing():
    rows = b"".join(b'<row r="%d" spans="1:12" ht="15"><c r="A%d" s="1"/></row>' % (n, n) for n in range(3, 100_003))
    content = rebuilt(
        xlsx([HEAD, ["a", "b"]]), {SHEET: lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>")}
    )

    assert read_workbook(content, "a.xlsx").sheets[0].rows == (Row(1, tuple(HEAD)), Row(2, ("a", "b")))


@pytest.mark.parametrize("dimension", [b'<dimension ref="A1:XFD1048576"/>', b"", b'<dimension ref="A1"/>'])
def test_a_lying_dimension_is_not_believed(dimension):
    content = rebuilt(
        xlsx([HEAD, ["a", "b"]]), {SHEET: lambda part: part.replace(b'<dimension ref="A1:B2"/>', dimension)}
    )

    assert read_workbook(content, "a.xlsx").sheets[0].rows == (Row(1, tuple(HEAD)), Row(2, ("a", "b")))


def test_errors_and_formulas_without_a_result_are_told_as_holes():
    cells = b'<row r="2"><c r="A2" t="e"><v>#REF!</v></c><c r="B2"><f>1+1</f></c><c r="C2"><f>1+1</f><v>2</v></c></row>'
    content = rebuilt(xlsx([HEAD]), {SHEET: lambda part: part.replace(b"</sheetData>", cells + b"</sheetData>")})

    (sheet,) = read_workbook(content, "a.xlsx").sheets

    assert sheet.holes == (Hole(2, 1), Hole(2, 2))
    assert sheet.rows[1].cells == (None, None, 2)


def test_a_number_that_is_none_comes_as_text():
    cells = b'<row r="2"><c r="A2"><v>NaN</v></c><c r="B2"><v>1e999</v></c></row>'
    content = rebuilt(xlsx([HEAD]), {SHEET: lambda part: part.replace(b"</sheetData>", cells + b"</sheetData>")})

    assert read_workbook(content, "a.xlsx").sheets[0].rows[1].cells == ("nan", "inf")


def test_hidden_sheets_are_left_out():
    content = rebuilt(
        xlsx([HEAD]), {"xl/workbook.xml": lambda part: part.replace(b'sheetId="1"', b'sheetId="1" state="hidden"')}
    )

    assert read_workbook(content, "a.xlsx").sheets == ()


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8-sig", b""), ("gbk", b""), ("gb18030", b""), ("utf-16", b""),
     ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b""), ("utf-16-be", b"")],
)  # fmt: skip
def test_csv_is_read_in_every_encoding_offices_use(encoding, mark):
    text = "信用代码,企业名称\r\n91,襄阳模具厂\r\n"

    assert csv_rows(mark + text.encode(encoding)) == [("信用代码", "企业名称"), ("91", "襄阳模具厂")]


def test_rare_characters_survive_gb18030_and_utf8():
    assert csv_rows("名称,𬭚\n".encode("gb18030")) == [("名称", "𬭚")]
    assert csv_rows("名称,𬭚\n".encode()) == [("名称", "𬭚")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "，", "；"])
def test_the_separator_is_found(separator):
    assert csv_rows(f'甲{separator}乙\n"1{separator}2"{separator}3\n'.encode()) == [
        ("甲", "乙"),
        (f"1{separator}2", "3"),
    ]


def test_quoted_line_breaks_stay_inside_their_cell_and_count_one_row():
    (sheet,) = read_workbook('名称,内容\n\n甲,"第一行\n第二行"\n'.encode(), "需求.csv").sheets

    assert sheet.name == "需求"
    assert sheet.rows == (Row(1, ("名称", "内容")), Row(3, ("甲", "第一行\n第二行")))


def test_an_open_quote_is_named_by_its_row():
    refusal = refused('名称,内容\n甲,乙\n丙,"丁\n'.encode(), "a.csv")

    assert refusal.message == "第 3 行的引号没有配对，无法分列。请改正引号，或改用 .xlsx。"


@pytest.mark.parametrize(
    ("content", "filename", "reason"),
    [
        (b"", "a.xlsx", Reason.EMPTY),
        (b"%PDF-1.7\n", "a.xlsx", Reason.PDF),
        (b"%PDF-1.7\n", "a.csv", Reason.PDF),
        (b"\x89PNG\r\n\x1a\n\0", "a.csv", Reason.PICTURE),
        (b"MZ\x90\0\3\0", "a.xlsx", Reason.PROGRAM),
        (b"\x7fELF\2\1", "a.csv", Reason.PROGRAM),
        (b"\x1f\x8b\x08\0", "a.csv", Reason.ARCHIVE),
        (b"{\\rtf1 x}", "a.csv", Reason.WORD),
        (b"<html><table><tr><td>1", "a.xls", Reason.WEB_PAGE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", Reason.OLD_EXCEL),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", Reason.ENCRYPTED),
        (b"a,b", "a.txt", Reason.EXTENSION),
        (b"a,b", "a", Reason.EXTENSION),
        (b"a,b", "a.xlsm", Reason.MACROS),
        (b"a,b", "a.xlsb", Reason.BINARY_EXCEL),
        (b"a,b", "a.xlsx", Reason.WORKBOOK_IS_TEXT),
        (xlsx([HEAD]), "a.csv", Reason.CSV_IS_WORKBOOK),
        (b"\x01\x02\x00\x03binary", "a.csv", Reason.NOT_TEXT),
        (b"\xff\x81\x20\xff", "a.csv", Reason.ENCODING),
        (zipped("word/document.xml"), "a.xlsx", Reason.WORD),
        (zipped("ppt/presentation.xml"), "a.xlsx", Reason.SLIDES),
        (zipped("content.xml", "mimetype"), "a.xlsx", Reason.OPEN_DOCUMENT),
        (zipped("xl/workbook.bin"), "a.xlsx", Reason.BINARY_EXCEL),
        (zipped("xl/workbook.xml", "xl/vbaProject.bin"), "a.xlsx", Reason.MACROS),
        (zipped("照片.jpg"), "a.xlsx", Reason.ARCHIVE),
        (zipped("xl/workbook.xml"), "a.xlsx", Reason.DAMAGED),
        (xlsx([HEAD])[:-200], "a.xlsx", Reason.DAMAGED),
        (b"PK\x03\x04" + bytes(500), "a.xlsx", Reason.DAMAGED),
    ],
)
def test_what_is_not_a_workbook_is_refused_by_what_it_is(content, filename, reason):
    refusal = refused(content, filename)

    assert refusal.reason is reason
    assert refusal.message == str(SENTENCES[reason]).format(extension=filename.removeprefix("a"))


def test_a_file_over_the_size_limit_is_refused_unopened():
    assert refused(bytes(2_000_001), limits=Limits(file_bytes=2_000_000)).message.startswith("文件超过 2 MB。")


def test_a_zip_bomb_is_refused_while_it_unpacks():
    bomb = rebuilt(xlsx([HEAD]), {}, {"xl/media/bomb.xml": bytes(3_000_000)})

    assert len(bomb) < 20_000
    assert refused(bomb, limits=Limits(unpacked_bytes=2_000_000)).reason is Reason.TOO_MUCH_INSIDE


def test_a_bomb_that_lies_about_its_size_is_refused():
    honest = rebuilt(xlsx([HEAD]), {}, {"xl/bomb.xml": b" " * 3_000_000})
    lying = honest.replace(struct.pack("<L", 3_000_000), struct.pack("<L", 10))

    assert lying != honest
    assert refused(lying, limits=Limits(unpacked_bytes=2_000_000)).reason is Reason.TOO_MUCH_INSIDE
    assert refused(lying).reason is Reason.DAMAGED


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x [<!ENTITY a "b">]>'.encode("utf-16-le"),
        b"<!-- " + b"x" * 1_048_540 + b' --><!ENTITY a SYSTEM "file:///etc/passwd">',
    ],
)
def test_entities_are_refused_however_they_are_hidden(declaration):
    content = rebuilt(xlsx([HEAD]), {SHEET: lambda part: part.replace(b"<worksheet", declaration + b"<worksheet")})

    assert refused(content).reason is Reason.ENTITIES


def test_a_part_in_an_odd_encoding_is_refused():
    content = rebuilt(xlsx([HEAD]), {SHEET: lambda part: part.replace(b'encoding="UTF-8"', b'encoding="cp037"')})

    assert refused(content).reason is Reason.DAMAGED


def test_two_parts_of_one_name_are_refused():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile itself warns of what is built here
        content = rebuilt(xlsx([HEAD]), {}, {SHEET: b"<worksheet/>"})

    assert refused(content).reason is Reason.REPEATED_NAMES
    assert refused(rebuilt(xlsx([HEAD]), {}, {"XL\\Worksheets\\Sheet1.xml": b"x"})).reason is Reason.REPEATED_NAMES


def test_malformed_xml_is_refused():
    content = rebuilt(xlsx([HEAD]), {SHEET: lambda part: part.replace(b"</sheetData>", b"</sheetDat")})

    assert refused(content).reason is Reason.DAMAGED


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"members": 5}, Reason.TOO_MANY_MEMBERS),
        ({"sheets": 0}, Reason.TOO_MANY_SHEETS),
        ({"rows": 2}, Reason.TOO_MANY_ROWS),
        ({"last_row": 2}, Reason.TOO_MANY_ROWS),
        ({"columns": 1}, Reason.TOO_MANY_COLUMNS),
        ({"cells": 5}, Reason.TOO_MANY_CELLS),
        ({"characters": 9}, Reason.TOO_MANY_CELLS),
    ],
)
def test_each_limit_is_kept(limits, reason):
    content = xlsx([HEAD, ["a", "b"], ["c", "d"]])

    assert len(read_workbook(content, "a.xlsx").sheets[0].rows) == 3
    assert refused(content, limits=replace(Limits(), **limits)).reason is reason


def test_rows_and_columns_over_the_limit_are_named():
    assert refused(xlsx([["a"], ["b"]]), limits=Limits(rows=1)).message == "工作表“企业”超过 1 行。请分成几个文件上传。"
    assert refused(xlsx([["a"], ["b", "c"]]), limits=Limits(columns=1)).message == (
        "工作表“企业”第 2 行的内容超过 1 列。请删除数据区右侧的内容。"
    )


def test_a_sheet_too_vast_for_memory_kills_only_the_child():
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    content = rebuilt(xlsx([HEAD]), {SHEET: lambda part: part.replace(b"</sheetData>", cell + b"</sheetData>")})

    assert refused(content).reason is Reason.TOO_SLOW


def test_a_reader_that_does_not_end_in_time_is_stopped():
    assert refused(xlsx([HEAD]), limits=Limits(wall_seconds=0)).reason is Reason.TOO_SLOW


def test_a_reply_larger_than_the_disk_it_may_use_is_refused():
    assert refused(xlsx([["x" * 1000]] * 100), limits=Limits(reply_bytes=50_000)).reason is Reason.TOO_SLOW
