"""What is left of a text when its conditions are taken out: the product, without the words of asking for it.

The words are those of any purchase (我司、急需、求购、厂家、优先); no sentence is known as a whole, and a text that
is nothing but such words keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from matchmaker.enterprises.reading.values import Kind, Term
from matchmaker.text import fold, fold_spaced

_BETWEEN: Final = re.compile(r"(?:[\s;。、!?|]|(?<!\d),|,(?!\d+[-,]))+|(?<=[\u3400-\u9fff]{2}):")
_CLAUSES: Final = re.compile("[,;。!?]")
_HAN: Final = re.compile("[\u3400-\u9fff]")
_TOLD: Final = frozenset({Kind.SPECIFICATION, Kind.MATERIAL})  # stay: retrieval compares them
_SAID: Final = re.compile(
    "我们?公?司|我们|我厂|本公司|本厂|贵公司|公司|因|由于|现有|现因|现|目前|近期|长期|常年|大量|批量|急需?|需要|需求|需|采购|求购|寻购|寻找|寻求|诚寻"
    "|诚征|征集|招标|询价|对接|拟|计划|打算|新增|新建|扩建|增加|引进|引入|配套|外购|订购|购买|购置|定制|定做|来样|来图|希望|期望|想要|寻|能够|能|可以|可|欢迎|提供"
    "|支持|接受|要求|必须|务必|须|应|仅限|优先|最好|优选|尽量|具备|具有|拥有|持有|取得|获得|通过|符合|满足|达到|有|认证|资质|证书|体系|标准|质量|品质|稳定|可靠"
    "|保证|价格|合理|优惠|面议|面谈|合作|伙伴|账期|月结|付款|现款|现货|样品|试样|小批量|试制|检测|报告|第三方|交货|到货|交付|供货|发货|送货|运输|包邮|含税|含运费|地点|产地|货期|交期|工期"
    "|周期|数量|用量|年|月|日|天|预算|总价|规格|型号|材质|材料|等级|生产|制造|加工|供应|供货|供应商|供方|厂家|厂商|企业|工厂|商家|单位|团队|实力|经验|业绩|同类|产线|生产线|产能|不足|扩大|扩产"
    "|二供|备选|备份|国产化?|替代|联系|洽谈|咨询|报价|投标|报名|位于|周边|附近|地区|本地|省内|当地|以上|以内|左右|若干|一批|多种|各类|各种|相关|等|请|与|和|及|并|且|或|的|在|为|从|由|向|对|将|于|起|前|内|后|以|之"
)
_OPENING: Final = re.compile(
    "(?:我司|我公司|我们|我厂|本公司|本厂|急需|亟需|急求|求购|寻购|寻找|寻求|诚寻|诚征|征集|询价"
    "|采购(?!管理|服务|代理|平台|系统|执行|业务|商城|供应)|需(?!求|氧)(?:要)?|拟(?=增|采|新|建|引|寻|找|外|购|招|对)|现(?=急|需|求|采|寻|拟|因|诚)"
    "|希望|期望|计划(?=采|购|引|新|增|寻)|想要|对接|外购|订购|购买|购置|要求|请|(?:现有|目前|新建|新增|扩建|增加|引进|引入|长期|常年|大量|批量|急|产线|生产线|因|项目|生产|配套)(?=.*(?:需|购|求|寻|拟|供)))"
)
_AFTER_OPENING: Final = re.compile(
    "(?:配套|长期|大量|批量|一批|若干|增加|新增|引进|引入|外购|定制|能够?|可以?|通过|具备|的|以下)(?=..)"
)
_CLOSING: Final = re.compile(
    "(?:供应商|供货商|供应方|供方|生产企业|生产厂家|厂家|厂商|企业|工厂|二供|备选|货源|供应|一批|若干|等|合作伙伴|合作|的)$"
)
_ABOUT_US: Final = re.compile("我司|我公司|我们|我厂|本公司|本厂|公司")
_BUYS: Final = re.compile("购|求|寻|需|征")
_LEAST: Final = 2
_LEAST_UNASKED: Final = 4


def product_phrases(text: str, terms: Iterable[Term]) -> tuple[str, ...]:
    """The product's phrases, folded, as the writer cut them by blanks and punctuation; () when nothing is left."""
    conditions = [term for term in terms if term.kind not in _TOLD or " " in term.text]
    left = fold_spaced(_without(text, conditions))
    phrases = [phrase for phrase in _BETWEEN.split(left) if phrase]
    is_request = bool(conditions) or any(map(_OPENING.match, phrases))
    if is_request or _CLAUSES.search(left):
        return tuple(_products(phrases, 1 if is_request else _LEAST_UNASKED))
    return tuple(phrases)


def _without(text: str, terms: Iterable[Term]) -> str:
    pieces, at = [], 0
    for term in terms:
        pieces.append(text[at : term.start])
        at = term.end
    return ",".join([*pieces, text[at:]])


def _products(phrases: list[str], least: int) -> list[str]:
    """least: characters from which a phrase may be mere talk; in a text that asks for nothing only longer ones are."""
    kept = [phrase for phrase in phrases if len(phrase) < least or not _is_talk(phrase)]
    opened = any(map(_OPENING.match, kept))
    if any(map(_BUYS.search, kept)):
        kept = [phrase for phrase in kept if _BUYS.search(phrase) or not _ABOUT_US.match(phrase)]
    return [_trimmed(phrase) if opened else phrase for phrase in kept]


def _is_talk(phrase: str) -> bool:
    """Whether a phrase says nothing but how one asks; a code or a single letter may be a name."""
    return _HAN.search(phrase) is not None and len(_SAID.sub("", phrase)) < min(_LEAST, len(phrase))


def _trimmed(phrase: str) -> str:
    rest = phrase
    while (found := _OPENING.match(rest)) and len(rest) - found.end() >= _LEAST:
        rest = rest[found.end() :]
    while rest != phrase and (found := _AFTER_OPENING.match(rest)):
        rest = rest[found.end() :]
    while (found := _CLOSING.search(rest)) and found.start() >= _LEAST:
        rest = rest[: found.start()]
    return rest or fold(phrase)
