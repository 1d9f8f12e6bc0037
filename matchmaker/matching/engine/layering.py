"""An index with the latest changes laid over it: what changed is asked of a small index, the rest of the large one."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from matchmaker.chains.classifying import SegmentGuess
from matchmaker.matching.engine.beside import firm_at, firms_near, lines_at, place_of
from matchmaker.matching.engine.index import Index
from matchmaker.matching.engine.scoring import Weights
from matchmaker.matching.engine.tables import NOWHERE
from matchmaker.matching.engine.values import Direction, Firm, Line, Match, Query

_MOST_NEAR: Final = 300  # of either index; more could change no list anybody reads


class LayeredIndex:
    """Answers as an index would that was built after the changes.

    Every changed firm is answered for by the small index alone, with all its lines; a firm that is no
    longer listed, or has no line left, by neither. Both measure by the large index's rarities, so that
    scores compare.
    """

    def __init__(self, base: Index, changed: Iterable[int], firms: Iterable[Firm], lines: Iterable[Line]) -> None:
        self.base = base
        self.changed = frozenset(changed)
        self._firms = {firm.id: firm for firm in firms}
        self._lines: dict[int, list[Line]] = defaultdict(list)
        for line in lines:
            self._lines[line.firm_id].append(line)
        self._over = base.small(self._firms.values(), (line for held in self._lines.values() for line in held))

    def search(self, query: Query, k: int = 20) -> list[Match]:
        """The k firms that answer a query best, each with its evidence."""
        unchanged = replace(query, exclude=query.exclude | self.changed)
        return _merged(self.base.search(unchanged, k), self._over.search(query, k), k)

    def partners(
        self, firm_id: int, direction: Direction, k: int = 20, exclude: frozenset[int] = frozenset()
    ) -> list[Match]:
        """The k firms most likely to supply or to buy from a firm.

        A firm that changed finds those of the large index in a small one of itself and the firms likely to stand
        next to it; flows between products that were learned beside the chains are followed from the next index on.
        """
        known = self._over if firm_id in self.changed else self.base
        place = place_of(known.tables, firm_id)
        if place == NOWHERE:
            return []
        firm, lines = self._told(known, firm_id)
        segments = known.tables.firm_segments.row(place)[0].tolist()
        items = self.base.items_into(segments) if direction == "upstream" else ()
        near = set(firms_near(self._over, lines, segments, direction, most=_MOST_NEAR)) - exclude - {firm_id}
        if known is self.base:
            rest = self.base.partners(firm_id, direction, k, exclude | self.changed)
            return (
                _merged(rest, self._among(near, firm, lines, items).partners(firm_id, direction, k), k)
                if near
                else rest
            )
        large = firms_near(self.base, lines, segments, direction, most=_MOST_NEAR)
        near |= set(large) - self.changed - exclude
        return self._among(near, firm, lines, items).partners(firm_id, direction, k)

    def _among(self, others: Iterable[int], firm: Firm, lines: list[Line], items: Collection[str]) -> Index:
        """A small index of a firm and some others."""
        told = [self._told(self._over if other in self.changed else self.base, other) for other in sorted(others)]
        all_lines = [*lines, *(line for _, held in told for line in held)]
        return self.base.small([firm, *(other for other, _ in told)], all_lines, items)

    def _told(self, index: Index, firm_id: int) -> tuple[Firm, list[Line]]:
        if index is self._over:
            return self._firms[firm_id], self._lines[firm_id]
        place = place_of(index.tables, firm_id)
        return firm_at(index.tables, place), lines_at(index.tables, place)

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
