"""An index with the latest changes laid over it: what changed is asked of a small index, the rest of the large one."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace

from matchmaker.chains.classifying import SegmentGuess
from matchmaker.matching.engine.index import Index
from matchmaker.matching.engine.scoring import Weights
from matchmaker.matching.engine.values import Direction, Firm, Line, Match, Query


class LayeredIndex:
    """Answers as an index would that was built after the changes.

    Every changed firm is answered for by the small index alone, with all its lines; a firm that is no
    longer listed, or has no line left, by neither. Both measure by the large index's rarities, so that
    scores compare.
    """

    def __init__(self, base: Index, changed: Iterable[int], firms: Iterable[Firm], lines: Iterable[Line]) -> None:
        self.base = base
        self.changed = frozenset(changed)
        self._over = base.small(firms, lines)
        self._gone = self.changed - frozenset(self._over.tables.firm_id.tolist())

    def search(self, query: Query, k: int = 20) -> list[Match]:
        """The k firms that answer a query best, each with its evidence."""
        unchanged = replace(query, exclude=query.exclude | self.changed)
        return _merged(self.base.search(unchanged, k), self._over.search(query, k), k)

    def partners(
        self, firm_id: int, direction: Direction, k: int = 20, exclude: frozenset[int] = frozenset()
    ) -> list[Match]:
        """The k firms most likely to supply or to buy from a firm, as the large index knows them."""
        return self.base.partners(firm_id, direction, k, exclude | self._gone)

    def weighted(self, weights: Weights) -> LayeredIndex:
        """The same layers scored by other weights."""
        view = copy.copy(self)
        view.base, view._over = self.base.weighted(weights), self._over.weighted(weights)
        return view

    def classify(self, text: str, k: int = 3) -> list[SegmentGuess]:
        """The segments a text may belong to, with the words that say so."""
        return self.base.classify(text, k)


def _merged(one: list[Match], other: list[Match], k: int) -> list[Match]:
    return sorted((*one, *other), key=lambda match: (-match.score, match.firm_id))[:k]
