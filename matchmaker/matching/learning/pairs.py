"""An answered list as pairs of firms of which one was preferred.

Comparing firms of one list cancels what the list as a whole made hard or easy. Who reads a list reads from
the top: it was read down to the last firm that was answered and the one after it. A firm further down was
perhaps never seen, so that nothing was said of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matchmaker.matching.engine import Part
from matchmaker.matching.learning.values import FITS, UNSUITABLE, AnsweredList, Place

_MOST_PER_LIST: Final = 20  # a list with more pairs weighs no more than this many
_MOST_PER_ASKER: Final = 0.1  # of all there is to learn from; with few askers it cannot be kept


@dataclass(frozen=True, slots=True)
class Pairs:
    """Differences between preferred firms and others, one row a pair, one column a part.

    A difference is a share of the full score at the engine's own weights. What an answer does not speak of it
    does not teach: a firm refused as too far away says nothing about its products.
    """

    differences: Any  # in everything
    told: Any  # in what the answer speaks of
    weight: Any
    group: Any  # the list each pair is of


def preferred(answered: AnsweredList) -> list[tuple[Place, Place]]:
    """Every two places of which the first was preferred to the second: it fits better, or the other was passed over."""
    read = [place for place in answered.places if place.rank <= _read_down_to(answered)]
    fitting = [place for place in read if place.grade is not None and place.grade >= FITS]
    return [(one, other) for one in fitting for other in read if _is_preferred(one, other)]


def _read_down_to(answered: AnsweredList) -> int:
    return 1 + max((place.rank for place in answered.places if place.grade is not None), default=0)


def _is_preferred(one: Place, other: Place) -> bool:
    if other.grade is None:
        return one.is_lead
    return one.grade is not None and one.grade > other.grade and bool(other.speaks_of)


def teaching_pairs(lists: Sequence[AnsweredList], own: Mapping[Part, int]) -> Pairs:
    """The pairs of many lists, each weighed so that no list and no asker outweighs the others."""
    rows = [_rows(answered, own) for answered in lists]
    sizes = np.array([len(told) for _, told in rows])
    weight = np.minimum(1.0, _MOST_PER_LIST / np.maximum(sizes, 1))
    weight = weight * _moderation([answered.asker for answered in lists], weight * sizes)
    width = len(own)
    return Pairs(
        np.concatenate([differences.reshape(-1, width) for differences, _ in rows]),
        np.concatenate([told.reshape(-1, width) for _, told in rows]),
        np.repeat(weight, sizes),
        np.repeat(np.arange(len(lists)), sizes),
    )


def _rows(answered: AnsweredList, own: Mapping[Part, int]) -> tuple[Any, Any]:
    scale = np.array([weight * answered.room.get(part, 0.0) for part, weight in own.items()])
    scale = scale / max(float(scale.sum()), 1e-9)
    found = preferred(answered)
    differences = np.array([_shares(one, own) - _shares(other, own) for one, other in found]) * scale
    told = differences * np.array([[_is_told(part, other) for part in own] for _, other in found], bool)
    speaks = told.any(axis=1)
    return differences[speaks], told[speaks]


def _shares(place: Place, own: Mapping[Part, int]) -> Any:
    return np.array([place.shares.get(part, 0.0) for part in own])


def _is_told(part: Part, other: Place) -> bool:
    return other.grade != UNSUITABLE or part in other.speaks_of


def _moderation(askers: Sequence[int], teaches: Any) -> Any:
    """How much of each list's weight stays so that no asker has more than its tenth."""
    _, who = np.unique(np.array(askers), return_inverse=True)
    total = np.bincount(who, weights=teaches)
    most = max(_MOST_PER_ASKER, 1 / max(len(total), 1)) * total.sum()
    return np.minimum(1.0, most / np.maximum(total, 1e-9))[who]


def folds(lists: Sequence[AnsweredList], held_back: float) -> tuple[list[AnsweredList], list[AnsweredList]]:
    """The lists of older questions to learn from, and those of the newest to judge by; no question is in both."""
    asked = {one.question: one.at for one in sorted(lists, key=lambda one: one.at)}
    in_time = sorted(asked, key=lambda question: (asked[question], question))
    judged = set(in_time[len(in_time) - int(len(in_time) * held_back) :])
    return [one for one in lists if one.question not in judged], [one for one in lists if one.question in judged]


def teaches(answered: AnsweredList) -> bool:
    """Whether anything in a list was preferred to anything else."""
    return bool(preferred(answered))
