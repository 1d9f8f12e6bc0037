from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.documents.values import CellValue, FileKind, Hole, Merge, Row, Sheet, Workbook
from matchmaker.enterprises import models
from matchmaker.enterprises.credit_codes import check_character
from matchmaker.imports import columns
from matchmaker.imports.checking import CapabilityRow, Checked, EnterpriseRow, Fault, Layout, NeedRow, check, tables
from matchmaker.imports.lookups import Reference, industry_entries, lookup, region_entries, segment_entries

REFERENCE = Reference(
    regions=lookup(
        region_entries(
            [
                ("420000", "湖北省", "湖北", None),
                ("420600", "襄阳市", "襄阳", "420000"),
                ("420606", "樊城区", "樊城", "420600"),
                ("421000", "荆州市", "荆州", "420000"),
                ("421003", "荆州区", "荆州", "421000"),
                ("430000", "湖南省", "湖南", None),
                ("000000", "省外（未详）", "省外", None),
            ]
        )
    ),
    segments=lookup(
        segment_entries(
            [("auto.mould", "模具", "汽车"), ("home.mould", "模具", "家电"), ("auto.steel", "汽车用钢", "汽车")]
        )
    ),
    industries=lookup(industry_entries([("C", "制造业", None), ("35", "专用设备制造业", "C"), ("01", "农业", None)])),
)


def code(number: int) -> str:
    first = f"91420600{number:09d}"
    return first + check_character(first)


ONE, TWO = code(1), code(2)
FIRM = {"信用代码": ONE, "企业名称": "襄阳模具厂", "地区": "樊城区"}
LINE = {"信用代码": ONE, "产品或工艺": "注塑模具"}
NEED = {"信用代码": ONE, "需求类型": "采购", "需求内容": "电池托盘"}
FULL_FIRM = {
    "简称": "模具厂",
    "曾用名": "襄樊模具厂；老河口模具厂",
    "行业代码": "C35",
    "类型": "高校",
    "规模": "小型",
    "上年营收（万元）": 5280.5,
    "法定代表人": "张三",
    "主要产品": "模具；铸件；模具",
}
FULL_LINE = {
    "环节": "汽车/模具",
    "材料": "P20",
    "规格": 2500,
    "产能": "1,200.5",
    "产能单位": "套",
    "产能周期": "年",
    "余量": 30,
    "交期（天）": 45,
    "资质证书": "ISO 9001；IATF 16949",
    "服务半径（公里）": 500,
}
FULL_NEED = {
    "环节": "汽车用钢",
    "数量": 20000,
    "单位": "件",
    "预算下限（万元）": "800",
    "预算上限（万元）": 1000,
    "交付日期": datetime.date(2024, 9, 30),
    "硬性条件": "IATF 16949",
    "期望条件": "省内；近",
    "可见范围": "仅匹配方",
    "有效期至": "2024年12月31日",
}


def sheet(name: str, *rows: dict[str, CellValue]) -> Sheet:
    titles = list(dict.fromkeys(title for row in rows for title in row))
    body = [Row(number, tuple(row.get(title) for title in titles)) for number, row in enumerate(rows, start=2)]
    return Sheet(name, (Row(1, tuple(titles)), *body))


def checked(*sheets: Sheet, reference: Reference = REFERENCE) -> Checked:
    return check(Workbook(FileKind.XLSX, sheets), reference)


def firm(**cells: CellValue) -> Checked:
    return checked(sheet("企业", FIRM | cells))


def line(**cells: CellValue) -> Checked:
    return checked(sheet("企业", FIRM), sheet("供给能力", LINE | cells))


def need(**cells: CellValue) -> Checked:
    return checked(sheet("企业", FIRM), sheet("需求", NEED | cells))


def messages(result: Checked) -> list[str]:
    assert result.fault_count == len(result.faults)
    return [fault.message for fault in result.faults]


def only_fault(result: Checked) -> Fault:
    (fault,) = result.faults
    return fault


def raw(name: str, rows: Sequence[Sequence[CellValue]], **more: tuple[Merge, ...] | tuple[Hole, ...]) -> Sheet:
    return Sheet(name, tuple(Row(number, tuple(cells)) for number, cells in enumerate(rows, start=1)), **more)


def test_a_full_workbook_becomes_rows_with_codes_resolved_and_money_in_yuan():
    result = checked(
        sheet("企业", FIRM | FULL_FIRM), sheet("供给能力", LINE | FULL_LINE), sheet("需求", NEED | FULL_NEED)
    )

    assert result.is_clean
    assert result.counts == {"enterprises": 1, "capabilities": 1, "needs": 1}
    assert result.enterprises == (
        EnterpriseRow(
            2, ONE, "襄阳模具厂", "420606", "模具厂", ("襄樊模具厂", "老河口模具厂"), "35", "university", "small",
            52_805_000, "张三", ("模具", "铸件"),
        ),
    )  # fmt: skip
    assert result.capabilities == (
        CapabilityRow(
            2, ONE, "注塑模具", "auto.mould", "P20", "2500", Decimal("1200.5"), "套", "year", Decimal(30), 45,
            ("ISO 9001", "IATF 16949"), 500,
        ),
    )  # fmt: skip
    assert result.needs == (
        NeedRow(
            2, ONE, "purchase", "电池托盘", "auto.steel", Decimal(20000), "件", 8_000_000, 10_000_000,
            datetime.date(2024, 9, 30), ("IATF 16949",), ("省内", "近"), "matched", datetime.date(2024, 12, 31),
        ),
    )  # fmt: skip


def test_empty_cells_mean_what_the_instructions_say():
    result = checked(
        sheet("企业", FIRM | {"类型": None}), sheet("供给能力", LINE), sheet("需求", NEED | {"可见范围": None})
    )

    assert result.enterprises == (EnterpriseRow(2, ONE, "襄阳模具厂", "420606"),)
    assert result.capabilities == (CapabilityRow(2, ONE, "注塑模具"),)
    assert result.needs == (NeedRow(2, ONE, "purchase", "电池托盘"),)


def test_the_words_of_the_workbook_cover_the_register_exactly():
    for choices, kind in (
        (columns.ENTERPRISE_KINDS, models.EnterpriseKind),
        (columns.ENTERPRISE_SIZES, models.EnterpriseSize),
        (columns.NEED_KINDS, models.NeedKind),
        (columns.VISIBILITIES, models.NeedVisibility),
    ):
        assert [value for value, _word in choices] == [member.value for member in kind]


# Faults say where they are.


def test_a_fault_names_sheet_row_and_column_as_their_author_sees_them():
    result = checked(
        raw(
            "企业",
            [["2024 年填报"], ["企业名称 *", "信用代码", "地区"], ["甲厂", ONE, "樊城区"], ["乙厂", TWO, "某地"]],
        )
    )

    fault = only_fault(result)
    assert (fault.sheet, fault.row, fault.column, fault.column_number) == ("企业", 4, "地区", 3)
    assert [row.code for row in result.enterprises] == [ONE]
    assert result.layouts == (Layout("企业", "enterprises", 2, 4),)


def test_faults_come_in_the_order_of_the_workbook():
    result = checked(
        sheet("需求", NEED | {"数量": "x"}),
        sheet("企业", FIRM | {"规模": "巨型", "信用代码": "9"}, FIRM | {"信用代码": "8"}),
    )

    assert [(fault.sheet, fault.row, fault.column) for fault in result.faults] == [
        ("需求", 2, "信用代码"),
        ("需求", 2, "数量"),
        ("企业", 2, "信用代码"),
        ("企业", 2, "规模"),
        ("企业", 3, "信用代码"),
    ]


def test_every_faulty_cell_is_counted_but_only_the_first_are_kept(monkeypatch):
    monkeypatch.setattr(tables, "MOST_FAULTS", 2)

    result = checked(sheet("企业", *[FIRM | {"信用代码": "9"} for _ in range(5)]))

    assert (result.fault_count, len(result.faults), result.is_clean) == (5, 2, False)


# Titles.


def test_titles_are_recognised_whatever_their_brackets_blanks_and_order():
    result = checked(
        raw("企 业", [["地区", " 上年营收(万元) ", "企业 名称*", "统一社会信用代码"], ["襄阳", 1, "甲厂", ONE]])
    )

    assert result.enterprises == (EnterpriseRow(2, ONE, "甲厂", "420600", last_year_revenue=10_000),)


def test_a_title_in_another_unit_is_not_taken_for_ours():
    fault = only_fault(firm(**{"上年营收（元）": 5}))

    assert (fault.row, fault.column, fault.column_number) == (1, "上年营收（元）", 4)
    assert fault.message == "不认识的列“上年营收（元）”。是否为“上年营收（万元）”？请按模板改写列名（单位也要一致）。"


def test_an_unknown_title_is_named():
    assert messages(firm(备注="x")) == ["不认识的列“备注”。模板里没有这一列，请删除或改成模板的列名。"]


def test_a_repeated_title_is_named():
    result = checked(raw("企业", [["信用代码", "企业名称", "地区", "名称"], [ONE, "甲厂", "襄阳", "乙厂"]]))

    assert messages(result) == ["“企业名称”列出现了两次，请只留一列。"]


def test_a_column_without_a_title_is_not_dropped_silently():
    result = checked(raw("企业", [["信用代码", "企业名称", "地区"], [ONE, "甲厂", "襄阳", None, "漏写"]]))

    fault = only_fault(result)
    assert (fault.row, fault.column_number) == (2, 5)
    assert fault.message == "E 列没有列名，却有内容。请补上列名或清空该列。"


def test_a_missing_required_column_is_named_once_and_nothing_else_is_said():
    result = checked(sheet("企业", {"信用代码": "坏", "地区": "坏"}), sheet("供给能力", LINE))

    assert messages(result) == ["缺少必填列“企业名称”。请下载模板，按模板的列名填写。"]


def test_an_unknown_sheet_is_named():
    result = checked(sheet("企业", FIRM), raw("台账", [["序号", "金额"], [1, 2]]))

    assert messages(result) == [
        "“台账”里没有找到模板的列名。请用模板的工作表：企业、供给能力、需求；不导入的工作表请删除。"
    ]


def test_a_sheet_of_another_name_is_recognised_by_its_titles():
    assert checked(sheet("Sheet1", FIRM)).counts == {"enterprises": 1}
    assert checked(sheet("导出", NEED), reference=replace(REFERENCE, known_codes={ONE})).counts == {"needs": 1}


def test_two_sheets_of_one_kind_are_refused():
    result = checked(sheet("名录", FIRM), sheet("企业", FIRM))

    assert messages(result) == ["工作表“名录”与“企业”都像“企业”表，请合并成一张。"]


def test_instructions_and_choices_are_not_imported():
    assert checked(raw("填写说明", [["x", "y"]]), raw("选项", [["x"]]), sheet("企业", FIRM)).is_clean


def test_the_reasons_of_an_earlier_check_are_not_imported():
    result = checked(
        raw(
            "企业",
            [["信用代码", "企业名称", "地区", "原因\n旧话"], [ONE, "甲厂", "襄阳", "旧话"], [None, None, None, "旧话"]],
        )
    )

    assert result.is_clean
    assert (result.counts, result.layouts[0].reason_column) == ({"enterprises": 1}, 4)


@pytest.mark.parametrize(
    "sheets",
    [(), (Sheet("企业", ()),), (raw("企业", [["信用代码", "企业名称", "地区"]]),), (raw("填写说明", [["x"]]),)],
)
def test_a_workbook_without_rows_is_refused(sheets):
    assert messages(checked(*sheets)) == ["没有可导入的行。请在列名下方逐行填写后再上传。"]


# Cells.


def test_a_required_cell_may_not_be_empty():
    for blank in (None, "\u200b"):
        fault = only_fault(firm(企业名称=blank))
        assert (fault.row, fault.column, fault.message) == (2, "企业名称", "必填，不能为空。")


def test_a_credit_code_kept_as_a_number_is_refused_as_damaged():
    for damaged in (9.142060000000001e17, 914206000000000012, "9.14206E+17"):
        assert messages(firm(信用代码=damaged)) == [
            f"信用代码存成了数字（{damaged}），末几位已丢失。请把单元格设为文本格式，重填 18 位代码。"
        ]


def test_a_wrong_credit_code_is_refused_with_its_reason():
    wrong = ONE[:-1] + ("0" if ONE[-1] != "0" else "1")

    assert messages(firm(信用代码=wrong)) == [f"信用代码“{wrong}”的校验位不符，请逐位核对。"]


def test_a_credit_code_is_normalised():
    assert firm(信用代码=f" {ONE[:6].lower()}\u200b {ONE[6:]}").enterprises[0].code == ONE


def test_a_sample_code_needs_permission():
    rows = sheet("企业", FIRM | {"信用代码": "DEMO00000000000001"})

    assert messages(checked(rows)) == ["“DEMO00000000000001”是演示代码，只能在演示环境使用。"]
    assert checked(rows, reference=replace(REFERENCE, allow_samples=True)).is_clean


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [(5280, 52_800_000), (0.3, 3_000), (0.1 + 0.2, 3_000), ("1,234.5678", 12_345_678), ("１２３", 1_230_000), (0, 0),
     ("100000000000", 10**15), (1e11, 10**15)],
)  # fmt: skip
def test_amounts_in_wan_become_whole_yuan(cell, yuan):
    assert firm(**{"上年营收（万元）": cell}).enterprises[0].last_year_revenue == yuan


@pytest.mark.parametrize(
    "cell", ["1.2亿", "100元", "3千", "约100", "1e5", "1,2", "12,34.5", "100-200", "￥100", "－", "1 000", True]
)
def test_an_amount_with_anything_but_a_number_is_refused_not_guessed(cell):
    fault = only_fault(firm(**{"上年营收（万元）": cell}))
    found = "TRUE" if cell is True else cell

    assert (fault.row, fault.column) == (2, "上年营收（万元）")
    assert fault.message == f"写的是“{found}”，只能填数字，不带单位和文字（单位见表头）。"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (-5, "写的是 -5，不能为负数。"),
        ("-5", "写的是 -5，不能为负数。"),
        (1.00005, "写的是 1.00005 万元，最多四位小数（精确到元）。"),
        (10**12, "写的是 1000000000000 万元，超过上限。请核对单位，本列单位是万元。"),
        ("9" * 30, "写的是 " + "9" * 30 + " 万元，超过上限。请核对单位，本列单位是万元。"),
        (datetime.date(2024, 5, 31), "单元格是日期（2024-05-31），应为数字。请把单元格设为数字格式后重填。"),
    ],
)
def test_an_impossible_amount_is_refused(cell, said):
    assert messages(firm(**{"上年营收（万元）": cell})) == [said]


@given(st.integers(0, 10**15))
def test_every_whole_yuan_written_in_wan_is_read_exactly(yuan):
    text = f"{yuan // 10_000}.{yuan % 10_000:04d}"

    assert firm(**{"上年营收（万元）": text}).enterprises[0].last_year_revenue == yuan


@pytest.mark.parametrize(
    ("title", "cell", "said"),
    [
        ("产能", "12万件", "写的是“12万件”，只能填数字，不带单位和文字（单位见表头）。"),
        ("产能", 10**13, "写的是 10000000000000，数字太大，请核对单位。"),
        ("余量", 1.2345, "写的是 1.2345，最多三位小数。"),
        ("交期（天）", 1.5, "写的是 1.5，应为 0 至 3650 的整数。"),
        ("服务半径（公里）", "30000", "写的是 30000，应为 0 至 20000 的整数。"),
        ("产能周期", "季", "写的是“季”，只能填：年、月、日。"),
        ("规格", "长" * 501, "有 501 个字，最多 500 个。"),
        ("规格", datetime.date(2024, 3, 5), "单元格是日期（2024-03-05），应为文字。请把单元格设为文本格式后重填。"),
        ("规格", 9.142060000000001e17, "单元格是数字，位数太多，末几位已丢失。请把单元格设为文本格式后重填。"),
    ],
)
def test_a_capability_cell_that_is_wrong_says_why(title, cell, said):
    fault = only_fault(line(**{title: cell}))

    assert (fault.sheet, fault.row, fault.column, fault.message) == ("供给能力", 2, title, said)


def test_too_many_parts_in_one_cell_are_refused():
    assert messages(firm(主要产品="；".join(str(n) for n in range(201)))) == ["写了 201 项，最多 200 项。"]


def test_a_quantity_needed_must_be_more_than_nothing():
    assert messages(need(数量=0)) == ["写的是 0，应大于 0；不清楚时请留空。"]
    assert line(产能=0, 产能单位="套").capabilities[0].capacity == 0


def test_numbers_are_accepted_where_text_is_asked_for():
    assert line(规格=8.5).capabilities[0].spec == "8.5"
    assert line(规格=True).capabilities[0].spec == "TRUE"


def test_text_is_cleaned_of_what_nobody_sees_and_our_own_guard_comes_off():
    row = line(产品或工艺=" 注塑\u200b  模具\x01\n二号 ", 规格="'-20℃").capabilities[0]

    assert (row.product, row.spec) == ("注塑 模具 二号", "-20℃")


@pytest.mark.parametrize(
    "cell",
    [
        datetime.date(2024, 5, 31),
        datetime.datetime(2024, 5, 31, 8),  # noqa: DTZ001 -- a cell has no zone
        "2024-05-31",
        "2024/5/31",
        "2024.5.31",
        "2024年5月31日",
        "２０２４-０５-３１",
        "2024-05-31 00:00:00",
    ],
)
def test_dates_are_read_however_offices_write_them(cell):
    assert need(交付日期=cell).needs[0].deliver_by == datetime.date(2024, 5, 31)


@pytest.mark.parametrize("cell", ["五月底", "2024-02-30", "05/31/2024", "31-5-24", 45443, "2024-5", "20240531"])
def test_a_date_that_could_be_misread_is_refused(cell):
    assert messages(need(交付日期=cell)) == [f"写的是“{cell}”，不是日期。请写成 2024-05-31。"]


def test_a_date_of_another_age_is_refused():
    assert messages(need(有效期至="0204-05-31")) == ["写的是 0204-05-31，年份不合常理。"]


# Names.


@pytest.mark.parametrize(
    "cell", ["樊城区", "樊城", "襄阳市樊城区", "湖北省襄阳市樊城区", "湖北襄阳樊城", "420606", 420606, "樊 城 區"]
)
def test_a_region_is_known_by_any_of_its_names(cell):
    assert firm(地区=cell).enterprises[0].region_code == "420606"


def test_the_region_nobody_knows_has_a_row():
    assert firm(地区="省外(未详)").enterprises[0].region_code == "000000"
    assert firm(地区="000000").enterprises[0].region_code == "000000"


def test_an_unknown_region_is_answered_with_the_nearest():
    assert messages(firm(地区="樊城县")) == ["没有地区“樊城县”。是否为：襄阳市樊城区？"]
    assert messages(firm(地区="Mars")) == ["没有地区“Mars”。请从模板的下拉名单中选择。"]


def test_an_ambiguous_region_is_asked_for_in_full():
    assert messages(firm(地区="荆州")) == ["地区“荆州”有多个同名，请写全：荆州市、荆州市荆州区。"]
    assert firm(地区="荆州市").enterprises[0].region_code == "421000"


def test_an_ambiguous_segment_is_asked_for_with_its_chain():
    assert messages(line(环节="模具")) == ["环节“模具”有多个同名，请写全：汽车/模具、家电/模具。"]
    assert line(环节="家电·模具").capabilities[0].segment_code == "home.mould"
    assert line(环节="auto.mould").capabilities[0].segment_code == "auto.mould"


def test_an_unknown_segment_is_answered_with_the_nearest():
    assert messages(line(环节="汽车用刚")) == ["没有环节“汽车用刚”。是否为：汽车/汽车用钢？"]


def test_after_many_unknown_names_none_nearest_is_looked_for(monkeypatch):
    monkeypatch.setattr("matchmaker.imports.checking.cells._SUGGESTED", 1)
    result = checked(sheet("企业", *[FIRM | {"信用代码": code(n), "地区": f"樊城县{n}"} for n in range(2)]))

    assert messages(result) == [
        "没有地区“樊城县0”。是否为：襄阳市樊城区？",
        "没有地区“樊城县1”。请从模板的下拉名单中选择。",
    ]


def test_industries_are_known_by_code_with_or_without_their_section():
    assert firm(行业代码="C35").enterprises[0].industry_code == "35"
    assert firm(行业代码=35).enterprises[0].industry_code == "35"
    assert messages(firm(行业代码="99")) == ["没有行业代码“99”。请从模板的下拉名单中选择。"]


# Rows among themselves.


def test_a_firm_listed_twice_is_refused():
    fault = only_fault(checked(sheet("企业", FIRM, FIRM)))

    assert (fault.row, fault.column) == (3, "信用代码")
    assert fault.message == f"信用代码 {ONE} 与第 2 行重复，每家企业只能一行。"


def test_a_line_of_an_unknown_firm_is_refused():
    result = checked(
        sheet("企业", FIRM), sheet("供给能力", LINE | {"信用代码": TWO}), sheet("需求", NEED | {"信用代码": TWO})
    )

    said = f"没有信用代码为 {TWO} 的企业。请先在“企业”表中填写这家企业。"
    assert [(fault.sheet, fault.column, fault.message) for fault in result.faults] == [
        ("供给能力", "信用代码", said),
        ("需求", "信用代码", said),
    ]


def test_a_line_of_a_firm_already_registered_is_accepted():
    result = checked(sheet("供给能力", LINE), sheet("需求", NEED), reference=replace(REFERENCE, known_codes={ONE}))

    assert result.is_clean


def test_a_firm_with_a_fault_elsewhere_does_not_orphan_its_lines():
    assert messages(checked(sheet("企业", FIRM | {"规模": "巨型"}), sheet("供给能力", LINE))) == [
        "写的是“巨型”，只能填：大型、中型、小型、微型。"
    ]


def test_a_line_said_twice_is_refused_however_it_is_spelled():
    spelled = LINE | {"规格": "30毫米", "产能": 5}
    fault = only_fault(checked(sheet("企业", FIRM), sheet("供给能力", LINE | {"规格": "30mm"}, spelled)))

    assert (fault.row, fault.column, fault.column_number) == (3, "", None)
    assert fault.message == "与第 2 行内容重复，请删除其中一行。"
    assert checked(sheet("企业", FIRM), sheet("供给能力", LINE, LINE | {"规格": "大"})).is_clean
    assert messages(checked(sheet("企业", FIRM), sheet("需求", NEED, NEED))) == ["与第 2 行内容重复，请删除其中一行。"]


def test_a_budget_must_not_be_upside_down():
    fault = only_fault(need(**{"预算下限（万元）": 10, "预算上限（万元）": 9}))

    assert (fault.column, fault.message) == ("预算上限（万元）", "预算上限低于预算下限，请核对。")


# What a spreadsheet hides.


def test_merged_cells_are_named_once_and_what_they_cover_is_not_called_empty():
    rows = [["信用代码", "企业名称", "地区"], [ONE, "甲厂", "襄阳"], [TWO, "乙厂", None]]
    result = checked(raw("企业", rows, merges=(Merge(2, 3, 3, 3),)))

    fault = only_fault(result)
    assert (fault.row, fault.column, fault.message) == (2, "地区", "C2:C3 是合并单元格。请取消合并，每行每列单独填写。")
    assert result.enterprises == ()


def test_a_merged_heading_above_the_titles_and_merges_below_the_data_do_no_harm():
    rows = [["填报表"], ["信用代码", "企业名称", "地区"], [ONE, "甲厂", "襄阳"]]

    assert checked(raw("企业", rows, merges=(Merge(1, 1, 1, 3), Merge(9, 1, 9, 3), Merge(3, 8, 3, 9)))).is_clean


def test_an_error_or_a_formula_without_a_result_is_not_an_empty_cell():
    rows = [["信用代码", "企业名称", "地区", "简称"], [ONE, "甲厂", "襄阳", None]]
    fault = only_fault(checked(raw("企业", rows, holes=(Hole(2, 4), Hole(1, 1), Hole(2, 9)))))

    assert (fault.row, fault.column) == (2, "简称")
    assert fault.message == "单元格是错误值，或公式没有结果。请改成直接填写的值。"
