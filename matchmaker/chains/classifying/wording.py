"""What of a text names a product: its phrases, without the words for dealing in it."""

from __future__ import annotations

import re
from typing import Final

_PHRASES: Final = re.compile(r"[^\w\-+/().]+|(?<=[\u4e00-\u9fff])(?=\d)")
_TRADE_WORDS: Final = re.compile(
    "(?:及其他|及服务|[产商]品|系列|业务|板块|分部|事业部|销售|进出口|出口|进口|贸易|收入|项目|生产|制造|加工|研发|类|等)+$"
)
_ASKING: Final = re.compile(
    "^(?:我[司厂们公]司?|本公司|我公司|现|拟|急需|长期|大量|常年|专业|寻求?|寻找|求购|采购|订购|购买|需要?|供应|销售|生产|加工|经销|批发|一批|各类|各种|其他|其它)+"
)
_LEAST_STEM: Final = 2
_MOST_PHRASES: Final = 6


def product_stem(folded: str) -> str:
    """A line without the words for dealing in its product: 整车业务 → 整车, 光缆销售 → 光缆."""
    stem = _TRADE_WORDS.sub("", folded)
    return stem if len(stem) >= _LEAST_STEM else folded


def phrases(folded: str) -> list[str]:
    """The text as a whole, and its parts, each also without the words around its product."""
    parts = (part for part in _PHRASES.split(folded)[:_MOST_PHRASES] if _is_spoken(part))
    return list(dict.fromkeys(form for part in (folded, *parts) for form in (part, _bare(part)) if _is_spoken(form)))


def _bare(part: str) -> str:
    stem = product_stem(part)
    rest = _ASKING.sub("", stem)
    return rest if len(rest) >= _LEAST_STEM else stem


def _is_spoken(phrase: str) -> bool:
    """A bare number names nothing: the 12 of “12 套” is no ADC12."""
    return any(character.isalpha() for character in phrase)
