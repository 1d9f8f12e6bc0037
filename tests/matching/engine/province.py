"""A tiny hand-written chain with one firm or two at each step."""

from matchmaker.matching.engine import ChainGraph, Firm, Index, Knowledge, Line, ProductLink, SegmentLink, SegmentNode

GRAPH = ChainGraph(
    nodes=(
        SegmentNode("phos.mine", "phos", "磷矿采选", "up", ("磷矿石", "磷精矿")),
        SegmentNode("phos.iron", "phos", "磷酸铁", "mid", ("磷酸铁", "无水磷酸铁")),
        SegmentNode("battery.cathode", "battery", "正极材料", "up", ("磷酸铁锂", "三元正极材料")),
        SegmentNode("battery.cell", "battery", "电芯", "mid", ("铁锂电芯", "软包电芯")),
        SegmentNode("auto.pv", "auto", "乘用车", "down", ("新能源乘用车", "轿车")),
    ),
    links=(
        SegmentLink("phos.mine", "phos.iron", "磷矿石", "phos"),
        SegmentLink("phos.iron", "battery.cathode", "磷酸铁"),
        SegmentLink("battery.cathode", "battery.cell", "正极材料", "battery"),
        SegmentLink("battery.cell", "auto.pv", "电芯"),
    ),
)

FIRMS = (
    Firm(1, "宜昌磷矿", "420500", 4),
    Firm(2, "荆门磷酸铁", "420800", 2),
    Firm(3, "荆门正极", "420804", 3),
    Firm(4, "武汉电芯", "420115", 4),
    Firm(5, "襄阳轿车", "420600", 1),
    Firm(6, "孝感正极", "420900", None),
    Firm(7, "仙桃包装", "429004", 0),
)

LINES = (
    Line(11, 1, "product", "磷矿石", share=0.9),
    Line(
        21,
        2,
        "capability",
        "无水磷酸铁 电池级",
        share=1.0,
        certificates=("ISO 9001",),
        quantity=500,
        unit="吨",
        days=20,
    ),
    Line(
        31, 3, "capability", "磷酸铁锂正极材料 2.5g/cm3", share=1.0, certificates=("IATF16949",), quantity=80, unit="吨"
    ),
    Line(41, 4, "product", "铁锂电芯 280ah", share=0.8),
    Line(42, 4, "need", "求购磷酸铁锂，要求 IATF 16949"),
    Line(51, 5, "product", "新能源乘用车", share=1.0),
    Line(61, 6, "capability", "磷酸铁锂正极材料", share=1.0, days=90),
    Line(71, 7, "product", "瓦楞纸箱", share=1.0),
)

LEARNED = (ProductLink("磷酸铁锂正极材料", "碳酸锂", "up"), ProductLink("瓦楞纸箱", "牛皮纸", "up"))


def index(firms=FIRMS, lines=LINES, learned=()):
    return Index.build(firms, lines, Knowledge(GRAPH, learned))
