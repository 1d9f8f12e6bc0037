"""From an asked text to the lines that may answer it, and how nearly each does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from matchmaker.matching.engine.conditions import Conditions, read_conditions
from matchmaker.matching.engine.grams import bare, features, typed_pinyin
from matchmaker.matching.engine.store import Rows
from matchmaker.matching.engine.tables import Tables
from matchmaker.matching.engine.values import SIDES, Side
from matchmaker.matching.engine.wording import Asked, closeness

CANDIDATES: Final = 200
LONGEST: Final = 400  # characters of a query that are read; nobody describes a product in more
_BUDGET: Final = 400_000  # posting entries read for one query, rarest features first


@dataclass(frozen=True, slots=True)
class Found:
    """Candidate texts by number, and how nearly each names what was asked (0 to 1)."""

    texts: Any
    closeness: Any


class Retrieval:
    """Reads the tables of one index; holds nothing but them and small caches."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._syllables = frozenset(tables.sound.at(range(len(tables.sound))))
        self.like = lru_cache(maxsize=4096)(self._like)

    def read(self, text: str) -> tuple[Conditions, dict[int, float], bool]:
        """A query's conditions, its features, and whether it was typed as pinyin."""
        conditions = read_conditions(text[:LONGEST])
        plain = bare(conditions.core)
        spelled = typed_pinyin(plain, self._syllables)
        return conditions, features(plain) | spelled, bool(spelled)

    def _like(self, text: str, sides: tuple[Side, ...], limit: int = CANDIDATES) -> Found:
        conditions, asked_features, is_pinyin = self.read(text)
        asked = Asked.of(conditions, is_pinyin=is_pinyin)
        if not asked.whole:
            return Found(np.zeros(0, np.int64), np.zeros(0, np.float32))
        scores = accumulated(self.tables.grams, self.tables.rarity, asked_features, len(self.tables.text))
        scores[(self.tables.text_sides & side_bits(sides)) == 0] = 0
        near = best(scores, limit)
        texts = self.tables.text.at(near.tolist())
        return Found(near, closeness(asked, texts, scores[near]))

    def resembling_firms(self, found: dict[int, float]) -> Any:
        """For every firm, how much all it offers resembles the features, 0 to 1."""
        return accumulated(self.tables.profile, self.tables.profile_rarity, found, len(self.tables.firm_id))

    def lines_of(self, found: Found, sides: Sequence[Side]) -> tuple[Any, Any]:
        """The lines that carry the found texts, with their closeness."""
        lines, origin = self.tables.text_lines.gather(found.texts)
        kept = np.isin(self.tables.line_side[lines], [SIDES.index(side) for side in sides])
        return lines[kept], found.closeness[origin[kept]]


def side_bits(sides: Sequence[Side]) -> int:
    """The sides as the bits of Tables.text_sides."""
    return sum(1 << SIDES.index(side) for side in set(sides))


def accumulated(postings: Rows, rarity: Any, asked: dict[int, float], size: int) -> Any:
    """Cosine of the asked features with every row of the indexed matrix, rarest features first."""
    scores = np.zeros(size, np.float32)
    weights = {bucket: weight * float(rarity[bucket]) for bucket, weight in asked.items() if rarity[bucket] > 0}
    norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    left = _BUDGET
    for bucket in sorted(weights, key=lambda known: (-rarity[known], known)):
        places, values = postings.row(bucket)
        left -= len(places)
        if left < 0:
            break
        scores[places] += values * np.float32(weights[bucket] / norm)
    return scores


def best(scores: Any, limit: int) -> Any:
    """Places of the highest positive scores, best first, then by place."""
    near = np.nonzero(scores)[0]
    if len(near) > limit:
        least = -np.partition(-scores[near], limit - 1)[limit - 1]
        near = near[scores[near] >= least]
    return near[np.lexsort((near, -scores[near]))][:limit]
