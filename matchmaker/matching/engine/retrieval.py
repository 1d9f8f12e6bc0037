"""From an asked text to the lines that may answer it, and how nearly each does."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from matchmaker.matching.engine import understanding
from matchmaker.matching.engine.conditions import Conditions, read_conditions
from matchmaker.matching.engine.dictionary import Dictionary
from matchmaker.matching.engine.grams import bare, features, typed_pinyin
from matchmaker.matching.engine.profiles import covered, likely_trades
from matchmaker.matching.engine.store import Rows
from matchmaker.matching.engine.tables import Tables
from matchmaker.matching.engine.understanding import Reading
from matchmaker.matching.engine.values import SIDES, SUPPLY, Side
from matchmaker.matching.engine.wording import Asked, closeness, named

CANDIDATES: Final = 200
_ALIKE: Final = 40  # names written alike among which a misspelled one is looked for
_KINDS: Final = 120  # kinds of one product that are looked at
LONGEST: Final = 400  # characters of a query that are read; nobody describes a product in more
_LONGEST_SEARCHED: Final = 60  # characters in which known names are looked for
_HIGH: Final = 0.4  # of the highest score; from here candidates are looked for first
_BUDGET: Final = 400_000  # posting entries read for one query, rarest features first
# A part of a known product's name says who may make the whole, the less the more lines carry it (系统, 设备).
_PART_OF_NAME, _COMMON_PART = 0.93, 0.1


@dataclass(frozen=True, slots=True)
class Found:
    """Candidate texts by number, and how nearly each names what was asked (0 to 1)."""

    texts: Any
    closeness: Any


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text asks for, which known names it may mean, its features, and the likeliest thing that is meant.

    is_offered: somebody offers exactly this, by name. parts: the known names inside a product's name that nobody
    offers, with how far a maker of each may make the whole.
    """

    asked: Asked
    readings: tuple[Reading, ...]
    features: dict[int, float]
    meant: str
    is_offered: bool
    parts: Mapping[str, float]


class Retrieval:
    """Reads the tables of one index; holds nothing but them and small caches."""

    def __init__(self, tables: Tables, beside: Retrieval | None = None) -> None:
        """`beside`: the larger index whose names tell what a text means, when this one holds only a few lines."""
        self.tables = tables
        self.dictionary = Dictionary(tables.text, tables.name_hash, tables.name_place, tables.name_ending)
        self._group_owner = np.repeat(np.arange(len(tables.firm_id)), np.diff(tables.firm_groups.ends))
        self._syllables = frozenset(tables.sound.at(range(len(tables.sound))))
        self.like = lru_cache(maxsize=4096)(self._like)
        self._carrying = lru_cache(maxsize=8)(self._find_carrying)
        own: Callable[[str], Understood] = lru_cache(maxsize=4096)(self._understood)
        self.understood: Callable[[str], Understood] = own if beside is None else beside.understood

    def read(self, text: str) -> tuple[Conditions, dict[int, float], bool]:
        """A query's conditions, its features, and whether it was typed as pinyin."""
        conditions = read_conditions(text[:LONGEST])
        plain = bare(conditions.core)
        spelled = typed_pinyin(plain, self._syllables)
        return conditions, spelled or features(plain), bool(spelled)

    def _like(self, text: str, sides: tuple[Side, ...], limit: int = CANDIDATES) -> Found:
        understood = self.understood(text)
        asked = understood.asked
        if not asked.whole:
            return Found(np.zeros(0, np.int64), np.zeros(0, np.float32))
        scores = self._alike(understood.features)
        carrying = self._carrying(side_bits(sides))
        near = self._near(asked, scores * carrying, carrying, limit)
        texts = self._texts(near)
        close = closeness(asked, texts, scores[near])
        if understood.parts:
            close = close * np.array([understood.parts.get(bare(text), 1.0) for text in texts], np.float32)
        found = [(near, close)]
        found += [self._named(reading, carrying) for reading in understood.readings]
        return _nearest(found)

    def _understood(self, text: str) -> Understood:
        conditions, asked_features, is_pinyin = self.read(text)
        asked = self._asked(conditions, is_pinyin=is_pinyin)
        readings = self._readings(asked, asked_features) if asked.whole else []
        heads = [] if asked.is_pinyin else understanding.headed(asked, self.dictionary)
        meant = readings[0].name if readings else conditions.product
        is_offered = bool(np.any(self._carrying(side_bits(SUPPLY))[self.dictionary.find(asked.whole)]))
        parts = self._parts(asked) if asked.is_known and not is_offered else {}
        heads = [Reading(head.name, head.trust * parts.get(head.name, 1.0)) for head in heads]
        return Understood(asked, (*readings, *heads), asked_features, meant, is_offered, parts)

    def _parts(self, asked: Asked) -> dict[str, float]:
        inside = self.dictionary.inside(asked.whole[:_LONGEST_SEARCHED])
        ends = self.tables.text_lines.ends
        carried = {asked.whole[one.start : one.end]: ends[one.place + 1] - ends[one.place] for one in inside}
        return {name: _PART_OF_NAME * max(int(lines), 1) ** -_COMMON_PART for name, lines in carried.items()}

    def _find_carrying(self, bits: int) -> Any:
        """For every text whether a line of these sides carries it."""
        return (self.tables.text_sides & bits) != 0

    def _alike(self, asked_features: dict[int, float]) -> Any:
        return accumulated(self.tables.grams, self.tables.rarity, asked_features, len(self.tables.text))

    def _asked(self, conditions: Conditions, *, is_pinyin: bool) -> Asked:
        """What is asked for; where the phrases together are one known name (包装 物), they are that name."""
        asked = Asked.of(conditions, is_pinyin=is_pinyin)
        return Asked.name(asked.whole) if self.dictionary.find(asked.whole) else asked

    def _near(self, asked: Asked, scores: Any, carrying: Any, limit: int) -> Any:
        """Texts written alike, the kinds of what is asked, and the names inside it."""
        kinds = self.dictionary.kinds_of(asked.whole, _KINDS)
        searched = "" if asked.is_pinyin else asked.whole[:_LONGEST_SEARCHED]
        inside = [one.place for one in self.dictionary.inside(searched)]
        more = np.concatenate((kinds, np.array(inside, np.int64)))
        return np.union1d(best(scores, limit), more[carrying[more]])

    def _readings(self, asked: Asked, asked_features: dict[int, float]) -> list[Reading]:
        """What the text may mean when it is no known name itself."""
        if asked.is_known:
            return []
        if asked.is_pinyin:
            return understanding.misspelled(asked, self._texts(best(self._alike(asked_features), _ALIKE)))
        found = understanding.reordered(asked, self.dictionary)
        if not found and (asked.is_sentence or len(asked.phrases) > 1):
            found = understanding.mentioned(asked, self.dictionary, self._surprise)
        if not found:
            found = understanding.misspelled(asked, self._texts(best(self._alike(asked_features), _ALIKE)))
        return found

    def _surprise(self, name: str) -> float:
        """How much a name says: the rarity of its pairs of characters together."""
        return float(sum(self.tables.rarity[number] for number in features(name)))

    def _named(self, reading: Reading, carrying: Any) -> tuple[Any, Any]:
        """The texts that are what a reading names, or a kind of it."""
        kinds = self.dictionary.kinds_of(reading.name, _KINDS)
        places = np.union1d(kinds, np.array(self.dictionary.find(reading.name), np.int64))
        places = places[carrying[places]]
        return places, np.float32(reading.trust) * named(reading.name, self._texts(places))

    def _texts(self, places: Any) -> list[str]:
        return self.tables.text.at(places)

    def resembling_firms(self, found: dict[int, float]) -> Any:
        """For every firm, how much all it offers resembles the pieces of a text, 0 to 1."""
        return covered(self.tables.profile, self.tables.profile_rarity, found, len(self.tables.firm_id))

    def trade_firms(self, found: dict[int, float]) -> Any:
        """For every firm, how usual a text of these pieces is among the lines of its trade, 0 to 1."""
        trades = likely_trades(self.tables.group_grams, found, len(self.tables.group_name))
        groups = self.tables.firm_groups
        firms = np.zeros(len(self.tables.firm_id), np.float32)
        np.maximum.at(firms, self._group_owner, trades[groups.places])
        return firms

    def lines_of(self, found: Found, sides: Sequence[Side]) -> tuple[Any, Any]:
        """The lines that carry the found texts, with their closeness."""
        lines, origin = self.tables.text_lines.gather(found.texts)
        kept = np.isin(self.tables.line_side[lines], [SIDES.index(side) for side in sides])
        return lines[kept], found.closeness[origin[kept]]


def _nearest(found: list[tuple[Any, Any]]) -> Found:
    """Each text once, with the best closeness it was found with."""
    texts = np.concatenate([places for places, _ in found]).astype(np.int64)
    close = np.concatenate([close for _, close in found]).astype(np.float32)
    places, which = np.unique(texts, return_inverse=True)
    most = np.zeros(len(places), np.float32)
    np.maximum.at(most, which, close)
    return Found(places, most)


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


def _high(scores: Any, limit: int) -> Any:
    """Places of positive scores that hold the `limit` highest; most scores are low, and are passed over unsorted."""
    highest = float(scores.max(initial=0.0))
    for least in (_HIGH * highest, _HIGH**2 * highest):
        near = np.flatnonzero(scores > least)
        if len(near) >= limit:
            return near
    return np.flatnonzero(scores)


def best(scores: Any, limit: int) -> Any:
    """Places of the highest positive scores, best first, then by place."""
    near = _high(scores, limit)
    if len(near) > limit:
        least = -np.partition(-scores[near], limit - 1)[limit - 1]
        near = near[scores[near] >= least]
    return near[np.lexsort((near, -scores[near]))][:limit]
