"""Every product name an index knows, to be looked up whole, by its end, or inside a longer text.

A name's end says what it is (锂电池正极材料 is a 正极材料), so the names are kept in the order of their
reversed characters: all kinds of a product stand next to each other there.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matchmaker.matching.engine.grams import bare
from matchmaker.matching.engine.store import Texts

SHORTEST: Final = 2  # a single character names nothing
_LONGEST: Final = 24
_AFTER_EVERYTHING: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Inside:
    """A known name inside a text: its place among the texts, and where it stands."""

    place: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Reads the sorted columns of an index; `hashes` and `places` give a name's place, `ending` its neighbours."""

    texts: Texts
    hashes: Any
    places: Any
    ending: Any

    def find(self, name: str) -> list[int]:
        """The texts whose bare form, or whose first phrase, is this name."""
        return [place for found in self._lookup([name]) for place in found]

    def inside(self, plain: str) -> list[Inside]:
        """The known names that stand in a bare text, by where they begin, shorter first."""
        spans = [
            (start, end)
            for start in range(len(plain) - SHORTEST + 1)
            for end in range(start + SHORTEST, min(len(plain), start + _LONGEST) + 1)
        ]
        found = self._lookup([plain[start:end] for start, end in spans])
        return [Inside(at[0], *span) for span, at in zip(spans, found, strict=True) if at]

    def kinds_of(self, name: str, limit: int) -> Any:
        """Texts that end with this name and so are kinds of it, at most `limit` (the first in their order)."""
        reversed_name = name[::-1]
        first = bisect_left(_Ends(self), reversed_name)
        last = bisect_left(_Ends(self), reversed_name + _AFTER_EVERYTHING, lo=first)
        return np.asarray(self.ending[first : min(last, first + limit)], np.int64)

    def _lookup(self, names: Sequence[str]) -> list[list[int]]:
        keys = np.array([name_hash(name) for name in names], np.uint64)
        first = np.searchsorted(self.hashes, keys, side="left")
        last = np.searchsorted(self.hashes, keys, side="right")
        return [self.places[start:end].tolist() for start, end in zip(first, last, strict=True)]


@dataclass(frozen=True, slots=True)
class _Ends:
    """The reversed names in their order, as bisect reads them."""

    dictionary: Dictionary

    def __len__(self) -> int:
        return len(self.dictionary.ending)

    def __getitem__(self, rank: int) -> str:
        return bare(self.dictionary.texts[int(self.dictionary.ending[rank])])[::-1]


def name_hash(name: str) -> int:
    """A name's 64-bit key, the same in every process."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def columns(texts: Iterable[str]) -> dict[str, Any]:
    """The dictionary's columns for texts numbered in this order."""
    plain = [bare(text) for text in texts]
    keys = [(name_hash(name), place) for place, name in enumerate(plain) if name]
    keys += [(name_hash(bare(first)), place) for place, first in _first_phrases(texts) if bare(first)]
    keys = sorted(set(keys))
    ending = sorted((place for place, name in enumerate(plain) if name), key=lambda place: (plain[place][::-1], place))
    return {
        "name_hash": np.array([key for key, _ in keys], np.uint64),
        "name_place": np.array([place for _, place in keys], np.int32),
        "name_ending": np.array(ending, np.int32),
    }


def _first_phrases(texts: Iterable[str]) -> Iterable[tuple[int, str]]:
    return ((place, text.split(" ", maxsplit=1)[0]) for place, text in enumerate(texts) if " " in text)
