from __future__ import annotations

import io

import openpyxl

from matchmaker.documents.reading import read_workbook
from matchmaker.imports.checking import check
from matchmaker.imports.columns import CAPABILITIES, ENTERPRISES, NEEDS, SHEETS, Kind, header_key
from matchmaker.imports.lookups import Reference, lookup, region_entries
from matchmaker.imports.template import write_filled, write_template

REFERENCE = Reference(
    lookup(region_entries([("420600", "襄阳市", "襄阳", None)])), lookup([]), lookup([]), allow_samples=True
)


def template() -> bytes:
    target = io.BytesIO()
    write_template(target, regions=["襄阳市", "武汉市"], segments=["汽车/模具"])
    return target.getvalue()


def test_the_template_has_the_instructions_and_the_three_sheets():
    book = openpyxl.load_workbook(io.BytesIO(template()))

    assert book.sheetnames == ["填写说明", "企业", "供给能力", "需求", "选项"]
    assert [cell.value for cell in book["需求"][1]] == [
        "信用代码*", "需求类型*", "需求内容*", "环节", "数量", "单位", "预算下限（万元）", "预算上限（万元）",
        "交付日期", "硬性条件", "期望条件", "可见范围", "有效期至",
    ]  # fmt: skip
    assert book["企业"]["A1"].comment.text.startswith("18 位统一社会信用代码。")
    assert book["企业"].column_dimensions["A"].number_format == "@"


def test_the_drop_downs_offer_regions_kinds_and_sizes():
    book = openpyxl.load_workbook(io.BytesIO(template()))
    offered = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in book["企业"].data_validations.dataValidation}
    options = {
        column[0].column_letter: [cell.value for cell in column if cell.value] for column in book["选项"].columns
    }

    assert {cell: options[source.split("$")[1]] for cell, source in offered.items()} == {
        "E2": ["襄阳市", "武汉市"],
        "G2": ["企业", "科研院所", "高校", "银行", "协会"],
        "H2": ["大型", "中型", "小型", "微型"],
    }


def test_every_column_is_explained():
    rows = read_workbook(template(), "a.xlsx").sheets[0].rows

    explained = [row.cells[1] for row in rows if row.cells[1]][1:]
    assert explained == [title for spec in SHEETS for title in spec.titles]
    assert all(row.cells[3] for row in rows)


def test_the_template_itself_says_nothing():
    checked = check(read_workbook(template(), "a.xlsx"), REFERENCE)

    assert [fault.message for fault in checked.faults] == ["没有可导入的行。请在列名下方逐行填写后再上传。"]
    assert [layout.key for layout in checked.layouts] == ["enterprises", "capabilities", "needs"]


def test_rows_written_in_its_form_are_read_back():
    firm = ["DEMO00000000000001", "=襄阳模具厂", "", "旧名；更旧", "襄阳", "", "企业", "", 5280.5, "", ""]
    line = ["DEMO00000000000001", "模具", "", "", "-20℃", 5, "套", "年", None, 30, "", None]
    target = io.BytesIO()
    write_filled(target, [(ENTERPRISES, [firm]), (CAPABILITIES, [line])])

    checked = check(read_workbook(target.getvalue(), "a.xlsx"), REFERENCE)

    assert checked.faults == ()
    (enterprise,), (capability,) = checked.enterprises, checked.capabilities
    assert (enterprise.name, enterprise.former_names, enterprise.last_year_revenue) == (
        "=襄阳模具厂", ("旧名", "更旧"), 52_805_000,
    )  # fmt: skip
    assert (capability.spec, capability.capacity, capability.capacity_period) == ("-20℃", 5, "year")


def test_no_two_titles_of_a_sheet_can_be_mistaken_for_each_other():
    for spec in (ENTERPRISES, CAPABILITIES, NEEDS):
        names = [header_key(name) for column in spec.columns for name in (column.title, *column.aliases)]
        assert len(names) == len(set(names))
        assert [column.key for column in spec.columns if column.kind is Kind.CODE] == ["code"]


def test_money_columns_state_their_unit():
    for spec in SHEETS:
        for column in spec.columns:
            assert column.title.endswith("（万元）") == (column.kind is Kind.AMOUNT)
