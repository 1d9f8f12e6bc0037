"""Firms of a finished index as they were given to it, and those of them that may stand next to a firm it does not know.

Enough to ask a small index of just these: a firm that changed finds its partners among all others without the large
index being built anew.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np

from matchmaker.chains.classifying import ChainGraph
from matchmaker.matching.engine.index import Index
from matchmaker.matching.engine.tables import NOWHERE, Tables
from matchmaker.matching.engine.values import DEMAND, FULL_SCORE, SIDES, SUPPLY, Direction, Firm, Line, Query

_MOST_ASKED: Final = 12  # own lines asked one by one
_MOST_ANSWERS: Final = 40
_SECOND_HOP: Final = 0.5


def firms_near(
    index: Index, lines: Sequence[Line], segments: Iterable[int], direction: Direction, *, most: int
) -> list[int]:
    """The ids of firms that may supply (upstream) or buy from (downstream) a firm with these lines and segments.

    They answer one of its lines, or offer in a segment next to its own; at most so many, the likeliest.
    """
    worth: dict[int, float] = defaultdict(float)
    for firm, score in _answering(index, lines, direction):
        worth[firm] = max(worth[firm], score / FULL_SCORE)
    for firm, share in _at_the_other_ends(index, segments, direction):
        worth[firm] = max(worth[firm], share)
    return sorted(worth, key=lambda firm: (-worth[firm], firm))[:most]


def _answering(index: Index, lines: Sequence[Line], direction: Direction) -> Iterator[tuple[int, int]]:
    is_asked = direction == "upstream"
    asking = [line for line in lines if (line.side == "need") is is_asked]
    for line in asking[:_MOST_ASKED]:
        query = Query(line.text, sides=SUPPLY if is_asked else DEMAND, segment_code=line.segment_code or None)
        yield from index.rank(query, _MOST_ANSWERS)


def _at_the_other_ends(index: Index, segments: Iterable[int], direction: Direction) -> Iterator[tuple[int, float]]:
    tables = index.tables
    for segment, weight in _beyond(index.graph, frozenset(segments), direction).items():
        places, shares = tables.segment_firms.row(segment)
        yield from zip(tables.firm_id[places].tolist(), (shares * weight).tolist(), strict=True)


def _beyond(graph: ChainGraph, own: frozenset[int], direction: Direction) -> dict[int, float]:
    """The segments one link away from the own ones, and less surely two, by number."""
    number = {node.code: place for place, node in enumerate(graph.nodes)}
    next_to: dict[int, set[int]] = defaultdict(set)
    for link in graph.links:
        if link.supplier in number and link.buyer in number:
            here, there = number[link.buyer], number[link.supplier]
            if direction == "downstream":
                here, there = there, here
            next_to[here].add(there)
    near = set().union(*(next_to[segment] for segment in own)) - own
    far = set().union(*(next_to[segment] for segment in near)) - own - near
    return dict.fromkeys(sorted(far), _SECOND_HOP) | dict.fromkeys(sorted(near), 1.0)


def place_of(tables: Tables, firm_id: int) -> int:
    """Where a firm stands in an index, or NOWHERE."""
    place = int(np.searchsorted(tables.firm_id, firm_id))
    return place if place < len(tables.firm_id) and int(tables.firm_id[place]) == firm_id else NOWHERE


def firm_at(tables: Tables, place: int) -> Firm:
    """A firm as it was given to the index, but for its name."""
    region, trust = int(tables.firm_region[place]), int(tables.firm_trust[place])
    trades = tables.group_name.at(tables.firm_groups.row(place)[0])
    return Firm(
        int(tables.firm_id[place]),
        region_code=f"{region:06d}" if region else None,
        trust=None if trust == NOWHERE else trust,
        trades=tuple(trades),
    )


def lines_at(tables: Tables, place: int) -> list[Line]:
    """The lines of a firm as they were given to the index, or as it understood them."""
    return [_line(tables, int(line)) for line in tables.firm_lines.row(place)[0]]


def _line(tables: Tables, line: int) -> Line:
    region, days, quantity = int(tables.line_region[line]), int(tables.line_days[line]), tables.line_quantity[line]
    certificates = tables.tags[tables.line_certificates[line]]
    return Line(
        int(tables.line_id[line]),
        int(tables.firm_id[tables.line_firm[line]]),
        SIDES[tables.line_side[line]],
        tables.written[tables.line_written[line]],
        segment_code=_segment(tables, line),
        share=float(tables.line_share[line]),
        certificates=tuple(filter(None, certificates.split("\n"))),
        region_code=f"{region:06d}" if region else None,
        quantity=None if math.isnan(quantity) else float(quantity),
        unit=tables.tags[tables.line_unit[line]],
        days=None if days == NOWHERE else days,
    )


def _segment(tables: Tables, line: int) -> str | None:
    """The code that was stated; None where it was proposed, to be proposed again; "" where none was found."""
    segment, sure = int(tables.line_segment[line]), tables.line_sure[line]
    if segment == NOWHERE:
        return ""
    return None if sure < 1 else _text(tables.segment_code, segment)


def _text(texts: Any, place: int) -> str:
    return str(texts[place])
