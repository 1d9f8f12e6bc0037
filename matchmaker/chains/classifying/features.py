"""What speaks for each place a text may belong to: words shared with its terms, and terms found in the text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from matchmaker.chains.classifying.terms import Owners, Terms
from matchmaker.chains.classifying.wording import phrases

FEATURES: Final = ("words", "chain", "same", "head", "mention")
_WORDS, _CHAIN, _SAME, _HEAD, _MENTION = range(len(FEATURES))
_LONGEST_GRAM, _LONGEST_TERM, _LEAST_TERM = 4, 16, 2
_LONGEST_TEXT: Final = 120
_EDGES: Final = re.compile(r"(?<![a-z])|(?![a-z])")  # where a term may begin or end: not inside a Latin word
_END: Final = "$"  # the head of a Chinese product name is its end, so a gram that ends a text is one of its own

Mark = tuple[int, int, float]  # place, feature, how strong


@dataclass(frozen=True, slots=True)
class Features:
    """Measures texts against the terms; texts by places by FEATURES, each from 0 to 1."""

    owners: Mapping[str, Owners]
    weights: Any  # fitted TfidfVectorizer
    places: Any  # grams by places: the profile of each, of unit length
    chains: Any  # the same of each chain
    chain_of: Any  # the chain of each place

    @classmethod
    def of(cls, terms: Terms) -> Features:
        """Profiles of all places and a dictionary of all terms."""
        weights = TfidfVectorizer(analyzer=grams, sublinear_tf=True, dtype=np.float32)
        matrix = weights.fit_transform(terms.owners)
        numbers = {chain: number for number, chain in enumerate(dict.fromkeys(terms.chains))}
        chain_of = np.array([numbers[chain] for chain in terms.chains])
        belongs = _belonging(terms)
        by_chain = csr_matrix((np.ones(len(chain_of)), (np.arange(len(chain_of)), chain_of)))
        profiles, chains = _profiles(belongs, matrix), _profiles((belongs @ by_chain).tocsr(), matrix)
        return cls(terms.owners, weights, profiles, chains, chain_of)

    def measured(self, texts: Sequence[str]) -> Any:
        """The features of each folded text for each place; of its phrases the strongest counts."""
        spoken = [phrases(text[:_LONGEST_TEXT]) or [""] for text in texts]
        starts = np.cumsum([0, *map(len, spoken)])[:-1]
        grams_of = self.weights.transform([phrase for own in spoken for phrase in own])
        result = np.zeros((len(texts), len(self.chain_of), len(FEATURES)), np.float32)
        result[:, :, _WORDS] = np.maximum.reduceat((grams_of @ self.places).toarray(), starts)
        result[:, :, _CHAIN] = np.maximum.reduceat((grams_of @ self.chains).toarray(), starts)[:, self.chain_of]
        marks = [(row, *mark) for row, own in enumerate(spoken) for phrase in own for mark in self._marks(phrase)]
        if marks:
            rows, places, kinds, strengths = zip(*marks, strict=True)
            np.maximum.at(result, (rows, places, kinds), np.array(strengths, np.float32))
            _level(result)
        return result

    def _marks(self, phrase: str) -> list[Mark]:
        """The terms that stand in a phrase, each for all its places."""
        edges = [found.start() for found in _EDGES.finditer(phrase)]
        marks: list[Mark] = []
        for start, end in combinations(edges, 2):
            if _LEAST_TERM <= end - start <= _LONGEST_TERM and (own := self.owners.get(phrase[start:end])):
                kind, reach = _found(start, end, len(phrase))
                marks += [(place, kind, weight * reach) for place, weight in own.items()]
        return marks


def _level(result: Any) -> None:
    """A term that stands in several places speaks for each alike, however many other terms each has."""
    rows = np.flatnonzero(np.count_nonzero(result[:, :, _SAME], axis=1) > 1)
    for row in rows.tolist():
        places = np.flatnonzero(result[row, :, _SAME])
        shared = result[row, places][:, [_WORDS, _CHAIN]].max(axis=0)
        result[row, places[:, None], [_WORDS, _CHAIN]] = shared


def grams(text: str) -> list[str]:
    """All pieces of one to four characters; the end of the text is a character too."""
    closed = text + _END
    return [
        closed[start : start + size]
        for size in range(1, _LONGEST_GRAM + 1)
        for start in range(len(closed) - size + 1)
        if size > 1 or closed[start] != _END
    ]


def _found(start: int, end: int, size: int) -> tuple[int, float]:
    """What finding a term from start to end of a phrase says, and how strongly: a longer term says more."""
    if end - start == size:
        return _SAME, 1.0
    reach = max((end - start) / size, 1 - math.exp2((start - end) / 2))
    return (_HEAD if end == size else _MENTION), reach


def _belonging(terms: Terms) -> Any:
    """Terms by places, with weights."""
    cells = [(row, place, weight) for row, own in enumerate(terms.owners.values()) for place, weight in own.items()]
    rows, places, weights = zip(*cells, strict=True)
    return csr_matrix((weights, (rows, places)), shape=(len(terms.owners), len(terms.chains)), dtype=np.float32)


def _profiles(belongs: Any, matrix: Any) -> Any:
    """Grams by owners; the root keeps a gram of many terms from hiding those of few."""
    profiles = (belongs.T @ matrix).tocsr()
    profiles.data = np.sqrt(profiles.data)
    return normalize(profiles).T.tocsr()
