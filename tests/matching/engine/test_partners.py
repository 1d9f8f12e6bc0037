"""Partners over coined products: what is known, what is inferred, and what says little."""

import numpy as np
import pytest

from matchmaker.chains.classifying import SegmentClassifier
from matchmaker.matching.engine import (
    FULL_SCORE,
    ChainGraph,
    Firm,
    Index,
    Knowledge,
    Line,
    Part,
    ProductLink,
    SegmentLink,
    SegmentNode,
)
from matchmaker.matching.engine.partnering.reasons import together
from matchmaker.matching.engine.trade_words import placed, product_of, worth_of

# 甲岩 and 乙岩 always go together, so a product known to need only one probably needs the other.
FLOWS = (
    ProductLink("红釉", "甲岩", "up"),
    ProductLink("红釉", "乙岩", "up"),
    ProductLink("蓝浆", "甲岩", "up"),
    ProductLink("蓝浆", "乙岩", "up"),
    ProductLink("绿膏", "甲岩", "up"),
    ProductLink("铜铃", "丙锭", "up"),
    ProductLink("陶埙", "丁泥", "up"),
)
OFFERS = {1: "绿膏", 2: "甲岩", 3: "乙岩", 4: "丙锭", 5: "精制绿膏", 6: "丁泥", 7: "高纯甲岩"}

ROAD = ChainGraph(
    nodes=(
        SegmentNode("car.axle", "car", "车桥", "mid", ("车桥", "驱动桥")),
        SegmentNode("car.whole", "car", "乘用车整车", "down", ("乘用车", "轿车")),
        SegmentNode("car.after", "car", "后市场", "down", ("汽车维修",)),
    ),
    links=(SegmentLink("car.axle", "car.whole", "车桥"), SegmentLink("car.whole", "car.after", "保有车辆")),
)


def made(offers, links=(), graph=None):
    firms = [Firm(firm) for firm in offers]
    stated = [(firm, text) for firm, texts in offers.items() for text in ([texts] if isinstance(texts, str) else texts)]
    lines = [Line(number, firm, "product", text) for number, (firm, text) in enumerate(stated, 1)]
    return Index.build(firms, lines, Knowledge(graph or ChainGraph(), links))


@pytest.fixture(scope="module")
def pottery():
    return made(OFFERS, FLOWS)


def by_firm(matches):
    return {match.firm_id: match for match in matches}


def test_what_goes_together_elsewhere_is_inferred_and_marked_as_inferred(pottery):
    found = by_firm(pottery.partners(1, "upstream"))

    assert [(step.item, step.is_inferred) for step in found[2].evidence.path] == [("甲岩", False)]
    assert [(step.item, step.is_inferred) for step in found[3].evidence.path] == [("乙岩", True)]
    assert found[2].score > found[3].score


def test_an_inferred_flow_reads_the_same_from_its_other_end(pottery):
    found = by_firm(pottery.partners(3, "downstream"))

    assert [(step.item, step.is_inferred) for step in found[1].evidence.path] == [("乙岩", True)]


def test_nothing_is_inferred_from_products_that_share_nothing(pottery):
    assert not {4, 6} & by_firm(pottery.partners(1, "upstream")).keys()


def test_a_kind_of_a_product_needs_what_the_product_needs_less_surely(pottery):
    product, kind = (by_firm(pottery.partners(firm, "upstream"))[2] for firm in (1, 5))

    assert 0 < kind.score < product.score
    assert kind.evidence.path[0].is_inferred


def test_the_maker_of_a_kind_comes_after_the_maker_of_the_product_itself(pottery):
    found = by_firm(pottery.partners(1, "upstream"))

    assert found[2].score > found[7].score > 0
    assert [(pair.ours, pair.theirs) for pair in found[7].evidence.pairs] == [("绿膏", "高纯甲岩")]


@pytest.mark.parametrize("direction", ["upstream", "downstream"])
@pytest.mark.parametrize("firm", list(OFFERS))
def test_parts_add_up_exactly_when_only_products_are_known(pottery, firm, direction):
    for match in pottery.partners(firm, direction):
        parts = match.evidence.parts
        assert sum(one.points for one in parts) == match.score
        assert sum(one.maximum for one in parts) == FULL_SCORE


def test_a_product_made_from_itself_says_nothing():
    small = made({1: "绿膏", 2: "绿膏"}, (ProductLink("绿膏", "绿膏", "up"),))

    assert small.partners(1, "upstream") == []


def test_a_car_maker_finds_its_suppliers_whatever_it_calls_a_car():
    for line in ("整车业务", "销售汽车", "汽车"):
        road = made({1: line, 2: "驱动桥", 3: "汽车维修"}, graph=ROAD)

        assert [match.firm_id for match in road.partners(1, "upstream")] == [2]
        assert [match.firm_id for match in road.partners(1, "downstream")] == [3]


def test_another_car_maker_is_no_supplier():
    road = made({1: "整车业务", 2: "驱动桥", 4: ["轿车", "驱动桥"]}, graph=ROAD)

    found = by_firm(road.partners(1, "upstream"))

    segment = {
        firm: next(one.points for one in found[firm].evidence.parts if one.part is Part.SEGMENT) for firm in found
    }
    assert found[2].score > found[4].score
    assert segment[2] > segment[4]


def test_the_chain_ends_with_who_keeps_the_last_product():
    road = made({1: "汽车维修", 2: "驱动桥", 3: "轿车"}, graph=ROAD)

    assert road.partners(1, "downstream") == []


def test_a_side_business_stands_in_no_segment_and_counts_little():
    texts = ["废料销售", "其他业务", "自营进出口业务", "贸易业务", "驱动桥销售", "正极材料", "电子材料", "销售汽车"]
    classifier = SegmentClassifier.build(ROAD)

    assert (worth_of(texts) == 1).tolist() == [False, False, False, False, True, True, True, True]
    assert [code for code, _ in placed(classifier, ["废料销售", "驱动桥销售", "销售汽车"])] == [
        None,
        "car.axle",
        "car.whole",
    ]


PORT = ChainGraph(
    nodes=(
        SegmentNode("steel.ore", "steel", "铁矿", "up", ("铁矿石",)),
        SegmentNode("steel.plate", "steel", "板材", "mid", ("热轧钢板",)),
        SegmentNode("ship.hull", "ship", "船舶", "mid", ("货船",)),
        SegmentNode("ship.port", "ship", "港口", "down", ("水路货物装卸联运",)),
    ),
    links=(
        SegmentLink("steel.ore", "steel.plate", "铁矿石"),
        SegmentLink("ship.hull", "ship.port", "货船"),
    ),
)


def test_a_service_beside_goods_does_not_lead_the_list_and_a_firm_of_services_is_asked_by_them():
    port = made(
        {1: ("热轧钢板", "水路货物装卸联运"), 2: "货船", 3: "铁矿石", 4: "水路货物装卸联运"},
        graph=PORT,
    )

    upstream = port.partners(1, "upstream")
    assert [match.firm_id for match in upstream][:2] == [3, 2]
    assert upstream[1].score < 0.6 * upstream[0].score
    assert [match.firm_id for match in port.partners(4, "upstream")] == [2]


def test_a_line_is_read_without_its_words_for_dealing():
    assert [product_of(text) for text in ("销售汽车", "整车业务", "自产甲醇", "光缆销售", "销售")] == [
        "汽车",
        "整车",
        "甲醇",
        "光缆",
        "销售",
    ]


def test_reasons_add_up_as_chances_do():
    pooled = together(np.array([0.5, 0.5, 0.2]), np.array([0, 0, 2]), 3)

    assert pooled.round(9).tolist() == [0.75, 0.0, 0.2]
