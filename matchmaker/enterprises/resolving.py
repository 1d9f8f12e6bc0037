"""Whether two company names mean the same firm, proposed from the names alone.

Pure computation. A proposal is for a person to judge: nothing is ever merged because of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
from rapidfuzz import fuzz
from sklearn.feature_extraction.text import TfidfVectorizer

from matchmaker.text import fold, fold_name, syllable

DUPLICATE_THRESHOLD: Final = 0.8
_CANDIDATES: Final = 40
_BRANCH: Final = re.compile(r"(?:[(（]?[\u4e00-\u9fff]{0,4}[)）]?)(?:第.)?分公司$")
_BLANKED: Final = re.compile(r"(?:集团|控股|股份|实业)$")


@dataclass(frozen=True, slots=True)
class Names:
    """The register's names, ready to be asked which of them a name may mean."""

    ids: tuple[int, ...]
    _cores: tuple[str, ...]
    _sounds: tuple[str, ...]
    _weights: Any
    _matrix: Any

    @classmethod
    def build(cls, names: Iterable[tuple[int, str]]) -> Names:
        """The names of a register by firm id."""
        known = sorted(names)
        cores = tuple(name_core(name) for _, name in known)
        if not cores:
            return cls((), (), (), None, None)
        weights = TfidfVectorizer(analyzer=_grams, dtype=np.float32)
        matrix = weights.fit_transform(cores).T.tocsr()
        return cls(tuple(id_ for id_, _ in known), cores, tuple(map(_sound, cores)), weights, matrix)

    def resolve(self, name: str, k: int = 5) -> list[tuple[int, float]]:
        """The k likeliest firms with a score from 0 to 1; from DUPLICATE_THRESHOLD on it is probably the same firm."""
        core = name_core(name)
        if self._weights is None or not core:
            return []
        likeness = self._weights.transform([core]) @ self._matrix
        order = np.lexsort((likeness.indices, -likeness.data))[:_CANDIDATES]
        scored = [(self._score(core, int(likeness.indices[at])), int(likeness.indices[at])) for at in order]
        best = sorted(scored, key=lambda pair: (-pair[0], self.ids[pair[1]]))[:k]
        return [(self.ids[place], score) for score, place in best]

    def _score(self, core: str, place: int) -> float:
        other = self._cores[place]
        text: float = fuzz.ratio(core, other) / 100
        sound: float = fuzz.ratio(_sound(core), self._sounds[place]) / 100
        return round(max(text, 0.97 * sound), 4)


def name_core(name: str) -> str:
    """A name without legal form, brackets and the ending of a branch office."""
    return fold_name(_BRANCH.sub("", fold(name)))


def _grams(core: str) -> list[str]:
    sounds = [syllable(c) or c for c in core]
    pairs = [core[i : i + 2] for i in range(len(core) - 1)]
    return [*core, *pairs, *(f"{a} {b}" for a, b in pairwise(sounds))]


@lru_cache(maxsize=50_000)
def _sound(core: str) -> str:
    return "".join(syllable(c) or c for c in core)
