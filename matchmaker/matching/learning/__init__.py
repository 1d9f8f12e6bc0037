"""Weights learned from answers: plain values in, weights and the figures that speak for them out.

    lessons = learn(lists, own=DEFAULT_WEIGHTS, in_use=ranking.weights, seed=7)

Searches and partners are learned apart. Older lists teach, the newest judge. What is learned replaces the
weights in use only when it is surely better on the lists held back; random answers do not get that far.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from matchmaker.matching.engine import Part, Weights
from matchmaker.matching.learning.fitting import Contradicted, fitted
from matchmaker.matching.learning.judging import Comparison, compare
from matchmaker.matching.learning.pairs import folds, teaches, teaching_pairs
from matchmaker.matching.learning.values import (
    EVERYTHING,
    FITS,
    SIDES,
    UNSUITABLE,
    AnsweredList,
    Place,
    Side,
    weights_of,
)

LEAST_QUESTIONS: Final = 40
LEAST_ASKERS: Final = 8
HELD_BACK: Final = 0.3


class Result(enum.Enum):
    """What came of learning one side."""

    LEARNED = "learned"
    TOO_FEW = "too_few"
    NOT_BETTER = "not_better"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one side was taught, and whether it is to be used.

    questions: those in whose lists something was preferred; of them `held_back` judged. weights: as learned.
    """

    side: Side
    result: Result
    questions: int
    askers: int
    held_back: int = 0
    weights: Mapping[Part, int] | None = None
    comparison: Comparison | None = None

    @property
    def questions_lacking(self) -> int:
        """How many more answered questions it takes to begin."""
        return max(0, LEAST_QUESTIONS - self.questions)

    @property
    def askers_lacking(self) -> int:
        """How many more firms must have answered."""
        return max(0, LEAST_ASKERS - self.askers)


def learn(lists: Sequence[AnsweredList], *, own: Weights, in_use: Weights, seed: int) -> list[Lesson]:
    """What the answers teach each side, compared with the weights in use.

    own: the engine's own weights, from which learned ones depart as little as the answers allow.
    """
    return [_lesson(side, [one for one in lists if one.side == side], own, in_use, seed) for side in SIDES]


def taught(lessons: Sequence[Lesson], in_use: Weights) -> Weights | None:
    """The weights to use from now on: what was learned, elsewhere what is in use; None when nothing was learned."""
    sides = {one.side: one.weights for one in lessons if one.result is Result.LEARNED and one.weights}
    if not sides:
        return None
    return Weights(search=sides.get("search", in_use.search), partner=sides.get("partner", in_use.partner))


def _lesson(side: Side, given: list[AnsweredList], own: Weights, in_use: Weights, seed: int) -> Lesson:
    lists = [one for one in given if teaches(one)]
    questions, askers = len({one.question for one in lists}), len({one.asker for one in lists})
    if questions < LEAST_QUESTIONS or askers < LEAST_ASKERS:
        return Lesson(side, Result.TOO_FEW, questions, askers)
    older, newest = folds(lists, HELD_BACK)
    held_back = len({one.question for one in newest})
    try:
        weights = fitted(teaching_pairs(older, weights_of(own, side)), weights_of(own, side))
    except Contradicted:
        return Lesson(side, Result.CONTRADICTED, questions, askers, held_back)
    comparison = compare(newest, weights_of(in_use, side), weights, seed=seed)
    result = Result.LEARNED if comparison.is_better else Result.NOT_BETTER
    return Lesson(side, result, questions, askers, held_back, weights, comparison)


__all__ = [
    "EVERYTHING",
    "FITS",
    "HELD_BACK",
    "LEAST_ASKERS",
    "LEAST_QUESTIONS",
    "SIDES",
    "UNSUITABLE",
    "AnsweredList",
    "Comparison",
    "Lesson",
    "Place",
    "Result",
    "Side",
    "learn",
    "taught",
]
