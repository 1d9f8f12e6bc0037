"""From pairs to weights: a logistic regression around the engine's own weights.

The score at the engine's own weights is one column, hardly penalised; each part is another, penalised. So the
coefficients of the parts are departures from the engine's own weights and shrink to nothing where the answers
say nothing. Each weight stays within a quarter and four times the engine's own: no part can be silenced, and
none can drown the others, whatever is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold

from matchmaker.matching.engine import Part
from matchmaker.matching.learning.pairs import Pairs

LEAST, MOST = 0.25, 4.0
_UNPENALISED: Final = 30.0
_DEPARTURES: Final = (1.0, 10.0, 100.0)  # how far the parts may depart; chosen by lists kept out in turn
_FOLDS: Final = 4
_SCALE: Final = 100  # learned weights are hundredths of the engine's own unit


class Contradicted(Exception):
    """The answers go against the order of the lists as a whole, so there is nothing to depart from."""


def fitted(pairs: Pairs, own: Mapping[Part, int]) -> dict[Part, int]:
    """Weights learned from pairs. Raises Contradicted."""
    factors = _factors(pairs, len(own))
    return {
        part: max(1, round(_SCALE * weight * factor))
        for (part, weight), factor in zip(own.items(), factors, strict=True)
    }


def _factors(pairs: Pairs, width: int) -> Any:
    """By how much to multiply each weight; what would leave its bounds is set on them and the rest fitted again."""
    factors, free = np.ones(width), np.abs(pairs.told).sum(axis=0) > 0
    while free.any():
        found = _solve(pairs, factors, free)
        beyond = (found < LEAST) | (found > MOST)
        factors[free] = np.clip(found, LEAST, MOST)
        if not beyond.any():
            break
        free[np.nonzero(free)[0][beyond]] = False
    return factors


def _solve(pairs: Pairs, factors: Any, free: Any) -> Any:
    """The factors of the free parts beside those that are set."""
    base = pairs.differences @ np.where(free, 1.0, factors)
    rows = np.column_stack([_UNPENALISED * base, pairs.told[:, free]])
    told = np.concatenate([rows, -rows])
    preferred = np.repeat([1, 0], len(rows))
    weight, group = np.tile(pairs.weight, 2), np.tile(pairs.group, 2)
    model = LogisticRegression(fit_intercept=False, solver="newton-cholesky")
    parts = min(_FOLDS, len(np.unique(pairs.group)))
    search = GridSearchCV(model, {"C": _DEPARTURES}, scoring="neg_log_loss", cv=GroupKFold(parts))
    search.fit(told, preferred, groups=group, sample_weight=weight)
    slope, *departures = search.best_estimator_.coef_[0]
    if slope <= 0:
        raise Contradicted
    return 1 + np.array(departures) / (_UNPENALISED * slope)
