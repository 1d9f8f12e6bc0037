"""A market of makers whose lines carry the product's own name; what is typed is not."""

import pytest

from matchmaker.matching.engine import ChainGraph, Firm, Index, Knowledge, Line, Query
from matchmaker.matching.engine.conditions import read_conditions
from matchmaker.matching.engine.wording import Asked, slips

OFFERS = (
    (1, "不锈钢螺栓"),
    (2, "高强度螺栓"),
    (3, "液压缓冲器"),
    (4, "离子交换树脂"),
    (5, "环氧树脂"),
    (6, "膨胀螺丝"),
    (7, "温度传感器"),
    (8, "压力传感器"),
    (9, "工业机器人减速器"),
    (10, "整机装配服务"),
    (11, "螺栓"),
    (12, "树脂"),
)
NAMES = ("传感器", "谐波减速器", "通讯系统")


@pytest.fixture(scope="module")
def market():
    firms = [Firm(firm, trades=("c34",) if firm < 7 else ("c39",)) for firm, _ in OFFERS]
    lines = [Line(firm * 10, firm, "product", text, share=1.0) for firm, text in OFFERS]
    return Index.build(firms, lines, Knowledge(ChainGraph(), names=NAMES))


def makers(market, text, k=3):
    return [firm for firm, _ in market.rank(Query(text), k)]


@pytest.mark.parametrize(
    ("typed", "maker"),
    [
        ("不锈钢螺栓", 1),
        ("不锈剛螺栓", 1),  # another character of the same sound
        ("不鏽鋼螺栓", 1),  # traditional
        ("不锈钢 螺栓", 1),
        ("螺栓，不锈钢", 1),
        ("M8×30 不锈钢螺栓 年需20万件", 1),
        ("buxiugangluoshuan", 1),
        ("液压缓器", 3),  # a character left out
        ("液压缓缓冲器", 3),  # one typed twice
        ("缓压液冲器", 3),  # two exchanged
        ("我司现需采购离子交换树脂，武汉交货", 4),
        ("本公司主要生产整机，需外购温度传感器若干", 7),
    ],
)
def test_a_maker_is_found_however_its_product_is_typed(market, typed, maker):
    assert makers(market, typed)[0] == maker


@pytest.mark.parametrize(("clipped", "maker"), [("离树脂", 4), ("工减速器", 9), ("整服务", 10)])
def test_a_name_clipped_behind_its_first_character_finds_the_maker(market, clipped, maker):
    assert makers(market, clipped)[0] == maker


def test_a_clipped_name_keeps_its_first_character_and_its_end_and_loses_one_piece():
    closeness = slips(Asked.of(read_conditions("控设备")), ["控制设备", "监控设备", "控制设备柜", "设备控制", "控设备"])

    assert closeness[0] > max(closeness[1:4])
    assert closeness[4] == pytest.approx(0.95)


def test_makers_of_every_kind_of_a_product_are_found_by_its_name(market):
    assert set(makers(market, "传感器", 2)) == {7, 8}


def test_the_product_itself_comes_before_its_kinds(market):
    found = makers(market, "螺栓")

    assert found[0] == 11
    assert set(found[1:]) == {1, 2}


def test_a_kind_nobody_makes_is_asked_of_makers_of_the_thing_and_then_of_other_kinds(market):
    found = makers(market, "酚醛树脂")

    assert found[0] == 12
    assert set(found[1:]) == {4, 5}


def test_a_known_name_is_not_taken_for_a_misspelling_of_another(market):
    exact = market.search(Query("环氧树脂"), 2)

    assert exact[0].firm_id == 5
    assert exact[0].score > 1.3 * exact[1].score


def test_letters_before_pinyin_do_not_hide_it():
    index = Index.build(
        [Firm(1), Firm(2)], [Line(1, 1, "product", "DC变换器"), Line(2, 2, "product", "电容器")], Knowledge()
    )

    assert [firm for firm, _ in index.rank(Query("DCbianhuanqi"), 1)] == [1]
