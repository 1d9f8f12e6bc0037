"""Learned weights against those in use, on answered lists that neither has seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sklearn.metrics import ndcg_score

from matchmaker.matching.engine import Part
from matchmaker.matching.learning.pairs import preferred
from matchmaker.matching.learning.values import AnsweredList, Place
from matchmaker.matching.trying import FIRST

_DRAWS: Final = 2_000
_INTERVAL: Final = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two sets of weights order the lists held back.

    ndcg: at ten, each grade being its worth. right: the share of preferred firms put first. gain: the
    95 % interval of how much more of them the learned weights put first, drawn over lists.
    """

    lists: int
    pairs: int
    ndcg_in_use: float
    ndcg_learned: float
    right_in_use: float
    right_learned: float
    gain: tuple[float, float]

    @property
    def is_better(self) -> bool:
        """Whether the learned weights are surely better by pairs and not worse by the first ten places."""
        return self.gain[0] > 0 and self.ndcg_learned >= self.ndcg_in_use


def compare(
    lists: Sequence[AnsweredList], in_use: Mapping[Part, int], learned: Mapping[Part, int], *, seed: int
) -> Comparison:
    """Judge learned weights by lists that were held back."""
    right = np.array([[_right(one, weights) for weights in (in_use, learned)] for one in lists])
    ndcg = np.array([[_ndcg(one, weights) for weights in (in_use, learned)] for one in lists])
    return Comparison(
        lists=len(lists),
        pairs=sum(len(preferred(one)) for one in lists),
        ndcg_in_use=float(ndcg[:, 0].mean()),
        ndcg_learned=float(ndcg[:, 1].mean()),
        right_in_use=float(right[:, 0].mean()),
        right_learned=float(right[:, 1].mean()),
        gain=_interval(right[:, 1] - right[:, 0], seed),
    )


def score(place: Place, room: Mapping[Part, float], weights: Mapping[Part, int]) -> float:
    """What a firm would have scored by these weights, as a share of the full score."""
    most = {part: weight * room.get(part, 0.0) for part, weight in weights.items()}
    gained = sum(most[part] * place.shares.get(part, 0.0) for part in weights)
    return gained / max(sum(most.values()), 1e-9)


def _scores(answered: AnsweredList, weights: Mapping[Part, int]) -> dict[int, float]:
    """Rounded as points are, so that two firms that tie in a list tie here."""
    return {place.firm: round(score(place, answered.room, weights), 4) for place in answered.places}


def _right(answered: AnsweredList, weights: Mapping[Part, int]) -> float:
    scores = _scores(answered, weights)
    won = [np.sign(scores[one.firm] - scores[other.firm]) for one, other in preferred(answered)]
    return float(np.mean([(1 + sign) / 2 for sign in won]))


def _ndcg(answered: AnsweredList, weights: Mapping[Part, int]) -> float:
    scores = _scores(answered, weights)
    order = sorted(answered.places, key=lambda place: (-scores[place.firm], place.firm))
    worth = [[place.grade or 0 for place in order]]
    return float(ndcg_score(worth, [list(range(len(order), 0, -1))], k=FIRST))


def _interval(gains: Any, seed: int) -> tuple[float, float]:
    drawn = np.random.default_rng(seed).integers(len(gains), size=(_DRAWS, len(gains)))
    low, high = np.percentile(gains[drawn].mean(axis=1), _INTERVAL)
    return float(low), float(high)
