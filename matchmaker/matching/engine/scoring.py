"""How parts become a score: whole hundredths of a point, so that the parts of a score are the score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matchmaker.matching.engine.values import FULL_SCORE, Part

# What weighs how much when everything can be computed. A part that cannot be computed for a query
# gets maximum 0 and the others grow in proportion, so every list is scored out of the same 100 points.
SEARCH_WEIGHTS: Final[Mapping[Part, int]] = {
    Part.WORDING: 45,
    Part.SEGMENT: 8,
    Part.CATALOGUE: 30,
    Part.TRADE: 12,
    Part.SPECIFICATION: 8,
    Part.CERTIFICATE: 6,
    Part.CAPACITY: 5,
    Part.DELIVERY: 4,
    Part.REGION: 6,
    Part.TRUST: 4,
}
PARTNER_WEIGHTS: Final[Mapping[Part, int]] = {
    Part.FLOW: 55,
    Part.SEGMENT: 12,
    Part.NEED: 50,  # a published need is a firmer sign than a flow anybody can read off the chain
    Part.TRADE: 5,
    Part.REGION: 6,
    Part.TRUST: 4,
}


_LEAST_KIND: Final = 0.7  # below the closeness of any kind of a product


@dataclass(frozen=True, slots=True)
class Weights:
    """What weighs how much, in a search and among partners; only proportions matter, none is negative."""

    search: Mapping[Part, int]
    partner: Mapping[Part, int]


DEFAULT_WEIGHTS: Final = Weights(SEARCH_WEIGHTS, PARTNER_WEIGHTS)


def of_wording(closeness: Any, *, is_offered: bool = False) -> Any:
    """What a closeness of two names is worth: the same name everything, a name half alike next to nothing.

    is_offered: somebody offers the very thing that is asked for. Then only it and its kinds answer by name; who
    offers what merely reads like it is judged by all that he does.
    """
    return np.clip((closeness - _LEAST_KIND) / (1 - _LEAST_KIND), 0, 1) if is_offered else closeness**3


def maxima(weights: Mapping[Part, int], computable: set[Part]) -> dict[Part, int]:
    """The most each part can give: the full score shared out by weight among the computable parts.

    What does not divide evenly goes to the largest remainders, earlier parts first.
    """
    known = {part: weight for part, weight in weights.items() if part in computable and weight > 0}
    total = sum(known.values())
    shares = {part: divmod(FULL_SCORE * weight, total) for part, weight in known.items()}
    left = FULL_SCORE - sum(whole for whole, _ in shares.values()) if shares else 0
    richest = sorted(shares, key=lambda part: -shares[part][1])[:left]
    return {part: (shares[part][0] + (part in richest)) if part in shares else 0 for part in weights}


def points(value: Any, maximum: int) -> Any:
    """Values from 0 to 1 as whole points of a maximum, half up."""
    clipped = np.clip(np.asarray(value, np.float64), 0.0, 1.0)
    return np.floor(np.round(clipped, 6) * maximum + 0.5).astype(np.int64)


def ranked(scores: Any, firm_ids: Any, k: int) -> Any:
    """The places of the k best, score first, then the smaller firm id."""
    if len(scores) > 4 * k:
        kept = np.argpartition(-scores, k - 1)[:k] if k else np.zeros(0, np.int64)
        kept = np.nonzero(scores >= scores[kept].min())[0] if k else kept
    else:
        kept = np.arange(len(scores))
    return kept[np.lexsort((firm_ids[kept], -scores[kept]))][:k]
