"""The conditions of a text, in the order in which they stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from matchmaker.enterprises.reading import amounts, codes, dates, places
from matchmaker.enterprises.reading.plain import plain
from matchmaker.enterprises.reading.values import Kind, Role, Term

LONGEST: Final = 1000  # characters that are read; nobody states a need in more
_SPOKEN: Final = re.compile(
    "[0-9a-z一二两三四五六七八九十]|[省市县区州内外]|周边|附近|交货|到货|交付|收货|供货|年[底末内]|[国欧美]标|级|账期|月结|款到|货到|园区|开发区|等品|许可|资质"
)
_CLAUSE: Final = re.compile("[,;。!?]")
_HARD: Final = re.compile(
    "必须|务必|须|要求|仅限|只限|限于|只接受|不接受|应(?:当|具备|通过|持有)|需(?:通过|具备|持有|符合|取得|满足|位于)|不满足不|否决"
)
_SOFT: Final = re.compile("优先|希望|最好|期望|尽量|为佳|优选|[均也亦都外]可|可(?:谈|议|放宽|商量)|不限")
_Finder = Callable[[str, str], Iterator[Term]]
# Each reads what those before it left: 2024年6月起 is no quantity, and 20万件 is no specification.
_FINDERS: Final[tuple[_Finder, ...]] = (
    codes.certificates,
    amounts.budgets,
    amounts.payments,
    dates.starts,
    dates.deadlines,
    dates.leads,
    places.radii,
    amounts.quantities,
    places.places,
    codes.specifications,
)


@lru_cache(maxsize=20_000)
def read_terms(text: str) -> tuple[Term, ...]:
    """Every condition recognised in a text, in order; no two of them overlap."""
    text = text[:LONGEST]
    shadow = plain(text)
    if not _SPOKEN.search(shadow) and not places.names_one(shadow):
        return ()
    left, terms = shadow, []
    for find in _FINDERS:
        for term in find(text, left):
            if left[term.start : term.end] == shadow[term.start : term.end]:
                terms.append(replace(term, is_hard=_is_hard(term, shadow)))
                left = left[: term.start] + " " * (term.end - term.start) + left[term.end :]
    return tuple(sorted(terms, key=lambda term: term.start))


def _is_hard(term: Term, shadow: str) -> bool:
    """As the words of its clause say; what is not said to be a must is a wish."""
    if term.role is Role.ANYWHERE or term.kind is Kind.START:
        return False
    clause = _clause_around(term, shadow)
    return _HARD.search(clause) is not None and _SOFT.search(clause) is None


def _clause_around(term: Term, shadow: str) -> str:
    before = [found.end() for found in _CLAUSE.finditer(shadow, 0, term.start)]
    after = _CLAUSE.search(shadow, term.end)
    return shadow[before[-1] if before else 0 : after.start() if after else len(shadow)]
