"""The names of a register, ready to be asked which of them a typed name may mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any, Final

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from matchmaker.enterprises.resolving.comparing import compare
from matchmaker.enterprises.resolving.measuring import Rarity, measures
from matchmaker.enterprises.resolving.parts import NameParts, misheard, read_name
from matchmaker.enterprises.resolving.weighing import shares, weigh

DUPLICATE_THRESHOLD: Final = 0.5
_CANDIDATES: Final = 16
_WORTH_A_LOOK: Final = 0.1
_SMALL: Final = 1_000  # so few names are read anew at once, and then every piece of a new one counts


@dataclass(frozen=True, slots=True)
class Names:
    """The names of firms by id; a firm may have several, the one in force first, and any of them may be meant."""

    ids: tuple[int, ...]
    names: tuple[str, ...]
    parts: tuple[NameParts, ...]
    rarity: Rarity
    _weights: Any
    _matrix: Any
    _outdated: frozenset[int] = frozenset()

    @classmethod
    def build(cls, names: Iterable[tuple[int, str]]) -> Names:
        """The names of a register by firm id."""
        rows = _readable(names)
        ids, texts, parts = (tuple(column) for column in zip(*rows, strict=True)) if rows else ((), (), ())
        rarity = Rarity(each.core for each in parts)
        if not parts:
            return cls(ids, texts, parts, rarity, None, None)
        weights = TfidfVectorizer(analyzer=_grams, dtype=np.float32, sublinear_tf=True)
        return cls(ids, texts, parts, rarity, weights, weights.fit_transform(parts).T.tocsr())

    def renewed(self, names: Iterable[tuple[int, str]], firms: Iterable[int]) -> Names:
        """The same names, but for these firms only those given now; cheap while they are few."""
        rows, renewed = _readable(names), frozenset(firms)
        outdated = self._outdated.union(place for place, id_ in enumerate(self.ids) if id_ in renewed)
        if len(self.ids) < _SMALL:
            kept = [(id_, self.names[place]) for place, id_ in enumerate(self.ids) if place not in outdated]
            return Names.build([*kept, *((id_, name) for id_, name, _ in rows)])
        if not rows:
            return self._with((), (), (), self._matrix, outdated)
        ids, texts, parts = (tuple(column) for column in zip(*rows, strict=True))
        matrix = hstack([self._matrix, self._weights.transform(parts).T], format="csr")
        return self._with(ids, texts, parts, matrix, outdated)

    def _with(
        self,
        ids: tuple[int, ...],
        texts: tuple[str, ...],
        parts: tuple[NameParts, ...],
        matrix: Any,
        outdated: frozenset[int],
    ) -> Names:
        return Names(
            (*self.ids, *ids),
            (*self.names, *texts),
            (*self.parts, *parts),
            self.rarity,
            self._weights,
            matrix,
            outdated,
        )

    def resolve(self, name: str, k: int = 5) -> list[tuple[int, float]]:
        """The k likeliest firms with a score from 0 to 1; from DUPLICATE_THRESHOLD on probably the same firm.

        Firms that fit equally well share their chance; whose core is the same scores 1.
        """
        return [(id_, score) for id_, score, _ in self._ranked(name)[:k]]

    def likely(self, name: str, k: int = 5, besides: int | None = None) -> list[tuple[int, str]]:
        """The firms a person should look at, likeliest first, each with the one of its names that is like this one.

        None unless one of them is probably meant, whichever it is. besides: the firm that asks, left out.
        """
        ranked = self._ranked(name, besides)[:k]
        if sum(score for _, score, _ in ranked) < DUPLICATE_THRESHOLD:
            return []
        return [(id_, self.names[place]) for id_, score, place in ranked if score >= _WORTH_A_LOOK]

    def _ranked(self, name: str, besides: int | None = None) -> list[tuple[int, float, int]]:
        """Firm, score and the place of the name that fits best."""
        asked = read_name(name)
        near = [place for place in self.near(asked) if self.ids[place] != besides]
        if not near:
            return []
        rows = self.measured(asked, near)
        best: dict[int, tuple[float, int]] = {}
        for place, odds in zip(near, weigh(rows), strict=True):
            best[self.ids[place]] = max(
                best.get(self.ids[place], (odds, place)), (odds, place), key=lambda each: each[0]
            )
        chances = shares([odds for odds, _ in best.values()])
        scored = [
            (id_, 1.0 if self.parts[place].core == asked.core else round(chance, 4), place)
            for (id_, (_, place)), chance in zip(best.items(), chances, strict=True)
        ]
        return sorted(scored, key=lambda each: (-each[1], each[0]))

    def measured(self, asked: NameParts, near: Sequence[int]) -> list[list[float]]:
        """The measures of a name beside each of these names."""
        mine = self.rarity.of(asked)
        return [self._measured(asked, mine, self.parts[place]) for place in near]

    def _measured(self, asked: NameParts, mine: Sequence[float], known: NameParts) -> list[float]:
        heard = misheard(asked, known)
        mine = mine if heard is asked else self.rarity.of(heard)
        return measures(heard, known, compare(heard, known), mine, self.rarity.of(known))

    def near(self, asked: NameParts, most: int = _CANDIDATES) -> list[int]:
        """The places of the names that share most with this one, rare pieces counting most."""
        if self._weights is None or not asked.core:
            return []
        shared = self._shared_with(asked)
        shared[list(self._outdated)] = 0.0
        found = np.flatnonzero(shared)
        if len(found) > most:
            least = np.partition(shared[found], -most)[-most]
            found = found[shared[found] >= least]
        order = np.lexsort((found, -shared[found]))[:most]
        return [int(place) for place in found[order]]

    def _shared_with(self, asked: NameParts) -> Any:
        """How much each name shares with this one: the sum over its pieces, read row by row."""
        starts, places, weights = self._matrix.indptr, self._matrix.indices, self._matrix.data
        vocabulary, rarity = self._weights.vocabulary_, self._weights.idf_
        shared = np.zeros(self._matrix.shape[1], dtype=np.float32)
        for row in {vocabulary[gram] for gram in _grams(asked) if gram in vocabulary}:
            held = slice(starts[row], starts[row + 1])
            shared[places[held]] += weights[held] * rarity[row]
        return shared


def _readable(names: Iterable[tuple[int, str]]) -> list[tuple[int, str, NameParts]]:
    read = ((id_, name, read_name(name)) for id_, name in sorted(names, key=itemgetter(0)))
    return [(id_, name, parts) for id_, name, parts in read if parts.core]


def _grams(parts: NameParts) -> Sequence[str]:
    """Characters, pairs of them and how they sound; a sound is one private character, so that no text is like it."""
    return [*parts.core, *_pairs(parts.core), *parts.sounds, *_pairs(parts.sounds)]


def _pairs(text: str) -> list[str]:
    return [one + other for one, other in pairwise(text)]
