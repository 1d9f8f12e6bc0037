"""How nearly two texts name the same product, for one asked text and a few hundred candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from matchmaker.matching.engine.conditions import Conditions
from matchmaker.matching.engine.grams import bare
from matchmaker.text import syllable

_SENTENCE: Final = 12  # characters from which a text is read as a sentence that mentions a product
_LONGEST_REORDERED: Final = 12
_COSINE_WEIGHT: Final = 0.1
_SOUND, _REORDERED, _ABBREVIATED, _FUZZY = 0.97, 0.93, 0.9, 0.95
_CLIPPED: Final = 0.93  # 控设备 for 控制设备: how product names are shortened in speech
_KIND_OF, _MENTIONS, _HEAD, _CONTAINED, _COVERED = 0.82, 0.66, 0.58, 0.5, 0.32
_FIRST_PHRASE: Final = 0.97
_OF_KNOWN: Final = 0.8  # a text that differs a little from a known name is another product: 氧化钙 and 氯化钙
_SOUND_SPACE: Final = 0xF0000


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that is looked for, in the forms in which it is compared.

    is_known: it is a product's name as it stands, so what is only spelled alike is something else.
    """

    whole: str
    phrases: tuple[str, ...]
    is_pinyin: bool = False
    is_known: bool = False

    @classmethod
    def of(cls, conditions: Conditions, *, is_pinyin: bool = False) -> Asked:
        """The asked text of a reading; is_pinyin when it was typed as pinyin."""
        phrases = tuple(dict.fromkeys(filter(None, map(bare, conditions.phrases))))
        return cls(bare(conditions.core), phrases, is_pinyin)

    @classmethod
    def name(cls, name: str) -> Asked:
        """A known product name, asked for as it stands."""
        return cls(name, (name,), is_known=True)

    @property
    def is_sentence(self) -> bool:
        """Whether it says more than a product's name."""
        return len(self.whole) > _SENTENCE


def closeness(asked: Asked, texts: Sequence[str], cosine: Any) -> Any:
    """For each text, 0 to 1: 1 is the same name; kinds of it, its head and misspellings follow.

    A text of several phrases (product, material, grade) is read as a whole and by its first phrase.
    """
    if not texts:
        return np.zeros(0, np.float32)
    close = _of_names(asked, [bare(text) for text in texts], cosine)
    several = [place for place, text in enumerate(texts) if " " in text]
    if several:
        first = _of_names(asked, [bare(texts[place].split(" ")[0]) for place in several], cosine[several])
        close[several] = np.maximum(close[several], _FIRST_PHRASE * first)
    return close


def named(name: str, texts: Sequence[str]) -> Any:
    """For each text, 0 to 1, how far it is this very product, a kind of it or something that mentions it."""
    plain = [bare(text) for text in texts]
    exact = np.array([one == name for one in plain], np.float32)
    return np.maximum(exact, _by_containment(Asked.name(name), plain)).astype(np.float32)


def head_closeness(head: str, whole: str) -> float:
    """How near a product's head alone comes to it: 树脂 to 离子交换树脂."""
    return _HEAD + _COVERED * len(head) / len(whole)


def slips(asked: Asked, texts: Sequence[str]) -> Any:
    """For each text, 0 to 1, how likely the asked text is that text misspelled, misheard or shortened."""
    return _fuzzy(asked, [bare(text) for text in texts]) if texts else np.zeros(0, np.float32)


def _of_names(asked: Asked, names: Sequence[str], cosine: Any) -> Any:
    alike = _fuzzy(asked, names) * (_OF_KNOWN if asked.is_known else 1.0)
    same = alike if asked.is_pinyin else np.maximum(alike, _by_containment(asked, names))
    blended = same * (1 - _COSINE_WEIGHT) + _COSINE_WEIGHT * np.minimum(cosine, 1.0)
    exact = np.array([name == asked.whole for name in names])
    return np.where(exact, 1.0, np.minimum(blended, 0.99)).astype(np.float32)


def _fuzzy(asked: Asked, texts: Sequence[str]) -> Any:
    best = _ratio([asked.whole, *asked.phrases], texts)
    if asked.is_pinyin:
        return np.maximum(_FUZZY * best, _SOUND * _ratio([asked.whole], [_spelled(text) for text in texts]))
    sounds = _ratio([_sound(part) for part in (asked.whole, *asked.phrases)], [_sound(text) for text in texts])
    best = np.maximum(best, _SOUND * sounds)
    if len(asked.whole) <= _LONGEST_REORDERED:
        reordered = _ratio(["".join(sorted(asked.whole))], ["".join(sorted(text)) for text in texts])
        best = np.maximum(best, _REORDERED * reordered)
        best = np.maximum(best, np.array([_abbreviated(asked.whole, text) for text in texts]))
    return _FUZZY * best


def _ratio(parts: Sequence[str], texts: Sequence[str]) -> Any:
    return cdist(parts, texts, scorer=fuzz.ratio, dtype=np.float32, workers=1).max(axis=0) / 100


@lru_cache(maxsize=100_000)
def _sound(text: str) -> str:
    return "".join(_sound_mark(syllable(c)) if not c.isascii() else c for c in text)


@cache
def _sound_mark(sound: str) -> str:
    return chr(_SOUND_SPACE + sum(ord(c) * 31**i for i, c in enumerate(sound)) % 0xFFFD)


def _spelled(text: str) -> str:
    return "".join(c if c.isascii() else syllable(c) for c in text)


def _abbreviated(short: str, long: str) -> float:
    """How far `short` is `long` with characters left out, keeping their order; in one piece inside, most of all."""
    if not 1 < len(short) < len(long) or short[-1] != long[-1]:
        return 0.0
    if long.startswith(short[0]) and _is_clipped(short, long):
        return _CLIPPED
    rest = iter(long)
    kept = all(character in rest for character in short)
    return _ABBREVIATED * (0.5 + 0.5 * len(short) / len(long)) if kept else 0.0


def _is_clipped(short: str, long: str) -> bool:
    return any(long.startswith(short[:at]) and long.endswith(short[at:]) for at in range(1, len(short)))


def _by_containment(asked: Asked, texts: Sequence[str]) -> Any:
    longest = max((len(text) for text in texts if text in asked.whole), default=0)
    return np.array([_contained(asked, text, longest) for text in texts], np.float32)


def _contained(asked: Asked, text: str, longest: int) -> float:
    whole = asked.whole
    if len(text) < 2 or len(whole) < 2:  # noqa: PLR2004 -- a single character names nothing
        return 0.0
    if whole in text:
        base = _KIND_OF if text.endswith(whole) else _MENTIONS
        return base + 0.1 * len(whole) / len(text)
    if text not in whole:
        return 0.0
    is_head = whole.endswith(text) or any(phrase.endswith(text) for phrase in asked.phrases)
    reach = longest if asked.is_sentence else len(whole)
    return (_HEAD if is_head else _CONTAINED) + _COVERED * len(text) / reach
