"""The classifier: how likely each segment is for a text, and how likely it is that none is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from typing import Any, Final

import numpy as np

from matchmaker.chains.classifying.features import Features
from matchmaker.chains.classifying.graph import ChainGraph
from matchmaker.chains.classifying.terms import Terms
from matchmaker.chains.classifying.vocabulary import Vocabulary, shipped_vocabulary
from matchmaker.chains.classifying.weights import CALIBRATION, NOWHERE, WEIGHTS
from matchmaker.text import common_words, fold

LEAST_SCORE: Final = 0.05  # a segment less likely than this is not worth naming
_MOST_NOWHERE: Final = 0.5  # a text that more likely belongs to no segment gets none
_BATCH: Final = 500
_CLOSE: Final = 6
_DRAWN: Final = [drawn for drawn, _right in CALIBRATION]
_RIGHT: Final = [right for _drawn, right in CALIBRATION]


@dataclass(frozen=True, slots=True)
class SegmentGuess:
    """A proposed segment: how likely it is, from 0 to 1, and the words of the (folded) text that led to it."""

    code: str
    confidence: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SegmentClassifier:
    """Proposes segments for texts; confidence is a probability, and what is left of 1 includes “none”."""

    codes: tuple[str, ...]
    _terms: Terms
    _features: Features | None  # None when the graph names nothing

    @classmethod
    def build(cls, graph: ChainGraph, vocabulary: Vocabulary | None = None) -> SegmentClassifier:
        """A classifier that knows the graph's terms, the items of its links and the words of a vocabulary."""
        codes = tuple(node.code for node in graph.nodes)
        terms = Terms.of(graph, shipped_vocabulary() if vocabulary is None else vocabulary)
        return cls(codes, terms, Features.of(terms) if codes else None)

    def classify(self, text: str, k: int = 3) -> list[SegmentGuess]:
        """The k likeliest segments, best first; none when the text more likely belongs nowhere."""
        return next(self.classify_all([text], k))

    def classify_all(self, texts: Iterable[str], k: int = 3) -> Iterator[list[SegmentGuess]]:
        """The same for each of several texts, read together."""
        folded = [fold(text) for text in texts]
        for text, placed in zip(folded, self._placed(folded), strict=True):
            yield [
                SegmentGuess(self.codes[place], confidence, common_words(text, self._nearest_term(text, place)))
                for place, confidence in placed[:k]
            ]

    def assign(self, texts: Iterable[str]) -> Iterator[tuple[str | None, float]]:
        """For each of many texts its likeliest segment with the confidence, or (None, 0.0)."""
        for guesses in self._placed(map(fold, texts)):
            yield (self.codes[guesses[0][0]], guesses[0][1]) if guesses else (None, 0.0)

    def likelihoods(self, texts: Iterable[str]) -> Iterator[Any]:
        """For each of many folded texts the probability of every segment, and last that of none."""
        remaining = iter(texts)
        while batch := list(islice(remaining, _BATCH)):
            yield from self._likely(batch)

    def _nearest_term(self, folded: str, place: int) -> str:
        """The term of a place that shares the longest piece with the text, of those the shortest."""
        written = set(folded)
        close = nlargest(
            _CLOSE, self._terms.named[place], key=lambda term: (len(written.intersection(term)), -len(term))
        )
        shared = {term: max(map(len, common_words(folded, term)), default=0) for term in close}
        return max(shared, key=lambda term: (shared[term], -len(term), term))

    def _likely(self, batch: list[str]) -> Any:
        inside = len(self.codes)
        if self._features is None:
            return np.ones((len(batch), 1))
        drawn = self._features.measured(batch) @ WEIGHTS
        drawn = np.exp(drawn.astype(np.float64))
        nowhere = drawn[:, inside:].sum(1) + np.exp(NOWHERE)
        total = drawn[:, :inside].sum(1) + nowhere
        return np.column_stack((drawn[:, :inside], nowhere)) / total[:, None]

    def _placed(self, texts: Iterable[str]) -> Iterator[list[tuple[int, float]]]:
        """For each folded text its (segment, confidence), best first, ties in order of code."""
        for likely in self.likelihoods(texts):
            yield [] if likely[-1] > _MOST_NOWHERE else self._ranked(likely[:-1])

    def _ranked(self, likely: Any) -> list[tuple[int, float]]:
        likely = told(likely)
        sure = {place: round(float(likely[place]), 3) for place in np.flatnonzero(likely >= LEAST_SCORE).tolist()}
        return [(place, sure[place]) for place in sorted(sure, key=lambda place: (-sure[place], self.codes[place]))]


def told(likely: Any) -> Any:
    """The probabilities of the segments as they are told: that of the best calibrated, the rest in proportion."""
    is_best = likely == likely.max(initial=0.0)
    best = min(float(likely[is_best].sum()), 1.0)
    rest = (1 - calibrated(best)) / (1 - best) if best < 1 else 0.0
    return np.where(is_best, calibrated(best) / max(is_best.sum(), 1), likely * rest)


def calibrated(likely: float) -> float:
    """How often a best segment drawn as this likely is right."""
    return float(np.interp(likely, _DRAWN, _RIGHT))
