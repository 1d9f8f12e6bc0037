"""Partners by the chains: what flows over the links around the own segments, and who stands at their other ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final

import numpy as np

from matchmaker.chains.classifying import SegmentLink
from matchmaker.matching.engine.items import items_of
from matchmaker.matching.engine.partnering.own import Own
from matchmaker.matching.engine.partnering.reasons import Ask, Reasons, best_of_each
from matchmaker.matching.engine.placing import Neighbour, Placing
from matchmaker.matching.engine.tables import NOWHERE, Tables
from matchmaker.matching.engine.values import SIDES, ChainStep, Direction, Part

_LINKED: Final = 0.7
_LINKED_BESIDE_PRODUCTS: Final = 0.05  # where single products are known, what segments trade in general says less
_SECOND_HOP: Final = 0.25
_SUPPORTING: Final = 0.4
_UNNAMED: Final = 0.5  # a line of the right segment that does not name what flows
_ELSEWHERE: Final = 0.4  # …and one that names it but stands in no segment
_LEAST_CLOSENESS: Final = 0.75


@dataclass(frozen=True, slots=True)
class Way:
    """A link from an own segment, at once or after one between, and how much what flows there counts."""

    own_segment: int
    weight: float
    near: Neighbour
    is_direct: bool


@dataclass(frozen=True, slots=True)
class _Side:
    """The firms at one end of a link, each once by number, with their best line and how well it fits."""

    firms: Any
    worth: Any
    lines: Any


class ChainFlows:
    """Follows the links of the chains from own segments to the firms that stand in theirs.

    beside: those of the index beside which this small one is asked; how much a link counts, and how many firms
    stand at its ends, is measured there.
    """

    def __init__(self, tables: Tables, placing: Placing, beside: ChainFlows | None = None) -> None:
        self._tables = tables
        self._placing = placing
        self._items = items_of(placing.graph)
        self._beside = beside
        self._linked: float = _LINKED_BESIDE_PRODUCTS if len(self._tables.flow_from.places) else _LINKED
        if beside is not None:
            self._linked = beside._linked
        supply = np.nonzero(self._tables.line_side != SIDES.index("need"))[0]
        order = np.argsort(self._tables.line_segment[supply], kind="stable")
        self._by_segment = supply[order]
        self._segments = self._tables.line_segment[self._by_segment]
        self._side = lru_cache(maxsize=4096)(self._find_side)

    def ways(self, own: Own, direction: Direction) -> Iterator[Way]:
        """The links one step away, and less surely two: many firms do two steps themselves."""
        for segment, weight in own.segments.items():
            for near in self._placing.neighbours(segment, direction):
                if near.segment not in own.segments:
                    yield Way(segment, weight * self._core(near.segment), near, is_direct=True)
                for far in self._placing.neighbours(near.segment, direction):
                    if far.segment not in own.segments:
                        yield Way(segment, weight * _SECOND_HOP * self._core(far.segment), far, is_direct=False)

    def _core(self, segment: int) -> float:
        """How much a segment belongs to the chain itself: services around it serve everybody."""
        return _SUPPORTING if self._placing.graph.nodes[segment].stage == "support" else 1.0

    def reasons(self, own: Own, direction: Direction) -> Iterator[Reasons]:
        """The firms at the other ends, link by link."""
        for way in self.ways(own, direction):
            side = self._side(way.near.segment, way.near.link, direction)
            # What everybody does tells little.
            crowd = len(self._beside._side(way.near.segment, way.near.link, direction).firms) if self._beside else 0
            value = self._linked * way.weight / (1 + np.log10(1 + max(crowd, len(side.firms))))
            tell = partial(self._asked, own, way, direction)
            yield Reasons(Part.FLOW, side.firms, value * side.worth, side.lines, tell)

    def _asked(self, own: Own, way: Way, direction: Direction, _place: int) -> Ask:
        link = way.near.link
        text = link.item if direction == "upstream" else self._placing.graph.nodes[way.near.segment].name
        line = own.line_in(way.own_segment, self._tables)
        return Ask(text, Part.FLOW, line, ChainStep(link.supplier, link.buyer, link.item))

    def _find_side(self, segment: int, link: SegmentLink, direction: Direction) -> _Side:
        start, end = np.searchsorted(self._segments, [segment, segment + 1])
        lines = self._by_segment[start:end]
        worth = self._tables.line_sure[lines]
        if direction == "upstream":
            lines, worth = self._naming(link, lines, worth)
        worth = worth * (0.5 + 0.5 * np.minimum(1.0, self._tables.line_share[lines] * 2))
        worth = worth * self._tables.text_worth[self._tables.line_text[lines]]
        best = best_of_each(self._tables.line_firm[lines], worth, lines)
        return _Side(self._tables.line_firm[lines[best]], worth[best], lines[best])

    def _naming(self, link: SegmentLink, inside: Any, sure: Any) -> tuple[Any, Any]:
        """Lines of the segment, more worth when they name what flows, and unplaced lines that name it."""
        named = np.zeros(len(self._tables.line_id), np.float32)
        for item in link.items:
            lines, close = self._tables.item_lines.row(self._items[item])
            named[lines] = np.maximum(named[lines], close)
        outside = np.nonzero((named >= _LEAST_CLOSENESS) & (self._tables.line_segment == NOWHERE))[0]
        worth = [sure * (_UNNAMED + (1 - _UNNAMED) * named[inside]), _ELSEWHERE * named[outside]]
        return np.concatenate([inside, outside]), np.concatenate(worth)
