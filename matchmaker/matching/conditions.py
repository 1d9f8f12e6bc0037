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
    """Those conditions that are nothing but a certificate's name."""
    return tuple(text for text in conditions if _is_certificate(text))


def _verdict(text: str, supplier: Supplier) -> bool | None:
    if _is_certificate(text):
        return certificate_key(text) in {certificate_key(held) for held in supplier.certificates}
    if found := read_conditions(text).certificates:
        return set(found) <= {certificate_key(held) for held in supplier.certificates}
    if asked := _DAYS.search(text):
        return None if supplier.lead_days is None else supplier.lead_days <= int(asked[1])
    if _INSIDE.search(text) and _SUPPLIED_FROM.search(text):
        return supplier.region_code.startswith(_PROVINCE)
    return None


def _is_certificate(text: str) -> bool:
    """A bare code such as IATF16949 or CNAS, or words that end as certificates do."""
    plain = fold(text)
    if any(mark in plain for mark in ",，。;；、"):
        return False
    return bool(_CODE.fullmatch(plain) or (_CERTIFICATE_WORDS.search(plain) and len(plain) <= 16))  # noqa: PLR2004
