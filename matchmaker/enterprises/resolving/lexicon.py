"""What the pieces of a company name are: place, trade, organisation, legal form, branch; and how a character sounds."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from matchmaker import reference
from matchmaker.text import syllable

NAME, PLACE, TRADE, ORGANISATION = "NPTO"  # what a character of a name belongs to
_LEGAL_FORMS: Final = (
    "股份有限责任公司", "股份有限公司", "有限责任公司", "有限公司", "股份公司", "总公司", "公司",
    "普通合伙", "有限合伙", "特殊普通合伙", "厂",
)  # fmt: skip
# An institution's kind stands where a company has its form, and whoever writes it out has left nothing out.
INSTITUTIONS: Final = ("促进会", "研究院", "研究所", "协会", "商会", "学会", "大学", "学院", "合作社")
_NO_LEGAL_FORM: Final = frozenset(["股份", "总公", "有限责", "股份有限责"])  # cut short here, it may be another word
_SUFFIXES: Final = "省市县区州"
_UNITS: Final = "分公司|分厂|分店|分行|支行|办事处|营业部|项目部|分部|经营部|销售部|门市部"
_ALIKE_STARTS: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_ALIKE_ENDS: Final = (("ang", "an"), ("eng", "en"), ("ing", "in"))

_classes: dict[str, str] = {}


@cache
def places() -> frozenset[str]:
    """Every place a name may begin with, long and short."""
    registered = (name for region in reference.regions() for name in (region.name, region.short) if name)
    return frozenset([*reference.name_words().places, *registered])


@cache
def provinces() -> frozenset[str]:
    """The short names after which a second place may follow."""
    levels = ("province", "outside")
    return frozenset(["中国", *(region.short for region in reference.regions() if region.level in levels)])


@cache
def _any_place() -> str:
    return "|".join(map(re.escape, sorted(places(), key=lambda place: (-len(place), place))))


@cache
def _place_pattern() -> re.Pattern[str]:
    return re.compile(f"(?:{_any_place()})[{_SUFFIXES}]?")


def place_at(text: str, start: int) -> str:
    """The place that stands at this point of a name, or ""."""
    found = _place_pattern().match(text, start)
    return found[0] if found else ""


@cache
def branch_pattern() -> re.Pattern[str]:
    """What names a branch at the end of a name: 武汉分公司, （黄石）分公司, 第二分公司, 襄阳办事处."""
    numbered = "第?[一二三四五六七八九十0-9]+"
    named = rf"\(?(?:{_any_place()}|{numbered})?[{_SUFFIXES}]?\)?"
    return re.compile(rf"(?:(?<=公司)\(?[\u4e00-\u9fff]{{1,6}}?\)?|{named})(?:{_UNITS})$")


@cache
def legal_pattern() -> re.Pattern[str]:
    """A legal form at the end of a name, or the beginning of one cut short."""
    cut = {form[:end] for form in _LEGAL_FORMS[:6] for end in range(2, len(form) + 1)} - _NO_LEGAL_FORM
    return re.compile(
        "(?:" + "|".join(sorted({*cut, *_LEGAL_FORMS, *INSTITUTIONS}, key=lambda form: (-len(form), form))) + ")$"
    )


@cache
def _kinds() -> dict[str, str]:
    words = reference.name_words()
    return dict.fromkeys(words.trades, TRADE) | dict.fromkeys(words.organisation, ORGANISATION)


@cache
def _longest() -> int:
    return max(map(len, _kinds()))


def word_at(text: str, start: int) -> tuple[str, str]:
    """The longest word of trade or organisation at this point, with its kind; two empty texts where none stands."""
    kinds = _kinds()
    for length in range(min(_longest(), len(text) - start), 1, -1):
        if kind := kinds.get(text[start : start + length]):
            return text[start : start + length], kind
    return "", ""


@lru_cache(maxsize=30_000)
def sound(character: str) -> str:
    """One character that stands for all that sound alike to careless ears: zh as z, n as l, ang as an."""
    heard = reading(character)
    if not heard:
        return character
    for start, alike in _ALIKE_STARTS:
        if heard.startswith(start):
            heard = alike + heard[len(start) :]
    for end, alike in _ALIKE_ENDS:
        if heard.endswith(end):
            heard = heard[: -len(end)] + alike
    return _classes.setdefault(heard, chr(0xE000 + len(_classes)))


@lru_cache(maxsize=30_000)
def reading(character: str) -> str:
    """The toneless reading of a Han character; "" for any other."""
    return syllable(character) if "\u3400" <= character <= "\u9fff" else ""
