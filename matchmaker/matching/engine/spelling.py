"""The features and pieces of many texts at once: every distinct one of them is hashed a single time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from scipy.sparse import coo_matrix

from matchmaker.matching.engine.grams import BUCKETS, CHARACTER, PAIR, SOUND, bare, hashed
from matchmaker.text import syllable

_BITS: Final = 21  # in which any code point fits
_MASK: Final = 2**_BITS - 1

Found = tuple[Any, Any]  # the text each gram stands in, and the number the gram is kept under


def counts(texts: Iterable[str]) -> Any:
    """What `grams.features` says of each folded text, one row each, as a sparse float32 matrix."""
    spelled = Spelled.of(texts)
    weighed = ((spelled.characters(), CHARACTER), (spelled.pairs(), PAIR), (spelled.sounds(), SOUND))
    return _rows(spelled.size, [found for found, _ in weighed], [weight for _, weight in weighed])


def piece_counts(texts: Iterable[str]) -> Any:
    """One row of ones for each folded text: what `profiles.pieces` finds in it, as a sparse float32 matrix."""
    spelled = Spelled.of(texts)
    rows = _rows(
        spelled.size, [spelled.characters(), spelled.pairs(), spelled.openings(), spelled.endings()], [1.0] * 4
    )
    rows.data[:] = 1.0
    return rows


@dataclass(frozen=True, slots=True)
class Spelled:
    """Bare texts one after another: the code point of every character, and the text it stands in."""

    size: int
    codes: Any
    owner: Any

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """These folded texts, numbered in their order."""
        plain = [bare(text) for text in texts]
        codes = np.frombuffer("".join(plain).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
        return cls(len(plain), codes, np.repeat(np.arange(len(plain), dtype=np.int32), [len(text) for text in plain]))

    def characters(self) -> Found:
        """Every character."""
        return self.owner, _numbers(self.codes, chr)

    def pairs(self) -> Found:
        """Every two neighbours."""
        owner, keys = _neighbours(self.owner, self.codes)
        return owner, _numbers(keys, _pair)

    def sounds(self) -> Found:
        """Every two neighbouring syllables, whatever else stands between them."""
        distinct, which = np.unique(self.codes, return_inverse=True)
        read = [syllable(chr(code)) for code in distinct.tolist()]
        is_read = self.codes > 0x7F  # noqa: PLR2004 -- ASCII has no syllables
        owner, keys = _neighbours(self.owner[is_read], which[is_read])
        return owner, _numbers(keys, lambda key: f"{read[key >> _BITS]} {read[key & _MASK]}")

    def openings(self) -> Found:
        """The first two characters of every text of two or more."""
        owner, keys = _neighbours(self.owner, self.codes)
        first = np.diff(owner, prepend=-1) > 0
        return owner[first], _numbers(keys[first], lambda key: f"^{_pair(key)}")

    def endings(self) -> Found:
        """The last two characters of every text of two or more."""
        owner, keys = _neighbours(self.owner, self.codes)
        last = np.diff(owner, append=self.size) > 0
        return owner[last], _numbers(keys[last], lambda key: f"{_pair(key)}$")


def _neighbours(owner: Any, codes: Any) -> Found:
    """Every two neighbours of one text as one key."""
    together = owner[1:] == owner[:-1]
    return owner[1:][together], (codes[:-1][together] << _BITS) | codes[1:][together]


def _pair(key: int) -> str:
    return chr(key >> _BITS) + chr(key & _MASK)


def _numbers(keys: Any, gram: Callable[[int], str]) -> Any:
    distinct, which = np.unique(keys, return_inverse=True)
    return np.array([hashed(gram(key)) for key in distinct.tolist()], np.int32)[which]


def _rows(size: int, found: list[Found], weights: list[float]) -> Any:
    rows, columns = (np.concatenate(parts) for parts in zip(*found, strict=True))
    values = np.repeat(np.array(weights, np.float32), [len(owner) for owner, _ in found])
    return coo_matrix((values, (rows, columns)), shape=(size, BUCKETS)).tocsr()
