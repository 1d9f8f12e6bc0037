"""Coined firms: place, a trade name put together at random, words of trade, organisation and legal form."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from functools import cache

from matchmaker import reference
from matchmaker.enterprises.resolving.lexicon import reading, sound
from matchmaker.reference.files import read_json

USUAL = (
    "华东中天金海新大国南北江山长力达科信安康源宏泰盛兴盈恒瑞丰利德通联合光明远方正阳星龙凤凯杰威伟强胜升创维思博雅润佳美嘉乐福祥吉顺永久鸿广宝银铁石林森木水河湖洋港航宇宙星辰云天雷电子"
    "力诚益友邦格兰迪奥艾贝尔特拉克斯麦迈普罗曼诺亚欧亨立达仁和平安万千百亿三五四双一"
)
RARER = (
    "琚捷彤骏驰轩翔翼羽钧铭锐鑫鼎晟昊昂易硕卓越拓展启航朗秦楚汉唐蜀湘粤皖赣沪甬秀丽莱茵蓝绿红黑白青紫橙梦幻景珠玉璞翠翰墨涵淳清泉泓涛波浪澜沧渤洁净纯真善尚品味珍馨香桂兰菊梅竹松柏槐杨柳"
    "桐榕枫檀樟茂盖巨猛豪勋爵侯伯皇帝尊贵嘉禾麒麟鹏鹰鹤鸿雁燕雀驼鹿牛马羊虎豹狮象熊鲸鲨鳄龟蛇蝶蜂蚁"
)
LISTED, GENERAL = "listed", "general"
_FORMS = ("股份有限公司", "有限公司", "有限责任公司", "股份公司")
_SHARES = {LISTED: (88, 8, 3, 1), GENERAL: (18, 62, 19, 1)}
_AUTONOMOUS = ("内蒙古", "广西", "西藏", "宁夏", "新疆", "香港", "澳门", "台湾")
MUNICIPALITIES = ("北京", "上海", "天津", "重庆")


@cache
def characters() -> tuple[str, ...]:
    """The usual characters: level 1 of GB 2312."""
    codes = (bytes([high, low]) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return tuple(character for code in codes if (character := code.decode("gb2312", "ignore")))


@cache
def same_reading() -> dict[str, tuple[str, ...]]:
    """The usual characters by how they are read."""
    return _grouped(reading)


@cache
def same_sound() -> dict[str, tuple[str, ...]]:
    """The usual characters by how they sound to careless ears."""
    return _grouped(sound)


def _grouped(key) -> dict[str, tuple[str, ...]]:
    held: dict[str, list[str]] = {}
    for character in characters():
        held.setdefault(key(character), []).append(character)
    return {heard: tuple(group) for heard, group in held.items()}


@cache
def prefectures() -> tuple[str, ...]:
    return tuple(region.short for region in reference.regions() if region.level == "prefecture")


@cache
def provinces() -> tuple[str, ...]:
    outside = (region.short for region in reference.regions() if region.level == "outside")
    return ("湖北", *(name for name in outside if name not in ("境外", "省外（未详）", "省外")))


@cache
def cities() -> tuple[str, ...]:
    return tuple(place for place in reference.name_words().places if place != "中国")


@cache
def industry_words() -> tuple[str, ...]:
    """Pieces of the names of industries: trades the lexicon does not know."""
    cut = (re.sub(r"[、（）()及和的其他]|制造|加工|业$", " ", row.name) for row in reference.industries())
    return tuple(sorted({piece for text in cut for piece in text.split() if 2 <= len(piece) <= 4}))


@cache
def usual_trades() -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The words of trade in real names, with how often each is met."""
    words, counts = zip(*read_json("name_morphology.json")["trade_words"], strict=True)
    return words, counts


@dataclass(frozen=True)
class CoinedFirm:
    """A firm by the pieces of its name."""

    place: str
    own: str
    trades: tuple[str, ...]
    organisation: str
    form: str
    place_in_brackets: bool = False

    @property
    def name(self) -> str:
        """The full name."""
        trades = "".join(self.trades)
        if self.place_in_brackets:
            return f"{self.own}{trades}({self.place}){self.organisation}{self.form}"
        return f"{self.place}{self.own}{trades}{self.organisation}{self.form}"

    @property
    def plain_place(self) -> str:
        return self.place.rstrip("省市") if len(self.place) > 2 else self.place

    def but(self, **changes) -> CoinedFirm:
        return replace(self, **changes)


class Coiner:
    """Coins firms of one register; some share their trade name, as firms do."""

    def __init__(self, rng: random.Random, style: str) -> None:
        self.rng = rng
        self.style = style
        self._used: list[str] = []

    def own(self) -> str:
        rng = self.rng
        if self._used and rng.random() < 0.22:
            return self._used[int(len(self._used) * rng.random() ** 2.5)]
        length = rng.choices((2, 3, 4), (72, 23, 5))[0]
        self._used.append("".join(self._character() for _ in range(length)))
        return self._used[-1]

    def _character(self) -> str:
        rng = self.rng
        if rng.random() < 0.5:
            return USUAL[int(len(USUAL) * rng.random() ** 1.6)]
        return rng.choice(USUAL if rng.random() < 0.55 else RARER if rng.random() < 0.8 else characters())

    def trade(self) -> str:
        """A word of trade: mostly as usual as the morphology of real names has it, at times one seldom seen."""
        drawn = self.rng.random()
        if drawn < 0.6:
            return self.rng.choices(*usual_trades())[0]
        return self.rng.choice(reference.name_words().trades if drawn < 0.85 else industry_words())

    def place(self) -> str:
        rng, drawn = self.rng, self.rng.random()
        place = rng.choice(provinces() if drawn < 0.4 else cities() if drawn < 0.8 else prefectures())
        if place in MUNICIPALITIES or rng.random() >= 0.12:
            return place
        return place + ("省" if place in provinces() and place not in _AUTONOMOUS else "市")

    def firm(self) -> CoinedFirm:
        rng = self.rng
        place = self.place() if rng.random() < 0.55 else "中国" if rng.random() < 0.06 else ""
        own = "" if place and rng.random() < 0.11 else self.own()
        trades = tuple(self.trade() for _ in range(rng.choices((0, 1, 2, 3), (9, 48, 34, 9))[0]))
        organisation = rng.choices(
            ("", "集团", "控股", "(集团)", "控股集团", "实业", "企业", "发展"), (78, 11, 3, 2, 1, 2, 1, 2)
        )[0]
        form = rng.choices(_FORMS, _SHARES[self.style])[0]
        trades = trades if own or trades else (self.trade(),)
        return CoinedFirm(place, own, trades, organisation, form, bool(place) and rng.random() < 0.05)
