"""Which segment of which chain a text belongs to, proposed from the words it shares with the chain's terms.

Pure computation: built from the graph alone, no database, fast enough to answer while a person types.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np
from rapidfuzz import fuzz
from sklearn.feature_extraction.text import TfidfVectorizer

from matchmaker.text import common_words, fold

LEAST_SCORE: Final = 0.35
_CANDIDATES: Final = 12
_BATCH: Final = 2000
_CORROBORATION: Final = 0.15
_DOUBT, _DOUBT_IN_CHAIN = 0.5, 0.2
_PHRASES: Final = re.compile(r"[^\w\-+/().]+|(?<=[\u4e00-\u9fff])(?=\d)")
_TRADE_WORDS: Final = re.compile(
    "(?:及其他|及服务|[产商]品|系列|业务|板块|分部|事业部|销售|贸易|收入|项目|生产|制造|加工|研发|类|等)+$"
)
_LEAST_STEM: Final = 2
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
    _chains: tuple[str, ...]
    _terms: tuple[_Term, ...]
    _weights: Any  # fitted TfidfVectorizer, or None when the graph names nothing
    _matrix: Any  # grams by terms, sparse

    @classmethod
    def build(cls, graph: ChainGraph) -> SegmentClassifier:
        """A classifier that knows the graph's terms, segment names and the items of its links."""
        terms = _terms_of(graph)
        if not terms:
            return cls((), (), (), None, None)
        weights = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, dtype=np.float32)
        matrix = weights.fit_transform([term.text for term in terms]).T.tocsr()
        codes = tuple(node.code for node in graph.nodes)
        chains = tuple(node.chain for node in graph.nodes)
        return cls(codes, chains, terms, weights, matrix)

    def classify(self, text: str, k: int = 3) -> list[SegmentGuess]:
        """The k likeliest segments, best first; none when nothing fits well enough."""
        return [
            SegmentGuess(self.codes[segment], confidence, common_words(fold(text), self._terms[term].text))
            for segment, confidence, term in next(self._placed([text]))[:k]
        ]

    def assign(self, texts: Iterable[str]) -> Iterator[tuple[str | None, float]]:
        """For each of many texts its likeliest segment with the confidence, or (None, 0.0)."""
        for guesses in self._placed(texts):
            yield (self.codes[guesses[0][0]], guesses[0][1]) if guesses else (None, 0.0)

    def _placed(self, texts: Iterable[str]) -> Iterator[list[tuple[int, float, int]]]:
        """For each text its (segment, confidence, best term), best first."""
        remaining = iter(texts)
        while batch := [fold(text) for text in islice(remaining, _BATCH)]:
            if self._weights is None:
                yield from ([] for _ in batch)
                continue
            likeness = self._weights.transform(batch) @ self._matrix
            for row, text in enumerate(batch):
                near = slice(likeness.indptr[row], likeness.indptr[row + 1])
                yield self._guesses(text, _best(likeness.indices[near], likeness.data[near]))

    def _guesses(self, text: str, candidates: Any) -> list[tuple[int, float, int]]:
        phrases = {text, product_stem(text), *filter(_is_spoken, _PHRASES.split(text))}
        found = [(max(_closeness(phrase, self._terms[i].text) for phrase in phrases), i) for i in candidates.tolist()]
        scores: dict[int, float] = {}
        reasons: dict[int, int] = {}
        for score, term in sorted(found, key=lambda pair: (-pair[0], pair[1])):
            for segment in self._terms[term].segments:
                scores[segment] = _corroborated(scores.get(segment), score)
                reasons.setdefault(segment, term)
        ranked = sorted(scores, key=lambda segment: (-scores[segment], self.codes[segment]))
        return [
            (segment, round(self._confidence(segment, ranked, scores), 3), reasons[segment])
            for segment in ranked
            if scores[segment] >= LEAST_SCORE
        ]

    def _confidence(self, segment: int, ranked: list[int], scores: dict[int, float]) -> float:
        """The score, less the nearer a rival comes; a rival of the same chain is a smaller mistake."""
        score = scores[segment]
        rivals = (min(scores[other], score) * self._doubt(segment, other) for other in ranked if other != segment)
        return score * score / (score + max(rivals, default=0.0))

    def _doubt(self, segment: int, other: int) -> float:
        return _DOUBT_IN_CHAIN if self._chains[segment] == self._chains[other] else _DOUBT


def _is_spoken(phrase: str) -> bool:
    """A bare number names nothing: the 12 of “12 套” is no ADC12."""
    return any(character.isalpha() for character in phrase)


def product_stem(folded: str) -> str:
    """A line without the words for dealing in its product: 整车业务 → 整车, 光缆销售 → 光缆."""
    stem = _TRADE_WORDS.sub("", folded)
    return stem if len(stem) >= _LEAST_STEM else folded


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
        reach = max(len(term) / len(text), 1 - math.exp2(-len(term) / 2))
        return min(0.97, reach * (0.97 if text.endswith(term) else 0.8))
    if len(text) >= _LEAST_STEM and term.endswith(text):
        return 0.5 + 0.45 * len(text) / len(term)
    likeness: float = fuzz.ratio(text, term) / 100
    return likeness * _head_weight(text, term)


def _head_weight(text: str, term: str) -> float:
    if text[-2:] == term[-2:]:
        return 0.9
    return 0.75 if text[-1:] == term[-1:] else 0.6


def _corroborated(known: float | None, score: float) -> float:
    return score if known is None else min(1.0, known + (1 - known) * score * _CORROBORATION)
