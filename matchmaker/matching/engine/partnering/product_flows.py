"""Partners by what products are made from: known flows, and those inferred from known ones."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np

from matchmaker.matching.engine.partnering.own import Own
from matchmaker.matching.engine.partnering.reasons import Ask, Reasons, best_of_each, expand, together
from matchmaker.matching.engine.tables import Tables
from matchmaker.matching.engine.values import ChainStep, Direction, Part

_MOST_PRODUCTS: Final = 1500
_KNOWN: Final = 0.9


class ProductFlows:
    """Follows the flows of an index from own products to those who make or use what flows."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def reasons(self, own: Own, direction: Direction) -> Reasons:
        """Everything that may flow between this firm and any other."""
        line, product, weight = self._own_products(own)
        others, sure, origin = expand(self._flows(direction), product)
        value = weight[origin] * np.minimum(sure, 1.0) * _KNOWN
        best = best_of_each(others, value, line[origin])
        asked, pooled = others[best], together(value, np.unique(others, return_inverse=True)[1], len(best))
        kept = np.sort(np.lexsort((asked, -pooled))[:_MOST_PRODUCTS])
        asked, pooled, best = asked[kept], pooled[kept], origin[best[kept]]
        lines, made, at = expand(self._tables.makers, asked)
        values = pooled[at] * made * self._tables.text_worth[self._tables.line_text[lines]]
        tell = partial(self._told, direction, line[best][at], product[best][at], asked[at])
        return Reasons(Part.FLOW, self._tables.line_firm[lines], values, lines, tell)

    def _flows(self, direction: Direction) -> Any:
        return self._tables.flow_from if direction == "upstream" else self._tables.flow_into

    def _own_products(self, own: Own) -> tuple[Any, Any, Any]:
        """The products a firm makes, by its lines and by what they are kinds of: (line, product, how surely)."""
        texts = self._tables.line_text[own.offers]
        heads, sure, origin = expand(self._tables.heads, texts)
        line = np.concatenate([own.offers, own.offers[origin]])
        return line, np.concatenate([texts, heads]), np.concatenate([own.weights, own.weights[origin] * sure])

    def _told(self, direction: Direction, lines: Any, products: Any, others: Any, place: int) -> Ask:
        mine, theirs, line = int(products[place]), int(others[place]), int(lines[place])
        text = self._tables.text
        item = text[theirs] if direction == "upstream" else text[mine]
        near, sure = self._flows(direction).row(mine)
        is_known = mine == self._tables.line_text[line] and bool(np.any(sure[near == theirs] >= 1))
        return Ask(text[theirs], Part.FLOW, line, ChainStep("", "", item, not is_known))
