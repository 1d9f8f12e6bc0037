"""Certificates, specifications and materials: the codes of the trade."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from matchmaker.enterprises.reading.values import Kind, Term
from matchmaker.text import fold

_CERTIFICATE: Final = re.compile(
    r"(?<![a-z])(?:(?:iatf|iso(?:/ts|/iec)?|gjb|as|iris|fssc|ohsas|en|qc|ts)[ -]?\d{4,5}[a-d]?(?!\d)(?::\d{4})?"
    r"|(?:rohs|reach|haccp|gmp|ccc|ccs|iris|cnas|cma)(?![a-z])|(?:ce|ul|3c|qs|sc)(?:认证|标志))"
    r"(?:(?:质量)?(?:管理)?体系)?(?:认证|证书)?"
    r"|(?:特种设备|安全|食品|工业产品|危险化学品|军工|武器装备)[\u4e00-\u9fff]{0,8}?(?:许可证?|资质证?)"
)
_CERTIFICATE_WORDS: Final = re.compile(r"[\s\-_]|(?:质量)?(?:管理)?体系|认证|证书|标志")
_DIMENSIONS: Final = re.compile(
    r"(?<![a-z0-9.])[mφ]?\d+(?:\.\d+)?(?:mm|cm|m)?(?: ?[x*] ?\d+(?:\.\d+)?(?:mm|cm|m)?){1,3}(?![a-z0-9])"
)
_STANDARD: Final = re.compile(
    r"(?<![a-z])(?:gb(?:/t)?|jb(?:/t)?|hg(?:/t)?|yb(?:/t)?|qb(?:/t)?|din|astm|jis|ansi|api) ?[a-z]"
    r"?\d{1,6}(?:\.\d+)?(?:-\d{2,4})?"
)
_MATERIAL: Final = re.compile(
    r"(?:20[12]|30[1-4]l?|31[06]l?s?|321|347|4[13]0f?|45#|sus\d{3}l?|q(?:195|215|235|345|355|390|420|460)[a-e]?"
    r"|[1-7]0[0-9]{2}(?:-t\d{1,3})?|adc\d{1,2}|a(?:356|380)|ht\d{3}|qt\d{3}(?:-\d{1,2})?|20cr(?:mo|mnti)?|40cr|42crmo"
    r"|gcr15|65mn|h(?:59|62|65)|t2|tc4|pa66|pa6|pom|abs|ptfe|peek|pvc|hdpe|ldpe)"
)
_GRADE: Final = re.compile(
    r"(?:[a-d]|[1-5]|一|二|三|特|优|食品|工业|医药|电子|电池|车规|医用|化妆品)级|国标|欧标|美标|优等品|一等品"
)
_TOKEN: Final = re.compile(r"(?:[^\s,;。、!?|()]|(?<=\d),(?=\d+[-,]))+")
_HAN: Final = re.compile("[\u3400-\u9fff]")
_MOST_HAN: Final = 2  # in a specification such as 50kg/袋


def certificate_key(name: str) -> str:
    """A certificate's name as compared: ISO 9001:2015 and iso-9001 are the same."""
    return _CERTIFICATE_WORDS.sub("", fold(name).split(":")[0])


def certificates(text: str, shadow: str) -> Iterator[Term]:
    """Certificates by their codes, and licences by the words their names end with."""
    for found in _CERTIFICATE.finditer(shadow):
        yield Term(Kind.CERTIFICATE, text[slice(*found.span())], *found.span(), certificate_key(found[0]))


def specifications(text: str, shadow: str) -> Iterator[Term]:
    """Sizes and standards wherever they stand, then every token of its own that is a code or a grade."""
    taken = [found for pattern in (_STANDARD, _DIMENSIONS) for found in pattern.finditer(shadow)]
    for found in taken:
        value = fold(found[0]).replace(" ", "")
        yield Term(Kind.SPECIFICATION, text[slice(*found.span())], *found.span(), value)
    edges = [found.span() for found in taken]
    for found in _TOKEN.finditer(shadow):
        start, end = found.span()
        if all(end <= left or right <= start for left, right in edges) and (kind := _kind_of(found[0])):
            yield Term(kind, text[start:end], start, end, fold(found[0]))


def _kind_of(token: str) -> Kind | None:
    if _MATERIAL.fullmatch(token):
        return Kind.MATERIAL
    if _GRADE.fullmatch(token):
        return Kind.SPECIFICATION
    has_digit = any(c.isdigit() for c in token)
    return Kind.SPECIFICATION if has_digit and len(_HAN.findall(token)) <= _MOST_HAN else None
