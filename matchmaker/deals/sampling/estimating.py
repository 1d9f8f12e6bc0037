"""What the findings in a sample say of everything it was drawn from.

Overstatement is what stands in the books above what was found, never below zero: a deal found larger than its
books does not make up for another (it is summed apart). In the certain stratum it is known exactly. In the
sampled one a pick stands for its share: with taint t = overstatement / book amount of each of n picks and X yuan
sampled from, the estimate is X times the mean taint (M. H. Hansen and W. N. Hurwitz, Annals of Mathematical
Statistics 14 (1943) 333-362), which for picks that can come once only is also that of D. G. Horvitz and
D. J. Thompson, JASA 47 (1952) 663-685.

Overstatements are rare, so an interval from the variance would be far too short: a sample without any would
promise none at all. The interval is the usual one of monetary-unit sampling, K. W. Stringer's bound (ASA
Proceedings, Business and Economic Statistics Section, 1963, 405-411): the upper bound of Clopper and Pearson
(Biometrika 26 (1934) 404-413) for the number of tainted yuan, each further step weighted by the next largest taint.
Applied to the taints it bounds from above, to their complements from below, at half the risk on each side. It is
known to hold more often than it says (P. J. Bickel, International Statistical Review 60 (1992) 197-209). Neither
bound leaves what the picks themselves prove: so much was seen, and so much of the books was found true.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from scipy.stats import beta

CONFIDENCE = Fraction(95, 100)


@dataclass(frozen=True, slots=True)
class Audited:
    """One pick: the yuan in the books, and what was found to be true."""

    book: int
    true: int

    @property
    def over(self) -> int:
        """By how much the books are too high."""
        return max(0, self.book - self.true)

    @property
    def under(self) -> int:
        """By how much the books are too low."""
        return max(0, self.true - self.book)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The overstatement of everything drawn from, in whole yuan, with its interval.

    certain: found in the certain stratum, exactly. observed: found in all picks. under: what the books are
    too low by, estimated the same way and not set against the overstatement.
    """

    overstated: int
    low: int
    high: int
    certain: int
    observed: int
    under: int


def estimate(certain: Sequence[Audited], sampled: Sequence[Audited], *, sampled_from: int) -> Estimate:
    """Estimate from findings for every pick of both strata; sampled_from as the draw says it."""
    exact = sum(each.over for each in certain)
    seen = sum(each.over for each in sampled)
    most = sampled_from - sum(each.book - each.over for each in sampled)
    point, low, high = _of_sampled(sampled, sampled_from)
    under = _expanded([Fraction(each.under, each.book) for each in sampled], sampled_from)
    return Estimate(
        overstated=exact + point,
        low=exact + min(max(low, seen), most),
        high=exact + min(max(high, seen), most),
        certain=exact,
        observed=exact + seen,
        under=under + sum(each.under for each in certain),
    )


def _of_sampled(sampled: Sequence[Audited], sampled_from: int) -> tuple[int, int, int]:
    """Estimate, lower and upper bound of the sampled stratum; of what nobody sampled from nothing is known."""
    if not sampled:
        return 0, 0, sampled_from
    taints = [Fraction(each.over, each.book) for each in sampled]
    high = upper_mean([float(taint) for taint in taints], risk=float(1 - CONFIDENCE) / 2)
    low = 1 - upper_mean([float(1 - taint) for taint in taints], risk=float(1 - CONFIDENCE) / 2)
    return _expanded(taints, sampled_from), math.floor(low * sampled_from), math.ceil(high * sampled_from)


def _expanded(taints: Sequence[Fraction], sampled_from: int) -> int:
    """The mean taint of all that was sampled from, rounded half up."""
    return math.floor(sampled_from * sum(taints, Fraction()) / len(taints) + Fraction(1, 2)) if taints else 0


def upper_mean(taints: Sequence[float], *, risk: float) -> float:
    """Stringer's upper bound of the mean of values between 0 and 1, too low with at most this risk."""
    count = len(taints)
    found = np.arange(count)
    shares = [*beta.ppf(1 - risk, found + 1, count - found).tolist(), 1.0]
    steps = [after - before for before, after in pairwise(shares)]
    weighted = zip(steps, sorted(taints, reverse=True), strict=True)
    return float(shares[0] + sum(step * taint for step, taint in weighted))
