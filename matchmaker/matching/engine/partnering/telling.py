"""Why a firm was found as a partner: the computation of its score, told part by part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from matchmaker.matching.engine.evidence import MOST_PAIRS, part_scores, region_name, written
from matchmaker.matching.engine.grams import bare
from matchmaker.matching.engine.partnering.reasons import Ask
from matchmaker.matching.engine.partnering.values import Partners
from matchmaker.matching.engine.placing import Neighbour, Placing
from matchmaker.matching.engine.tables import NOWHERE, Tables
from matchmaker.matching.engine.values import ChainStep, Direction, Evidence, Gap, LinePair, Missing, Part
from matchmaker.text import common_words

Reason: TypeAlias = tuple[Ask, float, int]


class PartnerEvidence:
    """Tells why each firm of a scored list of partners stands where it does."""

    def __init__(self, tables: Tables, placing: Placing) -> None:
        self._tables = tables
        self._placing = placing

    def of(self, found: Partners, place: int) -> Evidence:
        """The evidence of one partner by its place among the scored."""
        firm = int(found.firms[place])
        reasons = sorted(found.reasons.about(firm), key=lambda reason: (-reason[1], reason[2]))
        way = self._way(found, firm)
        steps = [ask.step for ask, _, _ in reasons if ask.step] + way
        parts = part_scores(found.points, found.maxima, place, self._compared(found, firm, reasons, way))
        pairs = tuple(self._pair(found, *reason) for reason in self._distinct(reasons)[:MOST_PAIRS])
        missing = tuple(self._missing(found, firm, place))
        return Evidence(parts, pairs, tuple(dict.fromkeys(steps))[:MOST_PAIRS], missing)

    def _text(self, line: int) -> str:
        return self._tables.text[self._tables.line_text[line]]

    def _distinct(self, reasons: list[Reason]) -> list[Reason]:
        """The best reason for each two texts that met."""
        met = {(ask.own_line, self._text(line)): (ask, value, line) for ask, value, line in reversed(reasons)}
        return sorted(met.values(), key=lambda reason: (-reason[1], reason[2]))

    def _way(self, found: Partners, firm: int) -> list[ChainStep]:
        """The links that lead from the own segments to theirs, over at most one segment between."""
        theirs = set(self._tables.firm_segments.row(firm)[0].tolist())
        own = found.own.segments if found.own else {}
        ways = [[near] for segment in own for near in self._near(segment, found.direction)]
        ways += [[*way, near] for way in ways for near in self._near(way[0].segment, found.direction)]
        way = next((way for way in ways if way[-1].segment in theirs), [])
        return [ChainStep(near.link.supplier, near.link.buyer, near.link.item) for near in way]

    def _near(self, segment: int, direction: Direction) -> list[Neighbour]:
        return self._placing.neighbours(segment, direction)

    def _compared(
        self, found: Partners, firm: int, reasons: list[Reason], way: list[ChainStep]
    ) -> dict[Part, tuple[str, str]]:
        regions = (
            [0, 0] if found.own is None else [int(self._tables.firm_region[one]) for one in (found.own.firm, firm)]
        )
        compared = {
            Part.REGION: (region_name(regions[0]), region_name(regions[1])),
            Part.SEGMENT: self._ends(found.direction, way) if way else ("", ""),
        }
        for ask, _, line in reversed(reasons):
            compared[ask.part] = (ask.text, self._text(line))
        return compared

    def _ends(self, direction: Direction, way: list[ChainStep]) -> tuple[str, str]:
        first, last = way[0], way[-1]
        return (first.buyer, last.supplier) if direction == "upstream" else (first.supplier, last.buyer)

    def _pair(self, found: Partners, ask: Ask, value: float, line: int) -> LinePair:
        is_line = ask.own_line != NOWHERE
        own = int(self._tables.line_id[ask.own_line]) if is_line else None
        ours = written(self._tables, ask.own_line) if is_line else ask.text
        words = common_words(bare(ask.text), bare(self._text(line)))
        gained = int(value * found.maxima[ask.part] + 0.5)
        return LinePair(own, int(self._tables.line_id[line]), ours, written(self._tables, line), words, gained)

    def _missing(self, found: Partners, firm: int, place: int) -> Iterator[Missing]:
        gains = {part: int(found.points[part][place]) for part in found.points}
        if not gains.get(Part.FLOW) and not gains.get(Part.NEED):
            yield Missing(Gap.INFERRED)
        if Part.REGION in gains and not int(self._tables.firm_region[firm]):
            yield Missing(Gap.REGION_UNKNOWN)
