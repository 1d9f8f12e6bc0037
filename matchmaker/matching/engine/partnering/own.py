"""The firm that asks: what it lives by, where it stands, and who lives by the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matchmaker.matching.engine.partnering.reasons import expand
from matchmaker.matching.engine.placing import Placing
from matchmaker.matching.engine.tables import NOWHERE, Tables
from matchmaker.matching.engine.trade_words import SERVICE
from matchmaker.matching.engine.values import DEMAND, SIDES, SUPPLY, Side

_MOST_LINES: Final = 30
_MOST_SEGMENTS: Final = 6
_MAIN_LINES: Final = 4
_TWIN: Final = 0.5


@dataclass(frozen=True, slots=True)
class Own:
    """A firm's lines, the largest first, with how much each says of what it makes, and its segments by weight."""

    firm: int
    offers: Any
    weights: Any
    needs: Any
    segments: dict[int, float]

    def line_in(self, segment: int, tables: Tables) -> int:
        """The own line that stands in a segment, else the main one."""
        inside = self.offers[tables.line_segment[self.offers] == segment]
        return int(inside[0]) if len(inside) else self.main

    @property
    def main(self) -> int:
        """The line that is most of its business."""
        return int(self.offers[0]) if len(self.offers) else NOWHERE


class Firms:
    """Reads what single firms live by."""

    def __init__(self, tables: Tables, placing: Placing) -> None:
        self._tables = tables
        self._placing = placing

    def own(self, firm: int) -> Own:
        """What this firm asks with."""
        offers, weights = self._lines(firm, SUPPLY)
        return Own(firm, offers, weights, self._lines(firm, DEMAND)[0], self._segments(firm))

    def _lines(self, firm: int, sides: tuple[Side, ...]) -> tuple[Any, Any]:
        tables = self._tables
        lines = tables.firm_lines.row(firm)[0]
        lines = lines[np.isin(tables.line_side[lines], [SIDES.index(side) for side in sides])]
        shares = tables.line_share[lines] * tables.text_worth[tables.line_text[lines]]
        order = np.lexsort((lines, -shares))[:_MOST_LINES]
        worth = tables.text_worth[tables.line_text[lines[order]]]
        return lines[order], worth / max(float(worth.max(initial=0.0)), SERVICE)

    def _segments(self, firm: int) -> dict[int, float]:
        """The segments a firm offers in, and less surely their twins."""
        own = dict(zip(*(column.tolist() for column in self._tables.firm_segments.row(firm)), strict=True))
        weights = dict(own)
        for segment, weight in own.items():
            for twin in self._placing.twins(segment):
                weights[twin] = max(weights.get(twin, 0.0), _TWIN * weight)
        return dict(sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_SEGMENTS])

    def rivalry(self, own: Own) -> Any:
        """For every firm how far it lives by the same products or in the same segments, 0 to 1."""
        tables = self._tables
        rivals = np.zeros(len(tables.firm_id))
        for segment, weight in own.segments.items():
            inside, share = tables.segment_firms.row(segment)
            rivals[inside] = np.maximum(rivals[inside], weight * share)
        lines, weights = self._same_lines(own)
        np.maximum.at(rivals, tables.line_firm[lines], weights * np.minimum(1.0, 2 * tables.line_share[lines]))
        return rivals

    def _same_lines(self, own: Own) -> tuple[Any, Any]:
        """Lines of any firm that name one of the own main products or a kind of it."""
        texts = self._tables.line_text[own.offers[:_MAIN_LINES]]
        carried, _, origin = expand(self._tables.text_lines, texts)
        kinds, sure, origin_of_kind = expand(self._tables.makers, texts)
        lines = np.concatenate([carried, kinds])
        weights = np.concatenate([own.weights[origin], own.weights[origin_of_kind] * sure])
        offered = self._tables.line_side[lines] != SIDES.index("need")
        return lines[offered], weights[offered]
