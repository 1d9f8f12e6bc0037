"""A text as weighted features: characters, pairs of characters, words and pairs of syllables.

Features are hashed, so no vocabulary has to be kept, shared or refrozen when a new line arrives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from sklearn.utils import murmurhash3_32

from matchmaker.text import syllable

BUCKETS: Final = 2**20
CHARACTER, PAIR, SOUND = 0.5, 1.0, 0.5
_KEPT: Final = re.compile(r"[^\w+#%]+")
_LONGEST_SYLLABLE: Final = 6
_LONGEST_PINYIN: Final = 60
_LONGEST_PREFIX: Final = 5


def hashed(gram: str) -> int:
    """The number a feature is kept under."""
    return int(murmurhash3_32(gram, positive=True)) % BUCKETS


bucket = lru_cache(maxsize=20_000)(hashed)  # for the grams of single texts, which come again


def bare(text: str) -> str:
    """A folded text without blanks and punctuation."""
    return _KEPT.sub("", text)


def features(text: str) -> dict[int, float]:
    """The hashed features of a folded text and how much each counts before rarity is considered."""
    plain = bare(text)
    found: dict[int, float] = {}
    for gram, weight in _grams(plain):
        number = bucket(gram)
        found[number] = found.get(number, 0.0) + weight
    return found


def _grams(plain: str) -> Iterator[tuple[str, float]]:
    for character in plain:
        yield character, CHARACTER
    for one, other in pairwise(plain):
        yield one + other, PAIR
    sounds = [syllable(character) for character in plain if not character.isascii()]
    for one, other in pairwise(sounds):
        yield f"{one} {other}", SOUND


def typed_pinyin(text: str, known: frozenset[str]) -> dict[int, float]:
    """Features of a text typed as pinyin: pairs of syllables in every way it can be cut, or none.

    A few letters before it may be a model or an abbreviation: dcbianhuanqi is DC变换器.
    """
    plain = bare(text)
    if not plain.isascii() or not plain.isalpha() or len(plain) > _LONGEST_PINYIN:
        return {}
    ends = _cuts(plain, known)
    start = next((start for start in range(min(_LONGEST_PREFIX, len(plain) - 1)) if start in ends), None)
    if start is None:
        return {}
    sounds = {bucket(f"{one} {other}"): PAIR for one, other in _neighbours(plain, ends, start)}
    return features(plain[:start]) | sounds if sounds else {}


def _cuts(plain: str, known: frozenset[str]) -> dict[int, list[int]]:
    """From each place a syllable can start, where it can end, on ways that reach the text's end."""
    ends: dict[int, list[int]] = {len(plain): []}
    for start in range(len(plain) - 1, -1, -1):
        stops = range(start + 1, min(len(plain), start + _LONGEST_SYLLABLE) + 1)
        reached = [stop for stop in stops if stop in ends and plain[start:stop] in known]
        if reached:
            ends[start] = reached
    return ends


def _neighbours(plain: str, ends: dict[int, list[int]], start: int) -> Iterator[tuple[str, str]]:
    seen, waiting = set(), [start]
    while waiting:
        start = waiting.pop()
        for middle in ends.get(start, ()):
            yield from ((plain[start:middle], plain[middle:stop]) for stop in ends[middle])
            if middle not in seen:
                seen.add(middle)
                waiting.append(middle)
