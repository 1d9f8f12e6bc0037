"""Who feeds a firm and whom it feeds, from nothing but what the firms offer and what is known of the chains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matchmaker.matching.engine import asking
from matchmaker.matching.engine.evidence import MOST_PAIRS, part_scores, region_name, written
from matchmaker.matching.engine.placing import Placing
from matchmaker.matching.engine.retrieval import Retrieval, best
from matchmaker.matching.engine.scoring import PARTNER_WEIGHTS, maxima, points
from matchmaker.matching.engine.tables import NOWHERE
from matchmaker.matching.engine.values import (
    DEMAND,
    SIDES,
    SUPPLY,
    ChainStep,
    Direction,
    Evidence,
    Gap,
    LinePair,
    Missing,
    Part,
    Side,
)
from matchmaker.text import common_words

_OWN_LINES: Final = 12
_OWN_SEGMENTS: Final = 5
_PER_PRODUCT: Final = 25
_TEXTS_PER_ASK: Final = 60
_LEAST_CLOSENESS: Final = 0.7
_LEAST_TAIL: Final = 2
_TRADE_ONLY: Final = 300
_KNOWN, _KIND, _LINKED = 0.9, 0.6, 0.7


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing a partner may offer (or need): why it is asked and how much that counts, 0 to 1."""

    text: str
    part: Part
    weight: float
    own_line: int
    step: ChainStep | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The firms that answer one ask, how well, and with which line."""

    ask: Ask
    firms: Any
    values: Any
    lines: Any


@dataclass(frozen=True, slots=True)
class Partners:
    """Firms by place with the points of each part, and what the points come from."""

    firm: int
    direction: Direction
    firms: Any
    points: Mapping[Part, Any]
    maxima: Mapping[Part, int]
    answers: tuple[Answer, ...]

    @property
    def score(self) -> Any:
        """The points of all parts added up."""
        return sum(self.points.values(), np.zeros(len(self.firms), np.int64))


class Partnering:
    """Finds up- and downstream firms in one index."""

    def __init__(self, retrieval: Retrieval, placing: Placing) -> None:
        self.retrieval = retrieval
        self.tables = retrieval.tables
        self.placing = placing
        self._places = {int(firm): place for place, firm in enumerate(self.tables.firm_id)}
        self._firm_count = len(self.tables.firm_id)

    def scored(self, firm_id: int, direction: Direction, exclude: frozenset[int]) -> Partners:
        """Every firm that may stand next to this one, with the points of each part."""
        firm = self._places.get(firm_id, NOWHERE)
        if firm == NOWHERE:
            return Partners(firm, direction, np.zeros(0, np.int64), {}, maxima(PARTNER_WEIGHTS, set()), ())
        answers = tuple(self._answer(ask, firm, direction) for ask in self._asks(firm, direction))
        values = self._values(firm, direction, answers)
        firms = self._candidates(firm, values, exclude)
        values |= self._conditions(firm)
        most = maxima(PARTNER_WEIGHTS, set(values))
        return Partners(
            firm, direction, firms, {part: points(values[part][firms], most[part]) for part in values}, most, answers
        )

    def _values(self, firm: int, direction: Direction, answers: tuple[Answer, ...]) -> dict[Part, Any]:
        values = {part: self._together(part, answers) for part in {answer.ask.part for answer in answers}}
        if len(self.tables.firm_segments.row(firm)[0]):
            values[Part.SEGMENT] = self._by_segment(firm, direction)
        trade = self._by_trade(firm, direction)
        if trade.any():
            values[Part.TRADE] = trade
        return values

    def _candidates(self, firm: int, values: Mapping[Part, Any], exclude: frozenset[int]) -> Any:
        reached = np.zeros(self._firm_count, bool)
        for part, value in values.items():
            reached[best(value, _TRADE_ONLY) if part is Part.TRADE else np.nonzero(value)[0]] = True
        reached[firm] = False
        if exclude:
            reached &= ~np.isin(self.tables.firm_id, list(exclude))
        return np.nonzero(reached)[0]

    def _conditions(self, firm: int) -> dict[Part, Any]:
        everyone = np.arange(self._firm_count)
        values: dict[Part, Any] = {}
        if region := int(self.tables.firm_region[firm]):
            values[Part.REGION] = asking.region_fit(self.tables, everyone, region)
        if np.any(self.tables.firm_trust != NOWHERE):
            values[Part.TRUST] = asking.trust_fit(self.tables, everyone)
        return values

    # What is asked of a partner

    def _asks(self, firm: int, direction: Direction) -> Iterator[Ask]:
        own = self._own_lines(firm, SUPPLY)
        yield from self._known_flows(own, direction)
        yield from self._linked_items(firm, own, direction)
        stated = self._own_lines(firm, DEMAND) if direction == "upstream" else own
        if direction == "upstream" or np.any(self.tables.line_side == SIDES.index("need")):
            for line, weight in stated:
                yield Ask(self._text(line), Part.NEED, 0.5 + 0.5 * weight, line)

    def _own_lines(self, firm: int, sides: tuple[Side, ...]) -> list[tuple[int, float]]:
        """The firm's main lines with their weight: 1 for the one that is most of its business."""
        lines = self.tables.firm_lines.row(firm)[0]
        lines = lines[np.isin(self.tables.line_side[lines], [SIDES.index(side) for side in sides])]
        shares = self.tables.line_share[lines]
        order = np.lexsort((lines, -shares))[:_OWN_LINES]
        most = max(float(shares.max()), 1e-6) if len(shares) else 1.0
        return [(int(lines[place]), float(shares[place]) / most) for place in order]

    def _text(self, line: int) -> str:
        return self.tables.text[self.tables.line_text[line]]

    def _known_flows(self, own: list[tuple[int, float]], direction: Direction) -> Iterator[Ask]:
        """What the own products are known to be made from, or to go into; for a kind of product, what its head is."""
        flows = self.tables.made_from if direction == "upstream" else self.tables.used_in
        asked: set[int] = set()
        for line, weight in own:
            text = self._text(line)
            for product, sure in self._products(text, int(self.tables.line_text[line])):
                fresh = [other for other in flows.row(product)[0].tolist() if other not in asked][:_PER_PRODUCT]
                asked.update(fresh)
                for other in fresh:
                    yield self._flow(line, sure * (0.4 + 0.6 * weight), product, other, direction)

    def _flow(self, line: int, weight: float, product: int, other: int, direction: Direction) -> Ask:
        mine, theirs = self.tables.text[product], self.tables.text[other]
        item = theirs if direction == "upstream" else mine
        return Ask(theirs, Part.FLOW, weight, line, ChainStep("", "", item, is_inferred=mine != self._text(line)))

    def _products(self, text: str, number: int) -> Iterator[tuple[int, float]]:
        yield number, _KNOWN
        for start in range(1, len(text) - _LEAST_TAIL + 1):
            tail = self.retrieval.number_of(text[start:])
            if tail is not None:
                yield tail, _KIND * (len(text) - start) / len(text)
                return

    def _linked_items(self, firm: int, own: list[tuple[int, float]], direction: Direction) -> Iterator[Ask]:
        """What flows over the links of the own segments, asked for in the neighbouring segment's words."""
        line_in = {int(self.tables.line_segment[line]): line for line, _ in reversed(own)}
        for segment, weight in self._own_segments(firm):
            line = line_in.get(segment, NOWHERE)
            for near in self.placing.neighbours(segment, direction):
                step = ChainStep(near.link.supplier, near.link.buyer, near.link.item)
                asked = near.link.items if direction == "upstream" else (self.placing.graph.nodes[near.segment].name,)
                yield from (Ask(item, Part.FLOW, _LINKED * weight, line, step) for item in asked)

    def _own_segments(self, firm: int) -> list[tuple[int, float]]:
        segments, weights = self.tables.firm_segments.row(firm)
        order = np.lexsort((segments, -weights))[:_OWN_SEGMENTS]
        return [(int(segments[place]), float(weights[place])) for place in order]

    # Who answers

    def _answer(self, ask: Ask, firm: int, direction: Direction) -> Answer:
        sides = DEMAND if ask.part is Part.NEED and direction == "downstream" else SUPPLY
        found = self.retrieval.like(ask.text, sides, _TEXTS_PER_ASK)
        lines, close = self.retrieval.lines_of(found, sides)
        kept = (close >= _LEAST_CLOSENESS) & (self.tables.line_firm[lines] != firm)
        lines, close = lines[kept], close[kept]
        owner = self.tables.line_firm[lines]
        worth = close * (0.5 + 0.5 * np.minimum(1.0, self.tables.line_share[lines] * 2))
        order = np.lexsort((lines, -worth, owner))
        firms, first = np.unique(owner[order], return_index=True)
        rarity = 1 / (1 + np.log10(1 + len(firms)))
        return Answer(ask, firms, ask.weight * rarity * worth[order][first], lines[order][first])

    def _together(self, part: Part, answers: tuple[Answer, ...]) -> Any:
        """Independent reasons add up as chances do: each closes a share of what is still open."""
        still_open = np.ones(self._firm_count)
        for answer in answers:
            if answer.ask.part is part:
                still_open[answer.firms] *= 1 - np.minimum(answer.values, 0.95)
        return 1 - still_open

    def _by_segment(self, firm: int, direction: Direction) -> Any:
        value = np.zeros(self._firm_count)
        for segment, weight in self._own_segments(firm):
            for near in self.placing.neighbours(segment, direction):
                inside, share = self.tables.segment_firms.row(near.segment)
                value[inside] = np.maximum(value[inside], weight * share)
        return value

    def _by_trade(self, firm: int, direction: Direction) -> Any:
        trade = self.tables.trade if direction == "upstream" else self.tables.trade.T
        own = self.tables.firm_groups.row(firm)[0]
        usual = trade[own].max(axis=0) if len(own) else np.zeros(trade.shape[0], np.float32)
        value = np.zeros(self._firm_count, np.float32)
        owner = np.repeat(np.arange(self._firm_count), np.diff(self.tables.firm_groups.ends))
        np.maximum.at(value, owner, usual[self.tables.firm_groups.places])
        return value / max(float(value.max(initial=0.0)), 1e-9)

    # Why

    def evidence(self, found: Partners, place: int) -> Evidence:
        """The evidence of one partner by its place among the scored."""
        firm = int(found.firms[place])
        reasons = sorted(self._reasons(found, firm), key=lambda reason: (-reason[1], reason[2]))
        steps = [reason[0].step for reason in reasons if reason[0].step] + self._segment_steps(found, firm)
        parts = part_scores(found.points, found.maxima, place, self._compared(found, firm, reasons))
        pairs = tuple(self._pair(found, *reason) for reason in reasons[:MOST_PAIRS])
        missing = tuple(self._missing(found, firm, place))
        return Evidence(parts, pairs, tuple(dict.fromkeys(steps))[:MOST_PAIRS], missing)

    def _reasons(self, found: Partners, firm: int) -> Iterator[tuple[Ask, float, int]]:
        for answer in found.answers:
            place = int(np.searchsorted(answer.firms, firm))
            if place < len(answer.firms) and answer.firms[place] == firm:
                yield answer.ask, float(answer.values[place]), int(answer.lines[place])

    def _segment_steps(self, found: Partners, firm: int) -> list[ChainStep]:
        theirs = set(self.tables.firm_segments.row(firm)[0].tolist())
        near = [
            near for own, _ in self._own_segments(found.firm) for near in self.placing.neighbours(own, found.direction)
        ]
        return [ChainStep(one.link.supplier, one.link.buyer, one.link.item) for one in near if one.segment in theirs]

    def _compared(
        self, found: Partners, firm: int, reasons: list[tuple[Ask, float, int]]
    ) -> dict[Part, tuple[str, str]]:
        steps = self._segment_steps(found, firm)
        compared = {
            Part.REGION: tuple(region_name(int(self.tables.firm_region[one])) for one in (found.firm, firm)),
            Part.SEGMENT: self._ends(found.direction, steps[0]) if steps else ("", ""),
        }
        for ask, _, line in reversed(reasons):
            compared[ask.part] = (ask.text, self._text(line))
        return {part: (texts[0], texts[1]) for part, texts in compared.items()}

    def _ends(self, direction: Direction, step: ChainStep) -> tuple[str, str]:
        return (step.buyer, step.supplier) if direction == "upstream" else (step.supplier, step.buyer)

    def _pair(self, found: Partners, ask: Ask, value: float, line: int) -> LinePair:
        own = int(self.tables.line_id[ask.own_line]) if ask.own_line != NOWHERE else None
        ours = written(self.tables, ask.own_line) if ask.own_line != NOWHERE else ask.text
        words = common_words(ask.text, self._text(line))
        gained = int(value * found.maxima[ask.part] + 0.5)
        return LinePair(own, int(self.tables.line_id[line]), ours, written(self.tables, line), words, gained)

    def _missing(self, found: Partners, firm: int, place: int) -> Iterator[Missing]:
        gains = {part: int(found.points[part][place]) for part in found.points}
        if not gains.get(Part.FLOW) and not gains.get(Part.NEED):
            yield Missing(Gap.INFERRED)
        if Part.REGION in gains and not int(self.tables.firm_region[firm]):
            yield Missing(Gap.REGION_UNKNOWN)
