"""Coined names and sample codes: firms, institutions and people that do not exist.

Names follow the pattern real ones do (place, a coined 字号, trade word, legal form) so that search and duplicate
detection meet what they will meet in life. The 字号 are built from characters rarely put together, and combinations
that well-known firms use are left out.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from matchmaker.demo.drawing import chance

SAMPLE_PREFIX = "DEMO"
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # of real credit codes, so that a sample code has their look

_FIRST = tuple(
    "楚荆沔郧澴涢沮漳昭翊恺砺驭擎澜岚峻屹沐稷穗珩铄钧骁翎瀚煜熠晟昱璟琮岱嵘崧泓滢漾溯澄渌沣淅浛洵蕲荃芃蔚葳茂桓楷榆槿樾栩"
)
_SECOND = tuple(
    "川岳峦澄禾远图砺樾枫桐楠樟帆衡屿渡渊浦湄涵澍澜岑岭崖驰骋翼翎翮曜昕晗煦烨炜铎钊铭锐镕锴鋆翰彦哲伦辰宸阔启承拓进展"
)
_THIRD = tuple("达源泰盛和兴元丰利诚信合力")
_SURNAMES = tuple(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾"
    "夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_GIVEN_FIRST = tuple(
    "建国志明文晓海春秋立永新光正宏伟俊思雨雪梦佳嘉子宇浩泽天一家云凤玉秀桂兰淑静雅慧欣振世学友良忠义德仁礼智诚"
)
_GIVEN_SECOND = tuple(
    "华平军强勇杰涛斌波辉刚峰磊鹏飞龙虎成林森洋江河山川琴芳娟敏丽红梅霞燕玲莉洁颖琳媛婷萍娜蓉瑶琪珊薇茜蕾"
)

# 字号 that listed or otherwise well-known firms use; a coined one must not contain any of them.
_TAKEN = frozenset(
    [
        "图信",
        "展信",
        "展源",
        "屹伦",
        "岚图",
        "川合",
        "川和",
        "川达",
        "彦源",
        "昭展",
        "澜力",
        "澜盛",
        "瀚川",
        "瀚拓",
        "禾丰",
        "禾信",
        "禾元",
        "翰丰",
        "辰信",
        "远信",
        "远兴",
        "远达",
        "铭达",
        "锐达",
        "驰和",
    ]
)

_FORMS = ("有限公司", "有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司")


@dataclass(frozen=True, slots=True)
class CoinedName:
    """A full name and the short one people use."""

    full: str
    short: str


@dataclass(slots=True)
class Coiner:
    """Hands out names and codes, each only once."""

    rng: random.Random
    _names: set[str] = field(default_factory=set)
    _serial: int = 0

    def reserve(self, name: str) -> None:
        """Keep a name that was written by hand from being coined again."""
        self._names.add(name)

    def firm(self, place: str, trades: Sequence[str]) -> CoinedName:
        """A new company name at a place, in one of the trades."""
        while True:
            short = self.style_name() + self.rng.choice(trades)
            full = place + short + self.rng.choice(_FORMS)
            if full not in self._names:
                self._names.add(full)
                return CoinedName(full, short)

    def organisation(self, pattern: str) -> CoinedName:
        """A new name of an institution: `{}` in the pattern takes the coined part."""
        while True:
            full = pattern.format(self.style_name())
            if full not in self._names:
                self._names.add(full)
                return CoinedName(full, full)

    def style_name(self) -> str:
        """A coined 字号 of two or three characters."""
        while True:
            word = self.rng.choice(_FIRST) + self.rng.choice(_SECOND)
            if chance(self.rng, 0.35):
                word += self.rng.choice(_THIRD)
            if word[0] != word[1] and word[:2] not in _TAKEN and word[1:] not in _TAKEN:
                return word

    def person(self) -> str:
        """A coined person's name."""
        given = self.rng.choice(_GIVEN_FIRST) + self.rng.choice(_GIVEN_SECOND)
        return self.rng.choice(_SURNAMES) + (given[1] if chance(self.rng, 0.12) else given)

    def code(self, region: str) -> str:
        """A new sample code of 18 characters with the region at its usual place."""
        self._serial += 1
        tail = "".join(self.rng.choices(_CODE_ALPHABET, k=3))
        return f"{SAMPLE_PREFIX}{region}{self._serial:05d}{tail}"
