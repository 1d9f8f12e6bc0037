"""Whether more of something was seen than chance would bring: the exact one-sided binomial test.

The p-value is P(X ≥ seen) for X ~ Binomial(among, share); see W. J. Conover, Practical Nonparametric
Statistics, 3rd ed., Wiley 1999, section 3.1. Since many groups are looked at, it is multiplied by their
number (Bonferroni), so that a ledger without any pattern shows a finding of a rule less than once in a thousand.
"""

from __future__ import annotations

from scipy.stats import binomtest

SIGNIFICANT = 0.001
FEWEST = 8  # below this only counts are shown (R21), and nothing is tested


def chance_of(seen: int, among: int, share: float, *, groups: int) -> float:
    """The chance, at most 1, that any of so many groups shows this many or more."""
    p_value = float(binomtest(seen, among, share, alternative="greater").pvalue)
    return min(1.0, p_value * groups)
