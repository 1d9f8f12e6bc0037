"""Quantities, minimum orders and budgets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from matchmaker.enterprises.reading.values import Kind, Term

_NUMBER: Final = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,12}(?:\.\d{1,4})?)"
_TIMES: Final = {"亿": 100_000_000, "千万": 10_000_000, "百万": 1_000_000, "万": 10_000, "千": 1_000, "百": 100}
_SCALE: Final = "(亿|千万|百万|万|千(?![米克瓦])|百)?"
_COUNTED: Final = (
    "平方米|立方米|公斤|千克|千米|[件套台吨只个支米片块辆艘卷箱瓶根条张副付组架桶袋盒双颗枚粒把株头升]"
    "|kg|pcs|t(?![a-z])|m[23]"
)
_PERIOD: Final = r"(?: ?(?:/|每) ?([年季月天日]))?"
_PERIODS: Final = {"年": "year", "季": "quarter", "月": "month", "天": "day", "日": "day"}
_PREFIX: Final = (
    r"(?:(?:[每全]?([年季月日])(?:均|度)?)?(?:总)?(?:采购|需求|用|使用|供应|产|订货?|进货)?(?:需|量|能|约|共|计|为|达)*"
    r"|首批|首单|首次|一次|一批|数量|约|共|需要?)"
)
_QUANTITY: Final = re.compile(
    rf"{_PREFIX}(?:约|为|:| )*{_NUMBER} ?(余)?{_SCALE} ?({_COUNTED}){_PERIOD}(?!/|月|级)( ?(?:起订|起批|起定|以上起))?"
)
_EDGE: Final = frozenset(" ,;。、!?|()~:.") | {""}
_MANY: Final = 100  # 300套…, unlike 3件套, needs no blank before what is counted

_MONEY: Final = rf"{_NUMBER} ?{_SCALE} ?(?:元|人民币|rmb)?"
_PAYMENT: Final = re.compile(
    r"账期(?:不超过|不少于|为|:| )*\d{1,3} ?(?:天|日|个月)|\d{1,3} ?(?:天|日|个月)(?:的)?账期"
    r"|月结(?: ?\d{1,3} ?天)?|(?:款到|货到)(?:发货|付款)"
)
_BUDGET: Final = re.compile(
    rf"(?:(?<![单报])(预算|总价|总额|金额|限价|价款)(?:约|为|在|不超过|控制在|上限|:| )*|(不超过|不高于|控制在|低于))"
    rf"(?:{_NUMBER} ?{_SCALE} ?元?(?:-|~|至|到) ?)?{_MONEY}(?:以内|以下|之内|左右|内)?"
)


def quantities(text: str, shadow: str) -> Iterator[Term]:
    """How many of what unit, in which period; with 起订 it is the least a supplier takes on."""
    for found in _QUANTITY.finditer(shadow):
        before, number, _more, scale, unit, after, least = found.groups()
        start, end = _trimmed(shadow, *found.span())
        if not least and not _stands_apart(shadow, found, has_scale=bool(scale)):
            continue
        kind = Kind.MINIMUM if least else Kind.QUANTITY
        period = _PERIODS.get(after or before or "", "")
        yield Term(kind, text[start:end], start, end, _scaled(number, scale), unit=unit, period=period)


def _trimmed(shadow: str, start: int, end: int) -> tuple[int, int]:
    return start + len(shadow[start:end]) - len(shadow[start:end].lstrip(" :")), end


def _stands_apart(shadow: str, found: re.Match[str], *, has_scale: bool) -> bool:
    """Whether a number with a unit is an amount rather than part of a name (3件套, 100米跑道)."""
    has_words = found.start() < found.start(2) and not shadow[found.start() : found.start(2)].isspace()
    is_left = shadow[found.start() - 1 : found.start()] in _EDGE if found.start() else True
    is_right = shadow[found.end() : found.end() + 1] in _EDGE
    if has_words or is_right:
        return True
    is_many = has_scale or Decimal(found[2].replace(",", "")) >= _MANY
    return is_left and is_many and shadow[found.end() : found.end() + 1] not in "套装级"


def budgets(text: str, shadow: str) -> Iterator[Term]:
    """What may be spent, in whole yuan; an amount without 元, 万 or a word for money is none."""
    for found in _BUDGET.finditer(shadow):
        word, _limit, low, low_scale, high, scale = found.groups()
        is_money = "元" in found[0] or (word and scale in ("万", "千万", "百万", "亿"))
        if is_money:
            least = str(_yuan(low, low_scale or scale)) if low else ""
            yield Term(
                Kind.BUDGET, text[slice(*found.span())], *found.span(), str(_yuan(high, scale)), low=least, unit="元"
            )


def payments(text: str, shadow: str) -> Iterator[Term]:
    """How and when is paid: shown and kept, judged by nobody but the two sides."""
    for found in _PAYMENT.finditer(shadow):
        yield Term(Kind.PAYMENT, text[slice(*found.span())], *found.span())


def _scaled(number: str, scale: str | None) -> str:
    amount = Decimal(number.replace(",", "")) * _TIMES.get(scale or "", 1)
    return f"{amount.normalize():f}"


def _yuan(number: str, scale: str | None) -> int:
    return int(Decimal(_scaled(number, scale)))
