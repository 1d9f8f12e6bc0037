"""The chain graph by number: which segment feeds which, and with what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matchmaker.chains.classifying import ChainGraph, SegmentLink
from matchmaker.matching.engine.building import LEAST_CONFIDENCE, classifier_of
from matchmaker.matching.engine.tables import NOWHERE
from matchmaker.matching.engine.values import Direction
from matchmaker.text import fold

_SAME_CHAIN: Final = 0.4


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A segment next to another: the partner segment and the link between the two."""

    segment: int
    link: SegmentLink


class Placing:
    """Segments by number, with their chains and neighbours."""

    def __init__(self, graph: ChainGraph) -> None:
        self.graph = graph
        self.classifier = classifier_of(graph)
        self.codes = [node.code for node in graph.nodes]
        self.place = {code: number for number, code in enumerate(self.codes)}
        chains = {name: number for number, name in enumerate(sorted({node.chain for node in graph.nodes}))}
        self._chain = np.array([chains[node.chain] for node in graph.nodes], np.int32)
        self._suppliers: dict[int, list[Neighbour]] = defaultdict(list)
        self._buyers: dict[int, list[Neighbour]] = defaultdict(list)
        for link in graph.links:
            self._add(link)
        self._twins = self._sharing_terms()

    def _add(self, link: SegmentLink) -> None:
        if link.supplier in self.place and link.buyer in self.place:
            supplier, buyer = self.place[link.supplier], self.place[link.buyer]
            self._suppliers[buyer].append(Neighbour(supplier, link))
            self._buyers[supplier].append(Neighbour(buyer, link))

    def neighbours(self, segment: int, direction: Direction) -> list[Neighbour]:
        """The segments that feed this one (upstream) or that it feeds (downstream)."""
        return (self._suppliers if direction == "upstream" else self._buyers).get(segment, [])

    def twins(self, segment: int) -> tuple[int, ...]:
        """Segments of other chains that name some of the same products: one step of work seen from two chains."""
        return self._twins[segment]

    def _sharing_terms(self) -> list[tuple[int, ...]]:
        holders: dict[str, set[int]] = defaultdict(set)
        for number, node in enumerate(self.graph.nodes):
            for term in node.terms:
                holders[fold(term)].add(number)
        shared = [set().union(*(holders[fold(term)] for term in node.terms)) for node in self.graph.nodes]
        return [
            tuple(sorted(other for other in others if self._chain[other] != self._chain[number]))
            for number, others in enumerate(shared)
        ]

    def asked_segment(self, code: str | None, text: str) -> tuple[int, float]:
        """The segment a query stands in with its confidence: the given one, else one proposed from the text."""
        if code is not None:
            return self.place.get(code, NOWHERE), 1.0 if code in self.place else 0.0
        for guess in self.classifier.classify(text, 1):
            if guess.confidence >= LEAST_CONFIDENCE:
                return self.place[guess.code], guess.confidence
        return NOWHERE, 0.0

    def fit(self, asked: int, segments: Any, sure: Any) -> Any:
        """How well each segment answers the asked one: the same, another of the same chain, or none."""
        known = segments != NOWHERE
        same = segments == asked
        related = np.where(known, self._chain[segments] == self._chain[asked], False)
        return np.where(same, sure, np.where(related, _SAME_CHAIN * sure, 0.0))
