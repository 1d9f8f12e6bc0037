"""How likely two names mean one firm, weighed by a small network whose numbers were learned from coined names."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from matchmaker import reference


@cache
def _numbers() -> tuple[Any, Any, Any, Any, float]:
    held = reference.name_weights()
    arrays = (held.hidden, held.hidden_bias, held.output, held.direct)
    hidden, bias, output, direct = (np.array(each, dtype=np.float64) for each in arrays)
    return hidden.T, bias, output, direct, held.bias


def weigh(rows: list[list[float]]) -> list[float]:
    """The logarithm of the odds of each measured pair against “none of them”."""
    hidden, bias, output, direct, constant = _numbers()
    measured = np.array(rows, dtype=np.float64)
    told = np.maximum(measured @ hidden + bias, 0.0) @ output + measured @ direct + constant
    return [float(each) for each in told]


def shares(odds: list[float]) -> list[float]:
    """The chance of each of several rivals to be the firm meant; what is left to 1 is the chance of none."""
    highest = max(0.0, *odds)
    powers = np.exp(np.array([*odds, 0.0]) - highest)
    return [float(each) for each in (powers / powers.sum())[:-1]]
