"""Whether a supplier meets a buyer's hard conditions: yes, no, or not known from what it has stated.

Pure computation over the sentences people write. A sentence that speaks of something no register
holds (samples, payment terms, test reports) is not known rather than met or failed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from matchmaker.matching.engine.conditions import certificate_key, read_conditions
from matchmaker.text import fold

_DAYS: Final = re.compile(r"(\d{1,3})\s*[天日](?:内|以内|之内)")
_INSIDE: Final = re.compile("省内|湖北")
_SUPPLIED_FROM: Final = re.compile("供货地|产地|生产地|工厂|供方|供应商|厂家|企业在|本省|省内企业|省内供")
_CERTIFICATE_WORDS: Final = re.compile("(?:认证|证书|许可证?|资质)$")
_CODE: Final = re.compile(r"[a-z]{2,10}[ -]?\d{0,6}[a-z]?")
_SENTENCE: Final = re.compile("[,，。;；、]")
_LONGEST_NAME: Final = 16
_PROVINCE: Final = "42"


@dataclass(frozen=True, slots=True)
class Supplier:
    """What a firm has stated, as far as conditions speak of it."""

    region_code: str
    certificates: tuple[str, ...] = ()
    lead_days: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One hard condition with its verdict: True met, False not met, None not known."""

    text: str
    verdict: bool | None


def judged(conditions: Iterable[str], supplier: Supplier) -> tuple[Condition, ...]:
    """Each condition with its verdict for one supplier."""
    return tuple(Condition(text, _verdict(text, supplier)) for text in conditions)


def certificates_among(conditions: Iterable[str]) -> tuple[str, ...]:
    """The certificates that conditions demand, each in the words it was demanded in."""
    return tuple(dict.fromkeys(name for text in conditions for name in _certificates_in(text)))


def _verdict(text: str, supplier: Supplier) -> bool | None:
    if asked := _certificates_in(text):
        held = {certificate_key(name) for name in supplier.certificates}
        return all(certificate_key(name) in held for name in asked)
    if days := _DAYS.search(text):
        return None if supplier.lead_days is None else supplier.lead_days <= int(days[1])
    if _INSIDE.search(text) and _SUPPLIED_FROM.search(text):
        return supplier.region_code.startswith(_PROVINCE)
    return None


def _certificates_in(text: str) -> tuple[str, ...]:
    """A bare code such as CNAS, words that end as a certificate's name does, or the codes in a sentence."""
    plain = fold(text)
    if _CODE.fullmatch(plain):
        return (text,)
    if found := read_conditions(text).certificates:
        return found
    is_name = _CERTIFICATE_WORDS.search(plain) and len(plain) <= _LONGEST_NAME and not _SENTENCE.search(plain)
    return (text,) if is_name else ()
