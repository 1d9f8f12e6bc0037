"""Drawing by chance from a seeded generator, so that the same seed always draws the same."""

from __future__ import annotations

import math
import random
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


def chance(rng: random.Random, share: float) -> bool:
    """True in that share of all draws."""
    return rng.random() < share


@dataclass(frozen=True, slots=True)
class Wheel(Generic[T]):
    """Weighted choice over a fixed set, prepared once and drawn from often."""

    items: tuple[T, ...]
    edges: tuple[float, ...]

    @classmethod
    def of(cls, weights: Mapping[T, float]) -> Wheel[T]:
        """A wheel over the keys, each as likely as its weight."""
        kept = {item: weight for item, weight in weights.items() if weight > 0}
        return cls(tuple(kept), tuple(accumulate(kept.values())))

    def draw(self, rng: random.Random) -> T:
        """One item."""
        return self.items[min(bisect(self.edges, rng.random() * self.edges[-1]), len(self.items) - 1)]


def draw_some(rng: random.Random, weights: Sequence[tuple[T, float]], count: int) -> list[T]:
    """Up to `count` different items, the heavier the likelier, in the order drawn."""
    keyed = [(math.log(rng.random() or 1e-300) / weight, position) for position, (_, weight) in enumerate(weights)]
    return [weights[position][0] for _, position in sorted(keyed, reverse=True)[:count]]


def around(rng: random.Random, median: float, spread: float) -> float:
    """A lognormal draw: half of all draws lie below the median."""
    return median * math.exp(rng.gauss(0, spread))


def between(rng: random.Random, low: int, high: int) -> int:
    """A whole number of a wide range, as likely in each order of magnitude, rounded as people round."""
    value = math.exp(rng.uniform(math.log(low), math.log(high)))
    return rounded(int(value), 2)


def rounded(value: int, digits: int) -> int:
    """The value with that many leading digits kept and the rest zero, at least 1."""
    zeros = max(0, len(str(value)) - digits)
    return max(1, int(str(value)[: len(str(value)) - zeros] + "0" * zeros))
