"""The search of an index: an asked text scored against every firm that may answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matchmaker.matching.engine import asking
from matchmaker.matching.engine.building import region_number
from matchmaker.matching.engine.conditions import Conditions
from matchmaker.matching.engine.placing import Placing
from matchmaker.matching.engine.profiles import pieces
from matchmaker.matching.engine.retrieval import Retrieval, best
from matchmaker.matching.engine.scoring import DEFAULT_WEIGHTS, Weights, maxima, of_wording, points
from matchmaker.matching.engine.tables import NOWHERE
from matchmaker.matching.engine.values import Part, Query

_RESEMBLING: Final = 150
_SEGMENT_OF_FIRM: Final = 0.5


@dataclass(frozen=True, slots=True)
class Scored:
    """Firms by place, their points by part, and the line of each that answers best (-1: none does)."""

    firms: Any
    points: Mapping[Part, Any]
    maxima: Mapping[Part, int]
    line: Any
    lines: Any  # every line that may answer, and how nearly its wording does
    closeness: Any

    @property
    def score(self) -> Any:
        """The points of all parts added up."""
        return sum(self.points.values(), np.zeros(len(self.firms), np.int64))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query as the engine reads it."""

    query: Query
    conditions: Conditions
    certificates: tuple[str, ...]
    region: int
    segment: int
    confidence: float
    is_offered: bool  # a supplier is looked for, and somebody offers exactly what is asked, by name

    @property
    def specifications(self) -> tuple[str, ...]:
        """Those written in the text, then those of its conditions."""
        return tuple(dict.fromkeys((*self.conditions.specifications, *self.query.specifications)))


class Search:
    """Scores queries against one index."""

    def __init__(self, retrieval: Retrieval, placing: Placing, weights: Weights = DEFAULT_WEIGHTS) -> None:
        self.retrieval = retrieval
        self.weights = weights.search
        self.tables = retrieval.tables
        self.placing = placing

    def wanted(self, query: Query) -> Wanted:
        """What a query asks for, including what its text says about certificates and segment."""
        conditions = self.retrieval.read(query.text)[0]
        certificates = asking.asked_certificates(query.certificates, conditions.certificates)
        segment, confidence = self.placing.asked_segment(query.segment_code, conditions.core)
        is_offered = "need" not in query.sides and self.retrieval.understood(query.text).is_offered
        region = region_number(query.region_code)
        return Wanted(query, conditions, certificates, region, segment, confidence, is_offered)

    def scored(self, wanted: Wanted) -> Scored:
        """Every firm that may answer, with the points of each part."""
        found = self.retrieval.like(wanted.query.text, wanted.query.sides)
        lines, close = self.retrieval.lines_of(found, wanted.query.sides)
        resembling, trade = self._overall(wanted)
        firms = self._candidates(lines, resembling, trade, wanted.query.exclude)
        line, wording = self._best_lines(firms, lines, close)
        named = of_wording(wording, is_offered=wanted.is_offered)
        values = {Part.WORDING: named, Part.CATALOGUE: resembling[firms], Part.TRADE: trade[firms]}
        values |= self._conditions(wanted, firms, line)
        if wanted.segment != NOWHERE:
            values[Part.SEGMENT] = self._segment(wanted.segment, firms, line)
        most = self._maxima(wanted, set(values))
        return Scored(firms, {part: points(values[part], most[part]) for part in values}, most, line, lines, close)

    def _overall(self, wanted: Wanted) -> tuple[Any, Any]:
        """For every firm how much of the text its whole offer covers, and how usual such lines are in its trade."""
        nothing = np.zeros(len(self.tables.firm_id), np.float32)
        if "need" in wanted.query.sides:
            return nothing, nothing
        asked = pieces(self.retrieval.understood(wanted.query.text).meant)
        return self.retrieval.resembling_firms(asked), self.retrieval.trade_firms(asked)

    def _candidates(self, lines: Any, resembling: Any, trade: Any, exclude: frozenset[int]) -> Any:
        likely = best(resembling * (1 + trade), _RESEMBLING)
        firms = np.union1d(self.tables.line_firm[lines], likely)
        return firms[~np.isin(self.tables.firm_id[firms], list(exclude))] if exclude else firms

    def _best_lines(self, firms: Any, lines: Any, close: Any) -> tuple[Any, Any]:
        owner = self.tables.line_firm[lines]
        order = np.lexsort((lines, -self.tables.line_share[lines], -close, owner))
        owners, first = np.unique(owner[order], return_index=True)
        line = np.full(len(self.tables.firm_id), NOWHERE, np.int64)
        wording = np.zeros(len(self.tables.firm_id), np.float32)
        line[owners], wording[owners] = lines[order][first], close[order][first]
        return line[firms], wording[firms]

    def _segment(self, asked: int, firms: Any, line: Any) -> Any:
        """By the answering line; a firm without one may still offer something else in the segment."""
        stated = line != NOWHERE
        segments = np.where(stated, self.tables.line_segment[line], NOWHERE)
        fit = self.placing.fit(asked, segments, self.tables.line_sure[line])
        inside, weight = self.tables.segment_firms.row(asked)
        offers = np.zeros(len(self.tables.firm_id), np.float32)
        offers[inside] = weight
        return np.maximum(fit, _SEGMENT_OF_FIRM * offers[firms])

    def _conditions(self, wanted: Wanted, firms: Any, line: Any) -> dict[Part, Any]:
        tables, query = self.tables, wanted.query
        values: dict[Part, Any] = {}
        if asked := wanted.specifications:
            values[Part.SPECIFICATION] = asking.specification_fit(tables, line, asked)
        if wanted.certificates:
            values[Part.CERTIFICATE] = asking.certificate_fit(tables, firms, wanted.certificates)
        if query.quantity is not None:
            values[Part.CAPACITY] = asking.capacity_fit(tables, line, query.quantity, query.unit)
        if query.days is not None:
            values[Part.DELIVERY] = asking.delivery_fit(tables, line, query.days)
        if wanted.region:
            values[Part.REGION] = asking.region_fit(tables, firms, wanted.region)
        if np.any(tables.firm_trust != NOWHERE):
            values[Part.TRUST] = asking.trust_fit(tables, firms)
        return values

    def _maxima(self, wanted: Wanted, computable: set[Part]) -> dict[Part, int]:
        """A segment that is only proposed weighs as much as it is sure; buyers are not judged by what they sell."""
        weights = {part: weight * 100 for part, weight in self.weights.items()}
        weights[Part.SEGMENT] = round(weights[Part.SEGMENT] * wanted.confidence)
        if "need" in wanted.query.sides:
            weights[Part.CATALOGUE] = weights[Part.TRADE] = 0
        return maxima(weights, computable)
