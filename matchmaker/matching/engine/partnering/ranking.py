"""Every firm that may stand next to one, with the points of each part of its score."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import numpy as np

from matchmaker.matching.engine import asking
from matchmaker.matching.engine.partnering.chain_flows import ChainFlows
from matchmaker.matching.engine.partnering.needs import PublishedNeeds
from matchmaker.matching.engine.partnering.own import Firms, Own
from matchmaker.matching.engine.partnering.product_flows import ProductFlows
from matchmaker.matching.engine.partnering.reasons import AllReasons
from matchmaker.matching.engine.partnering.telling import PartnerEvidence
from matchmaker.matching.engine.partnering.trade import Trade
from matchmaker.matching.engine.partnering.values import Partners
from matchmaker.matching.engine.placing import Placing
from matchmaker.matching.engine.retrieval import Retrieval, best
from matchmaker.matching.engine.scoring import DEFAULT_WEIGHTS, Weights, maxima, points
from matchmaker.matching.engine.tables import NOWHERE
from matchmaker.matching.engine.values import Direction, Evidence, Part

_RIVALRY: Final = 0.7
_TRADE_ONLY: Final = 300


class Partnering:
    """Finds up- and downstream firms in one index; beside: in which larger one its measures are taken."""

    def __init__(
        self,
        retrieval: Retrieval,
        placing: Placing,
        weights: Weights = DEFAULT_WEIGHTS,
        beside: Partnering | None = None,
    ) -> None:
        self.weights = weights.partner
        self.tables = retrieval.tables
        self._places = {int(firm): place for place, firm in enumerate(self.tables.firm_id)}
        self._firm_count = len(self.tables.firm_id)
        self._firms = Firms(self.tables, placing)
        self._products = ProductFlows(self.tables)
        self._chains: ChainFlows = ChainFlows(self.tables, placing, beside._chains if beside else None)
        self._needs: PublishedNeeds = PublishedNeeds(retrieval, beside._needs if beside else None)
        self._trade = Trade(self.tables)
        self._evidence = PartnerEvidence(self.tables, placing)
        self._near = lru_cache(maxsize=32)(self._find_near)
        is_known = bool(np.any(self.tables.firm_trust != NOWHERE))
        self._trust = asking.trust_fit(self.tables, np.arange(self._firm_count)) if is_known else None

    def scored(self, firm_id: int, direction: Direction, exclude: frozenset[int]) -> Partners:
        """Every firm that may stand next to this one, with the points of each part."""
        firm = self._places.get(firm_id, NOWHERE)
        if firm == NOWHERE:
            return Partners(None, direction, np.zeros(0, np.int64), {}, maxima(self.weights, set()), AllReasons.of(()))
        own = self._firms.own(firm)
        products, chains, needs = self._products, self._chains, self._needs
        reasons = AllReasons.of(
            (products.reasons(own, direction), *chains.reasons(own, direction), *needs.reasons(own, direction))
        )
        values = self._values(own, direction, reasons)
        firms = self._candidates(firm, values, exclude)
        values |= self._conditions(firm)
        most = maxima(self.weights, set(values))
        gained = {part: points(value[firms], most[part]) for part, value in values.items()}
        return Partners(own, direction, firms, gained, most, reasons)

    def evidence(self, found: Partners, place: int) -> Evidence:
        """The evidence of one partner by its place among the scored."""
        return self._evidence.of(found, place)

    def _values(self, own: Own, direction: Direction, reasons: AllReasons) -> dict[Part, Any]:
        apart = 1 - _RIVALRY * self._firms.rivalry(own)  # rivals seldom feed each other
        values = {
            Part.FLOW: reasons.pooled(Part.FLOW, self._firm_count),
            Part.NEED: reasons.pooled(Part.NEED, self._firm_count),
            Part.SEGMENT: self._by_segment(own, direction) * apart,
            Part.TRADE: self._trade.between(own.firm, direction),
        }
        if not reasons.tells(Part.NEED):
            del values[Part.NEED]
        if not values[Part.TRADE].any():
            del values[Part.TRADE]
        return values

    def _by_segment(self, own: Own, direction: Direction) -> Any:
        reached: dict[int, float] = {}
        for way in self._chains.ways(own, direction):
            reached[way.near.segment] = max(reached.get(way.near.segment, 0.0), way.weight)
        value = np.zeros(self._firm_count)
        for segment, weight in reached.items():
            inside, share = self.tables.segment_firms.row(segment)
            value[inside] = np.maximum(value[inside], weight * share)
        return value

    def _candidates(self, firm: int, values: Mapping[Part, Any], exclude: frozenset[int]) -> Any:
        reached = np.zeros(self._firm_count, bool)
        for part, value in values.items():
            reached[best(value, _TRADE_ONLY) if part is Part.TRADE else np.nonzero(value)[0]] = True
        reached[firm] = False
        if exclude:
            reached &= ~np.isin(self.tables.firm_id, list(exclude))
        return np.nonzero(reached)[0]

    def _conditions(self, firm: int) -> dict[Part, Any]:
        values: dict[Part, Any] = {}
        if region := int(self.tables.firm_region[firm]):
            values[Part.REGION] = self._near(region)
        if self._trust is not None:
            values[Part.TRUST] = self._trust
        return values

    def _find_near(self, region: int) -> Any:
        return asking.region_fit(self.tables, np.arange(self._firm_count), region)
