"""Why a firm was found by a search: the computation of its score, told part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from matchmaker.matching.engine import asking
from matchmaker.matching.engine.placing import Placing
from matchmaker.matching.engine.scoring import of_wording, points
from matchmaker.matching.engine.searching import Scored, Search, Wanted
from matchmaker.matching.engine.tables import NOWHERE, Tables
from matchmaker.matching.engine.values import ChainStep, Evidence, Gap, LinePair, Missing, Part, PartScore
from matchmaker.text import common_words

MOST_PAIRS: Final = 3
_LEAST_CLOSENESS: Final = 0.35


def written(tables: Tables, line: int) -> str:
    """A line as its firm wrote it."""
    return tables.written[tables.line_written[line]]


def segment_code(placing: Placing, tables: Tables, line: int) -> str:
    """The code of a line's segment, or "" when it stands in none."""
    place = int(tables.line_segment[line]) if line != NOWHERE else NOWHERE
    return placing.codes[place] if place != NOWHERE else ""


def region_name(number: int) -> str:
    """A region code as people write it, or "" when unknown."""
    return f"{number:06d}" if number else ""


def part_scores(
    points: Mapping[Part, Any], maxima: Mapping[Part, int], place: int, compared: Mapping[Part, tuple[str, str]]
) -> tuple[PartScore, ...]:
    """One firm's parts in their fixed order; the words are those its two texts share."""
    return tuple(
        _part_score(part, int(points[part][place]) if part in points else 0, most, compared.get(part, ("", "")))
        for part, most in maxima.items()
    )


def _part_score(part: Part, gained: int, most: int, compared: tuple[str, str]) -> PartScore:
    words = shared_words(*compared) if part in (Part.WORDING, Part.FLOW, Part.NEED) and gained else ()
    return PartScore(part, gained, most, *compared, words)


def shared_words(ours: str, theirs: str) -> tuple[str, ...]:
    """The pieces two folded texts share, each as it stands in both: never across a blank."""
    pieces = common_words(ours, theirs)
    return tuple(dict.fromkeys(word for piece in pieces for word in piece.split()))


class SearchEvidence:
    """Tells why each firm of a scored search stands where it does."""

    def __init__(self, search: Search) -> None:
        self._tables = search.tables
        self._placing = search.placing
        self._retrieval = search.retrieval

    def of(self, wanted: Wanted, scored: Scored, place: int) -> Evidence:
        """The evidence of one firm by its place among the scored."""
        firm, line = int(scored.firms[place]), int(scored.line[place])
        parts = part_scores(scored.points, scored.maxima, place, self._compared(wanted, firm, line))
        return Evidence(
            parts,
            tuple(self._pairs(wanted, scored, firm)),
            self._path(wanted, line),
            tuple(self._missing(wanted, firm, line)),
        )

    def _compared(self, wanted: Wanted, firm: int, line: int) -> dict[Part, tuple[str, str]]:
        tables, query = self._tables, wanted.query
        asked_segment = self._placing.codes[wanted.segment] if wanted.segment != NOWHERE else ""
        compared = {
            Part.SEGMENT: (asked_segment, segment_code(self._placing, tables, line)),
            Part.CERTIFICATE: (" ".join(wanted.certificates), " ".join(sorted(asking.firm_certificates(tables, firm)))),
            Part.REGION: (query.region_code or "", region_name(int(tables.firm_region[firm]))),
        }
        if line != NOWHERE:
            compared[Part.WORDING] = (self._meant(wanted), tables.text[tables.line_text[line]])
            stated = " ".join(sorted(asking.line_specifications(tables, line)))
            compared[Part.SPECIFICATION] = (" ".join(wanted.specifications), stated)
        return compared

    def _pairs(self, wanted: Wanted, scored: Scored, firm: int) -> Iterator[LinePair]:
        tables = self._tables
        own = np.nonzero((tables.line_firm[scored.lines] == firm) & (scored.closeness >= _LEAST_CLOSENESS))[0]
        order = own[np.lexsort((scored.lines[own], -scored.closeness[own]))][:MOST_PAIRS]
        for place in order:
            line = int(scored.lines[place])
            words = shared_words(self._meant(wanted), tables.text[tables.line_text[line]])
            worth = of_wording(scored.closeness[place], is_offered=wanted.is_offered)
            gained = int(points(worth, scored.maxima[Part.WORDING]))
            yield LinePair(None, int(tables.line_id[line]), wanted.query.text, written(tables, line), words, gained)

    def _meant(self, wanted: Wanted) -> str:
        """What is asked for in the words it was understood by."""
        return self._retrieval.understood(wanted.query.text).meant

    def _path(self, wanted: Wanted, line: int) -> tuple[ChainStep, ...]:
        """A supplier of another segment reaches the asked one over the link between the two, if there is one."""
        theirs = segment_code(self._placing, self._tables, line)
        if not theirs or wanted.segment == NOWHERE or theirs == self._placing.codes[wanted.segment]:
            return ()
        steps = self._placing.neighbours(wanted.segment, "upstream")
        return tuple(
            ChainStep(step.link.supplier, step.link.buyer, step.link.item)
            for step in steps
            if step.link.supplier == theirs
        )[:1]

    def _missing(self, wanted: Wanted, firm: int, line: int) -> Iterator[Missing]:
        tables = self._tables
        held = asking.firm_certificates(tables, firm)
        yield from (Missing(Gap.CERTIFICATE, asked) for asked in wanted.certificates if asked not in held)
        stated = asking.line_specifications(tables, line)
        lacking = [asked for asked in wanted.specifications if asked not in stated]
        yield from (Missing(Gap.SPECIFICATION, asked) for asked in lacking)
        yield from self._missing_terms(wanted, line)
        if wanted.region and (gap := self._region_gap(wanted.region, firm)):
            yield Missing(gap, wanted.query.region_code or "")

    def _missing_terms(self, wanted: Wanted, line: int) -> Iterator[Missing]:
        tables, query = self._tables, wanted.query
        lines = np.array([line])
        if query.quantity is not None:
            has = asking.capacity_fit(tables, lines, query.quantity, query.unit)[0]
            unknown = line == NOWHERE or np.isnan(tables.line_quantity[line])
            if unknown or has < 1:
                yield Missing(
                    Gap.CAPACITY_UNKNOWN if unknown else Gap.CAPACITY_SHORT, f"{query.quantity:g}{query.unit}"
                )
        if query.days is not None:
            unknown = line == NOWHERE or tables.line_days[line] < 0
            if unknown or tables.line_days[line] > query.days:
                yield Missing(Gap.DELIVERY_UNKNOWN if unknown else Gap.DELIVERY_LATE, str(query.days))

    def _region_gap(self, asked: int, firm: int) -> Gap | None:
        there = int(self._tables.firm_region[firm])
        if not there:
            return Gap.REGION_UNKNOWN
        return None if asking.prefecture(there) == asking.prefecture(asked) else Gap.OUTSIDE_REGION
