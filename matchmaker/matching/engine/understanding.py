"""Which known product names a typed text may mean: its parts in another order, a name inside a sentence, a slip.

A reading is a name with a trust from 0 to 1. A text that is a known name itself needs none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from matchmaker.matching.engine.dictionary import SHORTEST, Dictionary, Inside
from matchmaker.matching.engine.wording import Asked, head_closeness, slips

MOST_READINGS: Final = 3
MOST_SLIPS: Final = 5  # with one character left out, several names become one text
_MOST_REORDERED: Final = 3
_REORDERED: Final = 0.97
_LEAST_SLIP: Final = 0.72
_SLIP_MARGIN: Final = 0.08
_WANTED, _ALONE, _MENTIONED, _MADE = 0.97, 0.9, 0.7, 0.3
_LEAST_SURPRISE: Final = 0.5
_LONGEST_HEAD: Final = 12
_WANTS: Final = re.compile(
    "(?:采购|求购|订购|外购|购买|收购|选购|定购|购|需要|急需|需|寻找|寻求|找|配套|增加|引进|供应|提供)(?:一批|各类|各种|大量)?$"
)
_MAKES: Final = re.compile("(?:生产|主营|从事|经营|制造|是|做|加工)$")


@dataclass(frozen=True, slots=True)
class Reading:
    """A product name that a text may mean."""

    name: str
    trust: float


def reordered(asked: Asked, known: Dictionary) -> list[Reading]:
    """The phrases of a text put together in another order to a known name: 系统(通讯 is 通讯系统."""
    if not 1 < len(asked.phrases) <= _MOST_REORDERED:
        return []
    joined = ("".join(order) for order in permutations(asked.phrases))
    return [Reading(name, _REORDERED) for name in joined if name != asked.whole and known.find(name)][:1]


def mentioned(asked: Asked, known: Dictionary, surprise: Callable[[str], float]) -> list[Reading]:
    """The known names inside a wordy text, those first that say most; `surprise` is how rare a name's pieces are."""
    found = [
        (math.sqrt(surprise(name)), role, name) for phrase in asked.phrases for name, role in _names_in(phrase, known)
    ]
    most = max((said * role for said, role, _ in found), default=0.0)
    ranked = sorted(found, key=lambda one: (-one[0] * one[1], one[2]))
    return [
        Reading(name, role * (said * role / most))
        for said, role, name in ranked[:MOST_READINGS]
        if said * role >= _LEAST_SURPRISE * most
    ]


def headed(asked: Asked, known: Dictionary) -> list[Reading]:
    """The longest known name the text ends with: makers of 香辛料, and of other kinds, may make 天然香辛料."""
    plain = asked.whole[-_LONGEST_HEAD:]
    ends = (plain[start:] for start in range(len(plain) - SHORTEST + 1))
    head = next((end for end in ends if end != asked.whole and known.find(end)), None)
    return [Reading(head, head_closeness(head, asked.whole))] if head else []


def _names_in(phrase: str, known: Dictionary) -> Iterator[tuple[str, float]]:
    for one in _outermost(known.inside(phrase)):
        name, before = phrase[one.start : one.end], phrase[: one.start]
        if _WANTS.search(before):
            yield name, _WANTED
        elif _MAKES.search(before):
            yield name, _MADE
        else:
            yield name, _ALONE if name == phrase else _MENTIONED


def _outermost(found: Sequence[Inside]) -> list[Inside]:
    return [
        one
        for one in found
        if not any(
            other.start <= one.start and one.end <= other.end and (other.start, other.end) != (one.start, one.end)
            for other in found
        )
    ]


def misspelled(asked: Asked, names: Sequence[str]) -> list[Reading]:
    """The names, among those written alike, that a slip of the keyboard or the ear may have turned into the text."""
    likely = sorted(zip(slips(asked, names).tolist(), names, strict=True), key=lambda pair: (-pair[0], pair[1]))
    if not likely or likely[0][0] < _LEAST_SLIP:
        return []
    least = max(_LEAST_SLIP, likely[0][0] - _SLIP_MARGIN)
    return [Reading(name, trust) for trust, name in likely[:MOST_SLIPS] if trust >= least]
