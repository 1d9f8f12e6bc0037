"""Whether two company names mean the same firm, proposed from the names alone.

Pure computation. A proposal is for a person to judge: nothing is ever merged because of it. Two names
are compared edit by edit, because edits differ in what they say: a character of the same sound is a
slip of the keyboard, another character is another firm, and so is another place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
from rapidfuzz.distance import Indel, Levenshtein
from sklearn.feature_extraction.text import TfidfVectorizer

from matchmaker import reference
from matchmaker.text import fold, fold_name, syllable

DUPLICATE_THRESHOLD: Final = 0.8
_CANDIDATES: Final = 30
_BRANCH: Final = re.compile(
    r"(?:(?<=公司)[\u4e00-\u9fff]{1,6}|\([\u4e00-\u9fff]{1,6}\)|第[一二三四五六七八九十]+)分公司$"
)
_BRACKET: Final = re.compile(r"\(([^()]*)\)?")
_SOFT: Final = re.compile("(?:集团|控股|股份|实业|企业|中国|科技|发展|有限|公司|责任|省|市|县|区)+")

# What an edit costs; the score is 1 less the sum.
_SAME_SOUND = 0.06
_MOVED, _DOUBLED, _SOFT_WORD = 0.08, 0.06, 0.05
_LEFT_OUT, _LEFT_OUT_MORE = 0.06, 0.02
_ADDED, _ADDED_MORE, _OTHER_PLACE = 0.12, 0.04, 0.3


@dataclass(frozen=True, slots=True)
class Names:
    """The register's names, ready to be asked which of them a name may mean."""

    ids: tuple[int, ...]
    _cores: tuple[str, ...]
    _weights: Any
    _matrix: Any

    @classmethod
    def build(cls, names: Iterable[tuple[int, str]]) -> Names:
        """The names of a register by firm id."""
        known = sorted(names)
        cores = tuple(name_cores(name)[0] for _, name in known)
        if not cores:
            return cls((), (), None, None)
        weights = TfidfVectorizer(analyzer=_grams, dtype=np.float32)
        matrix = weights.fit_transform(cores).T.tocsr()
        return cls(tuple(id_ for id_, _ in known), cores, weights, matrix)

    def resolve(self, name: str, k: int = 5) -> list[tuple[int, float]]:
        """The k likeliest firms with a score from 0 to 1; from DUPLICATE_THRESHOLD on probably the same firm."""
        asked = name_cores(name)
        if self._weights is None or not asked[0]:
            return []
        scored = [(max(likeness(core, self._cores[place]) for core in asked), place) for place in self._near(asked)]
        best = sorted(scored, key=lambda pair: (-pair[0], self.ids[pair[1]]))[:k]
        return [(self.ids[place], score) for score, place in best]

    def _near(self, asked: tuple[str, ...]) -> list[int]:
        found = self._weights.transform([asked[0]]) @ self._matrix
        order = np.lexsort((found.indices, -found.data))[:_CANDIDATES]
        return [int(place) for place in found.indices[order]]


def name_cores(name: str) -> tuple[str, ...]:
    """The forms in which a name is compared, without legal form and branch office.

    What stands in brackets may belong in front (新通联(上海) is 上海新通联), or be left out.
    """
    folded = _BRANCH.sub("", fold(name))
    inside = "".join(_BRACKET.findall(folded))
    outside = _BRACKET.sub("", folded)
    forms = (folded, inside + outside, outside) if inside and outside else (folded,)
    return tuple(dict.fromkeys(fold_name(form) for form in forms))


def likeness(asked: str, known: str) -> float:
    """How likely two folded names mean one firm: 1 less the cost of every edit between them."""
    if asked == known:
        return 1.0
    return round(max(0.0, 1.0 - sum(_costs(asked, known))), 4)


def _edits(asked: str, known: str) -> list[Any]:
    """Replacements where all of them sound alike, else what was taken away and what was added."""
    edits = [edit for edit in Levenshtein.opcodes(asked, known) if edit.tag != "equal"]
    if _all_sound_alike(asked, known, edits):
        return edits
    return [edit for edit in Indel.opcodes(asked, known) if edit.tag != "equal"]


def _costs(asked: str, known: str) -> Iterator[float]:
    edits = _edits(asked, known)
    removed = [asked[edit.src_start : edit.src_end] for edit in edits]
    added = [known[edit.dest_start : edit.dest_end] for edit in edits]
    for edit, ours, theirs in zip(edits, removed, added, strict=True):
        if ours and theirs:
            yield _SAME_SOUND * len(ours)
        elif ours:
            yield 0.0 if ours in added else _only_asked(ours, asked, edit.src_start)
        else:
            yield _MOVED if theirs in removed else _only_known(theirs)


def _all_sound_alike(asked: str, known: str, edits: list[Any]) -> bool:
    pairs = ((asked[e.src_start : e.src_end], known[e.dest_start : e.dest_end]) for e in edits if e.tag == "replace")
    return all(_sounds(ours) == _sounds(theirs) for ours, theirs in pairs)


def _only_asked(ours: str, asked: str, start: int) -> float:
    """What the asked name has and the known one lacks: an addition makes another firm sooner than an omission."""
    if asked[start - 1 : start] == ours or asked[start + 1 : start + 2] == ours:
        return _DOUBLED
    if _is_place(ours):
        return _OTHER_PLACE
    return _SOFT_WORD if _SOFT.fullmatch(ours) else _ADDED + _ADDED_MORE * len(ours)


def _only_known(theirs: str) -> float:
    return _SOFT_WORD if _SOFT.fullmatch(theirs) else _LEFT_OUT + _LEFT_OUT_MORE * len(theirs)


def _is_place(text: str) -> bool:
    return text in _places() or text.rstrip("省市县区") in _places()


@cache
def _places() -> frozenset[str]:
    return frozenset(name for region in reference.regions() for name in (region.name, region.short) if name)


def _sounds(text: str) -> tuple[str, ...]:
    return tuple(syllable(c) or c for c in text)


def _grams(core: str) -> list[str]:
    return [*core, *(one + other for one, other in pairwise(core)), *(f"{a} {b}" for a, b in pairwise(_sounds(core)))]
