"""What a free text asks for besides the product itself: specifications and certificates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from matchmaker.enterprises.reading import Kind, Term, certificate_key, product_phrases, read_terms
from matchmaker.text import fold

__all__ = ["Conditions", "certificate_key", "read_conditions"]

_HAN: Final = re.compile("[\u3400-\u9fff]")
_MOST_HAN_IN_A_SPECIFICATION: Final = 2


@dataclass(frozen=True, slots=True)
class Conditions:
    """A text taken apart: `core` names the product (folded), the rest narrows it down.

    phrases: the core as its writer cut it by blanks and punctuation, without the words of asking.
    terms: every condition recognised, each with the stretch of the text it came from.
    """

    core: str
    phrases: tuple[str, ...] = ()
    specifications: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()

    @property
    def product(self) -> str:
        """The phrases in one line, a blank between them; the first usually names the product itself."""
        return " ".join(self.phrases)


@lru_cache(maxsize=10_000)
def read_conditions(text: str) -> Conditions:
    """Tell the product in a text from its specifications, quantities, certificates, places and dates.

    A specification is a token of its own with a digit and hardly any Han character (m8x30, 304,
    24v/37a, 50kg/袋). A text that is nothing but such tokens is itself the product.
    """
    whole = fold(text)
    if not whole:
        return Conditions("")
    terms = read_terms(text)
    certificates = tuple(dict.fromkeys(term.value for term in terms if term.kind is Kind.CERTIFICATE))
    tokens = product_phrases(text, terms)
    named = {term.value: " " in term.text for term in terms if term.kind in (Kind.SPECIFICATION, Kind.MATERIAL)}
    spaced = (value for value, is_spaced in named.items() if is_spaced)
    specifications = tuple(dict.fromkeys([*spaced, *(each for each in tokens if each in named or _has_code(each))]))
    phrases = tuple(token for token in tokens if token not in named and not _has_code(token))
    if not phrases:
        return Conditions(whole, (whole,), (), certificates, terms)
    return Conditions(fold(" ".join(phrases)), phrases, specifications, certificates, terms)


def _has_code(token: str) -> bool:
    return any(c.isdigit() for c in token) and len(_HAN.findall(token)) <= _MOST_HAN_IN_A_SPECIFICATION
