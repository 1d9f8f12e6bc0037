"""The audit sample: which deals to look into, and what the findings say of all the others.

Plain values in, plain values out: no database, no clock, and chance only from the seed that is given and printed.
"""

from matchmaker.deals.sampling.drawing import CERTAIN_FROM, Draw, Item, Pick, Stratum, digest_of, draw
from matchmaker.deals.sampling.estimating import CONFIDENCE, Audited, Estimate, estimate

__all__ = [
    "CERTAIN_FROM",
    "CONFIDENCE",
    "Audited",
    "Draw",
    "Estimate",
    "Item",
    "Pick",
    "Stratum",
    "digest_of",
    "draw",
    "estimate",
]
