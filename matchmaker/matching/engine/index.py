"""The index: built from plain values, saved and loaded as files, asked by search and partners."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Self

from matchmaker.chains.classifying import ChainGraph, SegmentGuess, SegmentLink, SegmentNode
from matchmaker.matching.engine import store
from matchmaker.matching.engine.building import Measures, Progress, build_tables
from matchmaker.matching.engine.evidence import SearchEvidence
from matchmaker.matching.engine.flows import traded_as
from matchmaker.matching.engine.items import with_items
from matchmaker.matching.engine.partnering import Partnering
from matchmaker.matching.engine.placing import Placing
from matchmaker.matching.engine.retrieval import Retrieval
from matchmaker.matching.engine.scoring import DEFAULT_WEIGHTS, Weights, ranked
from matchmaker.matching.engine.searching import Search
from matchmaker.matching.engine.tables import Tables
from matchmaker.matching.engine.values import Direction, Firm, Knowledge, Line, Match, Query

ENGINE_VERSION = "2.9"


class Index:
    """Everything published at one moment, ready to be asked; never changes once made.

    Only caches grow while it is used, so one index may serve many threads, and every process that
    loads the same directory shares its pages.
    """

    def __init__(self, tables: Tables, graph: ChainGraph, beside: Index | None = None) -> None:
        self.tables = tables
        self.graph = graph
        self._placing: Placing = Placing(graph) if beside is None else beside._placing
        self._retrieval: Retrieval = Retrieval(tables, None if beside is None else beside._retrieval)
        self._beside = beside
        self._weigh(DEFAULT_WEIGHTS if beside is None else beside.weights)

    def _weigh(self, weights: Weights) -> None:
        self.weights = weights
        self._search = Search(self._retrieval, self._placing, weights)
        self._evidence = SearchEvidence(self._search)
        beside = None if self._beside is None else self._beside._partnering
        self._partnering: Partnering = Partnering(self._retrieval, self._placing, weights, beside)

    def weighted(self, weights: Weights) -> Self:
        """The same index scored by other weights; it shares all that was loaded."""
        view = copy.copy(self)
        view._weigh(weights)
        return view

    @classmethod
    def build(
        cls, firms: Iterable[Firm], lines: Iterable[Line], knowledge: Knowledge, progress: Progress | None = None
    ) -> Self:
        """An index of these firms and lines; progress is told (steps done, steps in all)."""
        return cls(build_tables(firms, lines, knowledge, progress), knowledge.graph)

    def small(self, firms: Iterable[Firm], lines: Iterable[Line], items: Collection[str] = ()) -> Index:
        """An index of a few firms whose scores are measured as this one's are, so that the two can be merged.

        items: what flows over the links that partners are asked over; reading them all would take longest.
        """
        measures = Measures.of(self.tables, self._placing.classifier)
        tables = build_tables(firms, lines, Knowledge(self.graph), measures=measures)
        trade = traded_as(self.tables.trade, len(tables.group_name))
        return Index(replace(with_items(tables, self.graph, items), trade=trade), self.graph, beside=self)

    def items_into(self, segments: Iterable[int]) -> frozenset[str]:
        """What may flow to firms of these segments over one link or two."""
        own = {one for segment in segments for one in (segment, *self._placing.twins(segment))}
        near = [one for segment in own for one in self._placing.neighbours(segment, "upstream")]
        far = [two for one in near for two in self._placing.neighbours(one.segment, "upstream")]
        return frozenset(item for neighbour in (*near, *far) for item in neighbour.link.items)

    def save(self, folder: Path) -> None:
        """Publish the index as a new directory; raises FileExistsError when there is one."""
        facts = {"engine_version": ENGINE_VERSION, "graph": asdict(self.graph)}
        store.write(folder, self.tables.arrays(), facts)

    @classmethod
    def load(cls, folder: Path, *, mmap: bool = True) -> Self:
        """A published index; raises BrokenIndex when it is incomplete, changed or of another engine."""
        arrays, facts = store.read(folder, version=ENGINE_VERSION, mmap=mmap)
        try:
            return cls(Tables.from_arrays(arrays), _graph(facts["graph"]))
        except (KeyError, TypeError) as problem:
            raise store.BrokenIndex(f"{folder}: something is absent") from problem

    def search(self, query: Query, k: int = 20) -> list[Match]:
        """The k firms that answer a query best, each with its evidence."""
        wanted = self._search.wanted(query)
        scored = self._search.scored(wanted)
        scores = scored.score
        return [
            Match(self._firm_id(scored.firms[place]), int(scores[place]), self._evidence.of(wanted, scored, place))
            for place in ranked(scores, self.tables.firm_id[scored.firms], k)
        ]

    def rank(self, query: Query, k: int = 20) -> list[tuple[int, int]]:
        """The same firms and scores as `search`, without the cost of the evidence."""
        scored = self._search.scored(self._search.wanted(query))
        scores = scored.score
        order = ranked(scores, self.tables.firm_id[scored.firms], k)
        return [(self._firm_id(scored.firms[place]), int(scores[place])) for place in order]

    def partners(
        self, firm_id: int, direction: Direction, k: int = 20, exclude: frozenset[int] = frozenset()
    ) -> list[Match]:
        """The k firms most likely to supply (upstream) or buy from (downstream) a firm; none if it is unknown."""
        found = self._partnering.scored(firm_id, direction, exclude)
        return [
            Match(self._firm_id(found.firms[place]), int(found.score[place]), self._partnering.evidence(found, place))
            for place in ranked(found.score, self.tables.firm_id[found.firms], k)
        ]

    def rank_partners(self, firm_id: int, direction: Direction, k: int = 20) -> list[tuple[int, int]]:
        """The same firms and scores as `partners`, without the cost of the evidence."""
        found = self._partnering.scored(firm_id, direction, frozenset())
        order = ranked(found.score, self.tables.firm_id[found.firms], k)
        return [(self._firm_id(found.firms[place]), int(found.score[place])) for place in order]

    def classify(self, text: str, k: int = 3) -> list[SegmentGuess]:
        """The segments a text may belong to, with the words that say so."""
        return self._placing.classifier.classify(text, k)

    def _firm_id(self, place: int) -> int:
        return int(self.tables.firm_id[place])


def digest(query: Query) -> str:
    """A short name for a query that two equal queries share, in whatever process."""
    plain = {**asdict(query), "exclude": sorted(query.exclude)}
    content = json.dumps([ENGINE_VERSION, plain], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _graph(facts: Mapping[str, Any]) -> ChainGraph:
    nodes = (SegmentNode(**{**node, "terms": tuple(node["terms"])}) for node in facts["nodes"])
    return ChainGraph(tuple(nodes), tuple(SegmentLink(**link) for link in facts["links"]))
