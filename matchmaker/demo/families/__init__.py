"""How each family of products is measured, specified and certified.

A family is a way of speaking: steel is sold in tonnes by thickness, software in sets by users. `<800-1600/50>` in a
specification stands for a number of that range and step, `<a|b>` for one of the words.
"""

from __future__ import annotations

import re
from functools import cache

from matchmaker.demo.families.goods import GOODS
from matchmaker.demo.families.measures import Family, Measure
from matchmaker.demo.families.services import SERVICES
from matchmaker.demo.families.specs import Wordlore, lore_of
from matchmaker.reference import ProductRow, SegmentRow

__all__ = ["FAMILIES", "SERVICE_CODES", "Family", "Measure", "Wordlore", "family_of", "lore_of"]

FAMILIES = {family.code: family for family in (*GOODS, *SERVICES)}
SERVICE_CODES = frozenset(family.code for family in SERVICES)

_BY_DIVISION = {
    **dict.fromkeys(("01", "02", "03", "04", "05"), "agri"),
    **dict.fromkeys(("06", "07", "08", "09", "10", "11"), "mining"),
    **dict.fromkeys(("13", "14", "15"), "food"),
    **dict.fromkeys(("17", "18", "19", "28"), "textile"),
    **dict.fromkeys(("20", "21", "22"), "wood"),
    **dict.fromkeys(("25", "26"), "chem"),
    **dict.fromkeys(("31", "32"), "metal"),
    **dict.fromkeys(("34", "35"), "machine"),
    **dict.fromkeys(("44", "45"), "energy"),
    **dict.fromkeys(("47", "48", "50", "70"), "construction"),
    **dict.fromkeys(("51", "52", "62"), "trade"),
    **dict.fromkeys(("54", "55", "59"), "logistics"),
    **dict.fromkeys(("63", "64", "65", "66"), "software"),
    **dict.fromkeys(("73", "74", "81", "43", "92"), "service"),
    "27": "pharma",
    "29": "plastics",
    "30": "mineral",
    "33": "parts",
    "36": "autoparts",
    "37": "parts",
    "38": "electric",
    "39": "electronic",
    "40": "instrument",
    "42": "recycle",
    "84": "pharma",
}

_MADE_BY_MACHINERY = {"33", "34", "35", "36", "37", "38", "39", "40"}
_SERVICE = re.compile(
    r"监测$|处理$|处置$|检测$|试验$|检验$|认证$|设计$|测绘$|咨询$|维修$|大修$|再制造$|修理$|改装$|外包$"
)
_MOULD = re.compile(r"模具$|检具$")
_VEHICLE = re.compile(r"车$|卡车|客车|船$|游轮|平台$|无人机$|装载机$")
_PART = re.compile(r"电机$|发动机$|柴油机$|压缩机$|空压机$")
_MACHINE = re.compile(r"机$|机床$|设备$|装备$|生产线$|炉$|釜$|装置$|机器人$|中心$|装配线$|输送线$|塔$")
_CHEMICAL = re.compile(r"电子级|光刻胶|液$|抛光|树脂$|浆料$|电解液$|胶$|酸$|氨$|硅烷$|酯$|锂$|锂盐$")


@cache
def family_of(segment: SegmentRow, product: ProductRow) -> Family:
    """The way of speaking that suits one product: by its own word first, then by the segment's industry."""
    division = segment.industries[0][:2]
    return FAMILIES[_by_word(product.name, division, segment.stage) or _BY_DIVISION[division]]


def _by_word(word: str, division: str, stage: str) -> str | None:
    if _SERVICE.search(word):
        return "service"
    if division not in _MADE_BY_MACHINERY:
        return None
    if _MOULD.search(word):
        return "mould"
    if _CHEMICAL.search(word):
        return "chem"
    if _VEHICLE.search(word) and stage in {"mid", "down"}:
        return "vehicle"
    return "machine" if _MACHINE.search(word) and not _PART.search(word) else None
