"""Partners by what firms published that they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from matchmaker.matching.engine import dictionary
from matchmaker.matching.engine.partnering.own import Own
from matchmaker.matching.engine.partnering.reasons import Ask, Reasons, best_of_each, expand
from matchmaker.matching.engine.retrieval import Retrieval, side_bits
from matchmaker.matching.engine.store import Rows, Texts
from matchmaker.matching.engine.tables import NOWHERE
from matchmaker.matching.engine.values import DEMAND, SIDES, SUPPLY, Direction, Part

_TEXTS_PER_NEED: Final = 30
_MOST_LINES: Final = 12
_LEAST_WEIGHT: Final = 0.5
_LEAST_IN_SENTENCE: Final = 0.5  # a need is often a sentence
_LEAST_IN_SEGMENT: Final = 0.3  # …and inside one segment its words matter less


class PublishedNeeds:
    """Brings own needs to those who offer it, and own offers to those who need it.

    beside: those of the index beside which this small one is asked; a need published in either can be answered.
    """

    def __init__(self, retrieval: Retrieval, beside: PublishedNeeds | None = None) -> None:
        self._tables = retrieval.tables
        self._retrieval = retrieval
        is_own: bool = bool(np.any(self._tables.line_side == SIDES.index("need")))
        self._is_any: bool = is_own or (beside is not None and beside._is_any)

    @cached_property
    def _needs(self) -> Retrieval:
        """Retrieval over needs alone: they are few beside all products, so each question costs less."""
        tables = self._tables
        needs = np.nonzero(tables.text_sides & side_bits(DEMAND))[0]
        lines, _, origin = expand(tables.text_lines, needs)
        ends = np.searchsorted(origin, np.arange(len(needs) + 1))
        texts = tables.text.at(needs)
        only = replace(
            tables,
            text=Texts.of(texts),
            text_sides=tables.text_sides[needs],
            text_lines=Rows(ends, lines, np.ones(len(lines), np.float32)),
            grams=_among(tables.grams, needs, len(tables.text)),
            **dictionary.columns(texts),
        )
        return Retrieval(only, beside=self._retrieval)

    def reasons(self, own: Own, direction: Direction) -> Iterator[Reasons]:
        """The answers to each own line; none when nothing was published that could answer."""
        asking = own.needs if direction == "upstream" else own.offers
        if self._is_any:
            shares = self._tables.line_share[asking]
            weights = _LEAST_WEIGHT + (1 - _LEAST_WEIGHT) * shares / max(float(shares.max(initial=0.0)), 1e-6)
            answers = SUPPLY if direction == "upstream" else DEMAND
            for line, weight in zip(asking[:_MOST_LINES].tolist(), weights.tolist(), strict=False):
                yield self._answers(own, line, weight, answers)

    def _answers(self, own: Own, line: int, weight: float, sides: Any) -> Reasons:
        tables = self._tables
        text = tables.text[tables.line_text[line]]
        retrieval = self._needs if sides == DEMAND else self._retrieval
        lines, close = retrieval.lines_of(retrieval.like(text, sides, _TEXTS_PER_NEED), sides)
        worth = weight * self._worth(line, lines, close)
        answering = (worth > 0) & (tables.line_firm[lines] != own.firm)
        lines, worth = lines[answering], worth[answering]
        best = best_of_each(tables.line_firm[lines], worth, lines)
        ask = Ask(text, Part.NEED, line)
        return Reasons(Part.NEED, tables.line_firm[lines[best]], worth[best], lines[best], lambda _place: ask)

    def _worth(self, own_line: int, lines: Any, close: Any) -> Any:
        """How well an offer answers a need: by likeness, and less of it is wanted inside one segment."""
        own = self._tables.line_segment[own_line]
        agree = (self._tables.line_segment[lines] == own) & (own != NOWHERE)
        least = np.where(agree, _LEAST_IN_SEGMENT, _LEAST_IN_SENTENCE)
        return np.where(close >= least, np.where(agree, 0.5 + 0.5 * close, close), 0.0)


def _among(rows: Rows, places: Any, size: int) -> Rows:
    """The same rows with these places only, numbered anew in their order."""
    number = np.full(size, NOWHERE, np.int32)
    number[places] = np.arange(len(places))
    renumbered = number[rows.places]
    kept = renumbered != NOWHERE
    ends = np.concatenate([[0], np.cumsum(kept)])[rows.ends]
    return Rows(ends, renumbered[kept], rows.weights[kept])
