"""Who feeds a firm and whom it feeds, from nothing but what the firms offer and what is known of the chains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Any, Final

import numpy as np

from matchmaker.matching.engine import asking
from matchmaker.matching.engine.evidence import MOST_PAIRS, part_scores, region_name, written
from matchmaker.matching.engine.grams import bare
from matchmaker.matching.engine.placing import Neighbour, Placing
from matchmaker.matching.engine.retrieval import Retrieval, best
from matchmaker.matching.engine.scoring import DEFAULT_WEIGHTS, Weights, maxima, points
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
_OWN_SEGMENTS: Final = 6
_TWIN: Final = 0.5
_MOST_FLOWS: Final = 80
_TEXTS_PER_ASK: Final = 60
_LEAST_CLOSENESS: Final = 0.75
_LEAST_IN_SENTENCE: Final = 0.5  # a need is often a sentence
_LEAST_IN_SEGMENT: Final = 0.3  # …and inside one segment its words matter less
_UNPLACED, _MISPLACED = 0.5, 0.2
_BUYER_NAMES: Final = 6
_MAIN_LINES: Final = 4
_SAME_PRODUCT: Final = 0.7
_RIVALRY: Final = 0.7
_SECOND_HOP: Final = 0.25
_SUPPORTING: Final = 0.4
_TRADE_ONLY: Final = 300
_KNOWN, _LIKELY, _KIND, _LINKED = 0.9, 0.6, 0.4, 0.7


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing a partner may offer (or need): why it is asked and how much that counts, 0 to 1."""

    text: str
    part: Part
    weight: float
    own_line: int
    step: ChainStep | None = None
    segment: int = NOWHERE  # where the answering line should stand, if that is known


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

    def __init__(self, retrieval: Retrieval, placing: Placing, weights: Weights = DEFAULT_WEIGHTS) -> None:
        self.retrieval = retrieval
        self.weights = weights.partner
        self.tables = retrieval.tables
        self.placing = placing
        self._places = {int(firm): place for place, firm in enumerate(self.tables.firm_id)}
        self._firm_count = len(self.tables.firm_id)
        self._same_products = lru_cache(maxsize=64)(self._find_same_products)

    def scored(self, firm_id: int, direction: Direction, exclude: frozenset[int]) -> Partners:
        """Every firm that may stand next to this one, with the points of each part."""
        firm = self._places.get(firm_id, NOWHERE)
        if firm == NOWHERE:
            return Partners(firm, direction, np.zeros(0, np.int64), {}, maxima(self.weights, set()), ())
        same = self._same_products(firm)[0]
        answers = tuple(self._answer(ask, firm, direction, same) for ask in self._asks(firm, direction))
        values = self._values(firm, direction, answers)
        firms = self._candidates(firm, values, exclude)
        values |= self._conditions(firm)
        most = maxima(self.weights, set(values))
        return Partners(
            firm, direction, firms, {part: points(values[part][firms], most[part]) for part in values}, most, answers
        )

    def _values(self, firm: int, direction: Direction, answers: tuple[Answer, ...]) -> dict[Part, Any]:
        values = {part: self._together(part, answers) for part in (Part.FLOW, Part.NEED)}
        if not any(answer.ask.part is Part.NEED for answer in answers):
            del values[Part.NEED]
        values[Part.SEGMENT] = self._by_segment(firm, direction) * (1 - _RIVALRY * self._rivalry(firm))
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

    def _known_flows(self, own: list[tuple[int, float]], direction: Direction) -> list[Ask]:
        """What the own products are known or likely to be made from (or to go into), surest first."""
        surest: dict[int, Ask] = {}
        for line, weight in own:
            for product, other, sure in self._flows_of(int(self.tables.line_text[line]), direction):
                worth = sure * (0.4 + 0.6 * weight)
                if other not in surest or surest[other].weight < worth:
                    surest[other] = self._flow(line, worth, product, other, direction)
        return [surest[other] for other in sorted(surest, key=lambda at: (-surest[at].weight, at))][:_MOST_FLOWS]

    def _flows_of(self, text: int, direction: Direction) -> Iterator[tuple[int, int, float]]:
        """(product, other, how sure): of the product itself, and less surely of what it is a kind of."""
        tables, upstream = self.tables, direction == "upstream"
        known, likely = (tables.made_from, tables.likely_from) if upstream else (tables.used_in, tables.likely_in)
        heads, shares = tables.heads.row(text)
        for product, share in zip([text, *heads.tolist()], [1.0, *(_KIND * shares).tolist()], strict=True):
            yield from ((product, other, _KNOWN * share) for other in known.row(product)[0].tolist())
            others, sure = likely.row(product)
            yield from zip(repeat(product), others.tolist(), (_LIKELY * share * sure).tolist(), strict=False)

    def _flow(self, line: int, weight: float, product: int, other: int, direction: Direction) -> Ask:
        mine, theirs = self.tables.text[product], self.tables.text[other]
        known = self.tables.made_from if direction == "upstream" else self.tables.used_in
        is_inferred = mine != self._text(line) or other not in known.row(product)[0]
        item = theirs if direction == "upstream" else mine
        return Ask(theirs, Part.FLOW, weight, line, ChainStep("", "", item, is_inferred))

    def _linked_items(self, firm: int, own: list[tuple[int, float]], direction: Direction) -> Iterator[Ask]:
        """What flows over the links around the own segments, asked for in the words of those who make it."""
        line_in = {int(self.tables.line_segment[line]): line for line, _ in reversed(own)}
        main = own[0][0] if own else NOWHERE
        for segment, weight, near in self._links(firm, direction, second_hop=direction == "upstream"):
            step = ChainStep(near.link.supplier, near.link.buyer, near.link.item)
            asked = near.link.items if direction == "upstream" else self._names(near.segment)
            line = line_in.get(segment, main)
            yield from (Ask(item, Part.FLOW, _LINKED * weight, line, step, near.segment) for item in asked)

    def _names(self, segment: int) -> tuple[str, ...]:
        """A buyer is known by what it makes, not by what flows to it."""
        node = self.placing.graph.nodes[segment]
        return tuple(dict.fromkeys((node.name, *node.terms)))[:_BUYER_NAMES]

    def _links(
        self, firm: int, direction: Direction, *, second_hop: bool = True
    ) -> Iterator[tuple[int, float, Neighbour]]:
        """(own segment, weight, link) one step away, and less surely two: many firms do two steps themselves."""
        own = dict(self._own_segments(firm))
        for segment, weight in own.items():
            for near in self._near(segment, direction):
                if near.segment not in own:
                    yield segment, weight * self._core(near.segment), near
                if not second_hop:
                    continue
                further = (far for far in self._near(near.segment, direction) if far.segment not in own)
                yield from ((segment, weight * _SECOND_HOP * self._core(far.segment), far) for far in further)

    def _core(self, segment: int) -> float:
        """How much a segment belongs to the chain itself: services around it serve everybody."""
        return _SUPPORTING if self.placing.graph.nodes[segment].stage == "support" else 1.0

    def _own_segments(self, firm: int) -> list[tuple[int, float]]:
        """The segments a firm offers in, and less surely their twins in other chains."""
        own = dict(zip(*(column.tolist() for column in self.tables.firm_segments.row(firm)), strict=True))
        weights = dict(own)
        for segment, weight in own.items():
            for twin in self.placing.twins(segment):
                weights[twin] = max(weights.get(twin, 0.0), _TWIN * weight)
        return sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:_OWN_SEGMENTS]

    # Who answers

    def _answer(self, ask: Ask, firm: int, direction: Direction, rival_texts: Any) -> Answer:
        sides = DEMAND if ask.part is Part.NEED and direction == "downstream" else SUPPLY
        found = self.retrieval.like(ask.text, sides, _TEXTS_PER_ASK)
        lines, close = self.retrieval.lines_of(found, sides)
        others = self.tables.line_firm[lines] != firm
        if ask.part is Part.FLOW:
            others &= ~np.isin(self.tables.line_text[lines], rival_texts)
        lines, close = lines[others], close[others]
        worth = self._worth_of_need(ask, lines, close) if ask.part is Part.NEED else self._worth(ask, lines, close)
        lines, worth = lines[worth > 0], worth[worth > 0]
        owner = self.tables.line_firm[lines]
        order = np.lexsort((lines, -worth, owner))
        firms, first = np.unique(owner[order], return_index=True)
        # What everybody does tells little; a need somebody published is a need however many have it.
        rarity = 1.0 if ask.part is Part.NEED else 1 / (1 + np.log10(1 + len(firms)))
        return Answer(ask, firms, ask.weight * rarity * worth[order][first], lines[order][first])

    def _worth(self, ask: Ask, lines: Any, close: Any) -> Any:
        """How well lines answer a flow: by likeness, by their share of the firm's business, by where they stand."""
        worth = close * (0.5 + 0.5 * np.minimum(1.0, self.tables.line_share[lines] * 2))
        if ask.segment != NOWHERE:
            worth = worth * self._standing(self.tables.line_segment[lines], ask.segment)
        return np.where(close >= _LEAST_CLOSENESS, worth, 0.0)

    def _worth_of_need(self, ask: Ask, lines: Any, close: Any) -> Any:
        """How well a capability answers a need: by likeness, and less of it is wanted inside one segment."""
        own = self.tables.line_segment[ask.own_line]
        agree = (self.tables.line_segment[lines] == own) & (own != NOWHERE)
        least = np.where(agree, _LEAST_IN_SEGMENT, _LEAST_IN_SENTENCE)
        return np.where(close >= least, np.where(agree, 0.5 + 0.5 * close, close), 0.0)

    def _standing(self, segments: Any, asked: int) -> Any:
        """A line that reads like what flows but stands in another segment is mostly something else."""
        return np.where(segments == asked, 1.0, np.where(segments == NOWHERE, _UNPLACED, _MISPLACED))

    def _find_same_products(self, firm: int) -> tuple[Any, Any]:
        """Texts that name the firm's own main products, and how much of its business each names."""
        texts, weights = [np.zeros(0, np.int64)], [np.zeros(0)]
        for line, weight in self._own_lines(firm, SUPPLY)[:_MAIN_LINES]:
            found = self.retrieval.like(self._text(line), SUPPLY, _TEXTS_PER_ASK)
            same = found.texts[found.closeness >= _SAME_PRODUCT]
            texts.append(same)
            weights.append(np.full(len(same), weight))
        return np.concatenate(texts), np.concatenate(weights)

    def _rivalry(self, firm: int) -> Any:
        """How far every firm lives by the same products as this one: rivals seldom feed each other."""
        rivals = np.zeros(self._firm_count)
        for text, weight in zip(*self._same_products(firm), strict=True):
            lines = self.tables.text_lines.row(text)[0]
            owner, share = self.tables.line_firm[lines], self.tables.line_share[lines]
            np.maximum.at(rivals, owner, weight * np.minimum(1.0, 2 * share))
        return rivals

    def _together(self, part: Part, answers: tuple[Answer, ...]) -> Any:
        """Independent reasons add up as chances do: each closes a share of what is still open.

        Most firms stay near 0; the root keeps their differences visible beside the other parts.
        """
        still_open = np.ones(self._firm_count)
        for answer in answers:
            if answer.ask.part is part:
                still_open[answer.firms] *= 1 - np.minimum(answer.values, 0.95)
        return np.sqrt(1 - still_open)

    def _by_segment(self, firm: int, direction: Direction) -> Any:
        value = np.zeros(self._firm_count)
        for segment, weight in self._reached(firm, direction).items():
            inside, share = self.tables.segment_firms.row(segment)
            value[inside] = np.maximum(value[inside], weight * share)
        return value

    def _reached(self, firm: int, direction: Direction) -> dict[int, float]:
        reached: dict[int, float] = {}
        for _, weight, near in self._links(firm, direction):
            reached[near.segment] = max(reached.get(near.segment, 0.0), weight)
        return reached

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
        pairs = tuple(self._pair(found, *reason) for reason in self._distinct(reasons)[:MOST_PAIRS])
        missing = tuple(self._missing(found, firm, place))
        return Evidence(parts, pairs, tuple(dict.fromkeys(steps))[:MOST_PAIRS], missing)

    def _reasons(self, found: Partners, firm: int) -> Iterator[tuple[Ask, float, int]]:
        for answer in found.answers:
            place = int(np.searchsorted(answer.firms, firm))
            if place < len(answer.firms) and answer.firms[place] == firm:
                yield answer.ask, float(answer.values[place]), int(answer.lines[place])

    def _distinct(self, reasons: list[tuple[Ask, float, int]]) -> list[tuple[Ask, float, int]]:
        """The best reason for each two texts that met."""
        met = {(self._own_text(ask), self._text(line)): (ask, value, line) for ask, value, line in reversed(reasons)}
        return sorted(met.values(), key=lambda reason: (-reason[1], reason[2]))

    def _own_text(self, ask: Ask) -> str:
        return self._text(ask.own_line) if ask.own_line != NOWHERE else ask.text

    def _segment_steps(self, found: Partners, firm: int) -> list[ChainStep]:
        """The links that lead from the own segments to theirs, over at most one segment between."""
        theirs = set(self.tables.firm_segments.row(firm)[0].tolist())
        ways = [[near] for own, _ in self._own_segments(found.firm) for near in self._near(own, found.direction)]
        ways += [[*way, near] for way in ways for near in self._near(way[0].segment, found.direction)]
        way = next((way for way in ways if way[-1].segment in theirs), [])
        return [ChainStep(near.link.supplier, near.link.buyer, near.link.item) for near in way]

    def _near(self, segment: int, direction: Direction) -> list[Neighbour]:
        return self.placing.neighbours(segment, direction)

    def _compared(
        self, found: Partners, firm: int, reasons: list[tuple[Ask, float, int]]
    ) -> dict[Part, tuple[str, str]]:
        steps = self._segment_steps(found, firm)
        compared = {
            Part.REGION: tuple(region_name(int(self.tables.firm_region[one])) for one in (found.firm, firm)),
            Part.SEGMENT: self._ends(found.direction, steps) if steps else ("", ""),
        }
        for ask, _, line in reversed(reasons):
            compared[ask.part] = (ask.text, self._text(line))
        return {part: (texts[0], texts[1]) for part, texts in compared.items()}

    def _ends(self, direction: Direction, steps: list[ChainStep]) -> tuple[str, str]:
        first, last = steps[0], steps[-1]
        return (first.buyer, last.supplier) if direction == "upstream" else (first.supplier, last.buyer)

    def _pair(self, found: Partners, ask: Ask, value: float, line: int) -> LinePair:
        own = int(self.tables.line_id[ask.own_line]) if ask.own_line != NOWHERE else None
        ours = written(self.tables, ask.own_line) if ask.own_line != NOWHERE else ask.text
        words = common_words(bare(ask.text), bare(self._text(line)))
        gained = int(value * found.maxima[ask.part] + 0.5)
        return LinePair(own, int(self.tables.line_id[line]), ours, written(self.tables, line), words, gained)

    def _missing(self, found: Partners, firm: int, place: int) -> Iterator[Missing]:
        gains = {part: int(found.points[part][place]) for part in found.points}
        if not gains.get(Part.FLOW) and not gains.get(Part.NEED):
            yield Missing(Gap.INFERRED)
        if Part.REGION in gains and not int(self.tables.firm_region[firm]):
            yield Missing(Gap.REGION_UNKNOWN)
