"""What a free text asks for besides the product itself: specifications and certificates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from matchmaker.text import fold, fold_spaced

_CERTIFICATE: Final = re.compile(
    r"(?<![a-z])(?:(?:iatf|iso(?:/ts|/iec)?|gjb|as|iris|fssc|ohsas)[ -]?\d{4,5}[a-d]?(?!\d)"
    r"|(?:rohs|reach|haccp|gmp|ccc|ccs|iris)(?![a-z])|(?:ce|ul|3c|qs)认证)"
)
_BETWEEN: Final = re.compile(r"[\s,;。、!?|]+|(?<=[\u3400-\u9fff]{2}):")
_HAN: Final = re.compile("[\u3400-\u9fff]")
_QUANTITY: Final = re.compile(
    r"(?:年|月|日|季)?(?:需求量?|用量|采购量?|产能|产量|需|约)*\d+(?:\.\d+)?[万亿千百]?"
    r"(?:件|套|台|吨|只|个|支|米|片|块|辆|艘|卷|箱|瓶|t|kg|pcs)(?:/?[年月日])?"
)
_MOST_HAN_IN_A_SPECIFICATION: Final = 2


@dataclass(frozen=True, slots=True)
class Conditions:
    """A text taken apart: `core` names the product (folded), the rest narrows it down.

    phrases: the core as its writer cut it by blanks and punctuation.
    """

    core: str
    phrases: tuple[str, ...] = ()
    specifications: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()

    @property
    def product(self) -> str:
        """The phrases in one line, a blank between them; the first usually names the product itself."""
        return " ".join(self.phrases)


@lru_cache(maxsize=100_000)
def read_conditions(text: str) -> Conditions:
    """Tell the product in a text from its specifications, quantities and certificates.

    A specification is a token of its own with a digit and hardly any Han character (m8x30, 304,
    24v/37a, 50kg/袋). A text that is nothing but such tokens is itself the product.
    """
    folded = fold_spaced(text)
    if not folded:
        return Conditions("")
    certificates = tuple(dict.fromkeys(certificate_key(found) for found in _CERTIFICATE.findall(folded)))
    tokens = [token for token in _BETWEEN.split(_CERTIFICATE.sub(" ", folded)) if token]
    specifications = tuple(dict.fromkeys(filter(_is_specification, tokens)))
    phrases = tuple(token for token in tokens if not _is_specification(token) and not _QUANTITY.fullmatch(token))
    if not phrases:
        return Conditions(fold(text), (fold(text),), (), certificates)
    return Conditions(fold(" ".join(phrases)), phrases, specifications, certificates)


def certificate_key(name: str) -> str:
    """A certificate's name as compared: ISO 9001:2015 and iso-9001 are the same."""
    return re.sub(r"[\s\-_]|认证|体系|证书", "", fold(name).split(":")[0])


def _is_specification(token: str) -> bool:
    if _QUANTITY.fullmatch(token):
        return False
    return any(c.isdigit() for c in token) and len(_HAN.findall(token)) <= _MOST_HAN_IN_A_SPECIFICATION
