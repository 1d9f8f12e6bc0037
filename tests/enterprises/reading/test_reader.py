from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.enterprises.reading import Role, due_on, product_phrases, read_terms


def told(text):
    return [(term.kind.value, term.text, term.value) for term in read_terms(text)]


@pytest.mark.parametrize(
    ("text", "kind", "stretch", "value", "unit", "period"),
    [
        ("螺栓 年需20万件", "quantity", "年需20万件", "200000", "件", "year"),
        ("豆粕，月用量364吨", "quantity", "月用量364吨", "364", "吨", "month"),
        ("首批303套压铸模", "quantity", "首批303套", "303", "套", ""),
        ("轴承 497件起订", "minimum", "497件起订", "497", "件", ""),
        ("总成 10 万套/年", "quantity", "10 万套/年", "100000", "套", "year"),
        ("钢管 1,200 吨", "quantity", "1,200 吨", "1200", "吨", ""),
        ("每月2.5吨树脂", "quantity", "每月2.5吨", "2.5", "吨", "month"),
        ("压铸件，30天内交货", "lead", "30天内交货", "30", "天", ""),
        ("压铸件，两周", "lead", "两周", "14", "天", ""),
        ("模具，交期不超过45天", "lead", "交期不超过45天", "45", "天", ""),
        ("模具 10月底前", "deadline", "10月底前", "10-31", "", ""),
        ("模具，7 月底前交付", "deadline", "7 月底前交付", "07-31", "", ""),
        ("模具，年底前到货", "deadline", "年底前到货", "12-31", "", ""),
        ("2026年3月5日前交货", "deadline", "2026年3月5日前交货", "2026-03-05", "", ""),
        ("2024年6月起供货", "start", "2024年6月起供货", "2024-06-01", "", ""),
        ("程控交换机，预算300万元", "budget", "预算300万元", "3000000", "元", ""),
        ("模具，不超过12.5万元", "budget", "不超过12.5万元", "125000", "元", ""),
        ("M8×30 螺栓", "specification", "M8×30", "m8x30", "", ""),
        ("M8 × 30 螺栓", "specification", "M8 × 30", "m8x30", "", ""),
        ("304 不锈钢", "material", "304", "304", "", ""),
        ("钢管 Φ203mm", "specification", "Φ203mm", "φ203mm", "", ""),
        ("乙醇 99.9%", "specification", "99.9%", "99.9%", "", ""),
        ("DN25 阀门", "specification", "DN25", "dn25", "", ""),
        ("电源 220V/26A", "specification", "220V/26A", "220v/26a", "", ""),
        ("板材 5*1065*2000mm", "specification", "5*1065*2000mm", "5x1065x2000mm", "", ""),
        ("淀粉 25kg/袋", "specification", "25kg/袋", "25kg/袋", "", ""),
        ("淀粉 A级", "specification", "A级", "a级", "", ""),
        ("螺栓 国标", "specification", "国标", "国标", "", ""),
        ("螺栓 GB/T 3098.1", "specification", "GB/T 3098.1", "gb/t3098.1", "", ""),
        ("轴承 ISO 9001:2015 认证", "certificate", "ISO 9001:2015", "iso9001", "", ""),
        ("轴承，ＩＡＴＦ１６９４９", "certificate", "ＩＡＴＦ１６９４９", "iatf16949", "", ""),
        ("阀门，特种设备制造许可", "certificate", "特种设备制造许可", "特种设备制造许可", "", ""),
        ("线束 RoHS", "certificate", "RoHS", "rohs", "", ""),
        ("壳体，200公里以内", "radius", "200公里以内", "200", "km", ""),
        ("壳体，接受 60 天账期", "payment", "60 天账期", "", "", ""),
        ("壳体，同一园区", "park", "同一园区", "", "", ""),
    ],
)
def test_every_kind_of_condition_is_recognised_with_its_stretch_of_the_text(text, kind, stretch, value, unit, period):
    (term,) = read_terms(text)

    assert (term.kind.value, term.text, term.value, term.unit, term.period) == (kind, stretch, value, unit, period)


@pytest.mark.parametrize(
    ("text", "stretch", "codes", "role"),
    [
        ("轴承，武汉交货", "武汉交货", ("420100",), Role.DELIVERY),
        ("轴承，对接宜昌、襄阳周边企业", "宜昌、襄阳周边", ("420500", "420600"), Role.AROUND),
        ("轴承，仅限武汉市、黄石企业", "仅限武汉市、黄石", ("420100", "420200"), Role.SUPPLY),
        ("轴承，省内企业优先", "省内", ("420000",), Role.SUPPLY),
        ("轴承 武漢", "武漢", ("420100",), Role.SUPPLY),
        ("轴承，位于京山市", "位于京山市", ("420882",), Role.SUPPLY),
        ("轴承，恩施周边", "恩施周边", ("422800",), Role.AROUND),
        ("轴承，江苏供货", "江苏", ("320000",), Role.SUPPLY),
        ("轴承，省外也可", "省外也可", (), Role.ANYWHERE),
        ("轴承，供货地在湖北省内", "供货地在湖北省内", ("420000",), Role.SUPPLY),
        ("轴承，交货地在湖北省内", "交货地在湖北省内", ("420000",), Role.DELIVERY),
    ],
)
def test_places_are_told_with_what_they_are_meant_for(text, stretch, codes, role):
    (term,) = read_terms(text)

    assert (term.text, term.codes, term.role) == (stretch, codes, role)


@pytest.mark.parametrize(
    "text",
    ["孝感麻糖", "3件套床品", "1,2-二氯乙烷", "武汉热干面", "公安 系统", "食品级氢氧化钠", "接受来样", "60岁"],
)
def test_what_belongs_to_a_name_is_no_condition(text):
    assert read_terms(text) == () or told(text) == [("specification", text, text)]


@pytest.mark.parametrize(
    ("text", "is_hard"),
    [
        ("须通过IATF16949", True),
        ("轴承，必须有IATF16949", True),
        ("轴承，要求IATF16949、ISO9001", True),
        ("轴承，IATF16949优先", False),
        ("轴承，要求优先考虑IATF16949", False),
        ("轴承 IATF16949", False),
        ("要求价格合理，IATF16949", False),
    ],
)
def test_a_condition_is_a_must_where_its_own_clause_says_so(text, is_hard):
    assert {term.is_hard for term in read_terms(text)} == {is_hard}


def test_a_range_of_money_keeps_both_ends():
    (term,) = read_terms("模具，预算200-300万元")

    assert (term.low, term.value) == ("2000000", "3000000")


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("10月底前交货", date(2024, 5, 1), date(2024, 10, 31)),
        ("3月10日前交货", date(2024, 5, 1), date(2025, 3, 10)),
        ("2月底前交货", date(2024, 1, 1), date(2024, 2, 29)),
        ("明年2月初前交货", date(2024, 1, 1), date(2025, 2, 5)),
        ("年底前", date(2024, 12, 31), date(2024, 12, 31)),
        ("2023年6月起", date(2024, 1, 1), date(2023, 6, 1)),
    ],
)
def test_a_day_without_a_year_is_the_next_such_day(text, today, day):
    (term,) = read_terms(text)

    assert due_on(term, today) == day


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("我司急需采购前桥总成，须具备 ISO 14001，黄石交货", "前桥总成"),
        ("因扩产，寻找铝锭供货商，要求稳定供货，荆门周边优先", "铝锭"),
        ("本公司从事整车制造，拟外购线束一批，预算80万元", "线束"),
        ("诚征数控刀片厂家，长期合作，价格优惠", "数控刀片"),
        ("M10*45 316L 六角螺母 月需8万件", "m10x45 316l 六角螺母"),
        ("乙醇 4248吨", "乙醇"),
        ("拟除虫菊酯", "拟除虫菊酯"),
        ("采购管理系统", "采购管理系统"),
        ("需求响应软件", "需求响应软件"),
    ],
)
def test_the_product_is_what_is_left_without_conditions_and_the_words_of_asking(text, product):
    assert " ".join(product_phrases(text, read_terms(text))) == product


@pytest.mark.parametrize(
    "text", ["", " ", "😀😀😀", "1", "1234567890", "，。！", "须", "a" * 10_000, "年需20万件，" * 2_000]
)
def test_odd_texts_are_read_without_complaint(text):
    for term in read_terms(text):
        assert text[term.start : term.end] == term.text != ""


_PIECES = st.sampled_from(
    [
        "武汉",
        "须",
        "IATF16949",
        "20万",
        "件",
        "年",
        "10月",
        "底前",
        "预算",
        "300万元",
        "×",
        "M8",
        "公里",
        "以内",
        "，",
        " ",
        "±",
        "ﬁ",
        "İ",
    ]
)


@given(st.text(max_size=80) | st.lists(_PIECES, max_size=12).map("".join))
def test_whatever_is_typed_the_stretches_lie_in_the_text_in_order_and_apart(text):
    terms = read_terms(text)

    assert all(text[term.start : term.end] == term.text != "" for term in terms)
    assert all(one.end <= other.start for one, other in pairwise(terms))
    for term in terms:
        due_on(term, date(2024, 1, 31))
    product_phrases(text, terms)
