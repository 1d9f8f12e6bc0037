"""Which segment of which chain a text belongs to, proposed from the words it shares with the chain's terms.

Pure computation: built from the graph alone, no database, fast enough to answer while a person types.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np
from rapidfuzz import fuzz
from sklearn.feature_extraction.text import TfidfVectorizer

from matchmaker.text import common_words, fold

LEAST_SCORE: Final = 0.35
_CANDIDATES: Final = 12
_CORROBORATION: Final = 0.15
_PHRASES: Final = re.compile(r"[^\w\-+/().]+|(?<=[\u4e00-\u9fff])(?=\d)")
_SEPARATORS: Final = str.maketrans(dict.fromkeys("/,;，；|", "、"))


@dataclass(frozen=True, slots=True)
class SegmentNode:
    """One segment: `terms` are its product names and their synonyms, `stage` is up, mid, down or support."""

    code: str
    chain: str
    name: str
    stage: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentLink:
    """What flows (`item`) from a supplying to a buying segment; `chain` is "" for a link between two chains."""

    supplier: str
    buyer: str
    item: str
    chain: str = ""

    @property
    def items(self) -> tuple[str, ...]:
        """The single products named in `item`."""
        return tuple(part.strip() for part in self.item.translate(_SEPARATORS).split("、") if part.strip())


@dataclass(frozen=True, slots=True)
class ChainGraph:
    """Every segment of every chain and every link between them."""

    nodes: tuple[SegmentNode, ...] = ()
    links: tuple[SegmentLink, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentGuess:
    """A proposed segment: confidence between 0 and 1 and the words of the (folded) text that led to it."""

    code: str
    confidence: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    segments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SegmentClassifier:
    """Proposes segments by comparing a text with every term of the graph."""

    codes: tuple[str, ...]
    _terms: tuple[_Term, ...]
    _weights: Any  # fitted TfidfVectorizer, or None when the graph names nothing
    _matrix: Any  # grams by terms, sparse

    @classmethod
    def build(cls, graph: ChainGraph) -> SegmentClassifier:
        """A classifier that knows the graph's terms, segment names and the items of its links."""
        terms = _terms_of(graph)
        if not terms:
            return cls((), (), None, None)
        weights = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, dtype=np.float32)
        matrix = weights.fit_transform([term.text for term in terms]).T.tocsr()
        return cls(tuple(node.code for node in graph.nodes), terms, weights, matrix)

    def classify(self, text: str, k: int = 3) -> list[SegmentGuess]:
        """The k likeliest segments, best first; none when nothing fits well enough."""
        return next(self.classify_many([text], k))

    def classify_many(self, texts: Sequence[str], k: int = 3) -> Iterator[list[SegmentGuess]]:
        """The same for many texts, in their order, at a small part of the cost of asking one by one."""
        if self._weights is None:
            yield from ([] for _ in texts)
            return
        for start in range(0, len(texts), 2000):
            folded = [fold(text) for text in texts[start : start + 2000]]
            likeness = self._weights.transform(folded) @ self._matrix
            for row, text in enumerate(folded):
                near = slice(likeness.indptr[row], likeness.indptr[row + 1])
                yield self._guesses(text, likeness.indices[near], likeness.data[near], k)

    def _guesses(self, text: str, terms: Any, likeness: Any, k: int) -> list[SegmentGuess]:
        found = self._compared(text, _best(terms, likeness))
        scores: dict[int, float] = {}
        reasons: dict[int, _Term] = {}
        for score, term in sorted(found, key=lambda pair: (-pair[0], pair[1].text)):
            for segment in term.segments:
                scores[segment] = _corroborated(scores.get(segment), score)
                reasons.setdefault(segment, term)
        ranked = sorted(scores, key=lambda segment: (-scores[segment], self.codes[segment]))
        return list(islice(self._sure_enough(text, ranked, scores, reasons), k))

    def _compared(self, text: str, candidates: Any) -> list[tuple[float, _Term]]:
        terms = [self._terms[i] for i in candidates]
        phrases = {text, *_PHRASES.split(text)} - {""}
        return [(max(_closeness(phrase, term.text) for phrase in phrases), term) for term in terms]

    def _sure_enough(
        self, text: str, ranked: list[int], scores: dict[int, float], reasons: dict[int, _Term]
    ) -> Iterator[SegmentGuess]:
        for segment in ranked:
            rival = max((scores[other] for other in ranked if other != segment), default=0.0)
            confidence = round(_confidence(scores[segment], rival), 3)
            if scores[segment] >= LEAST_SCORE:
                words = common_words(text, reasons[segment].text)
                yield SegmentGuess(self.codes[segment], confidence, words)


def _terms_of(graph: ChainGraph) -> tuple[_Term, ...]:
    place = {node.code: i for i, node in enumerate(graph.nodes)}
    owners: dict[str, set[int]] = defaultdict(set)
    for node in graph.nodes:
        for term in (node.name, *node.terms):
            owners[fold(term)].add(place[node.code])
    for link in graph.links:
        for item in link.items:
            if link.supplier in place and fold(item) not in owners:
                owners[fold(item)].add(place[link.supplier])
    return tuple(_Term(text, tuple(sorted(owners[text]))) for text in sorted(owners) if text)


def _best(terms: Any, likeness: Any) -> Any:
    if len(terms) > _CANDIDATES:
        kept = np.lexsort((terms, -likeness))[:_CANDIDATES]
        return terms[kept]
    return terms


def _closeness(text: str, term: str) -> float:
    """How much of a maker of `term` a firm is that writes `text`, from 0 to 1.

    The head of a Chinese product name is its end, so a term the text ends with counts more than one
    it only mentions, and a longer term more than a shorter one.
    """
    if text == term:
        return 1.0
    if term in text:
        reach = max(len(term) / len(text), 1 - 0.5 ** (len(term) / 2))
        return min(0.97, reach * (0.97 if text.endswith(term) else 0.8))
    likeness: float = fuzz.ratio(text, term) / 100
    same_head = text[-1:] == term[-1:]
    return likeness * (0.9 if text[-2:] == term[-2:] else 0.75 if same_head else 0.6)


def _corroborated(known: float | None, score: float) -> float:
    return score if known is None else min(1.0, known + (1 - known) * score * _CORROBORATION)


def _confidence(score: float, rival: float) -> float:
    return score * score / (score + 0.5 * min(rival, score)) if score else 0.0
