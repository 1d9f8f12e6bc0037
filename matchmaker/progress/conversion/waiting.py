"""How long intents wait for their contract, those still waiting being censored.

The share contracted by a day is one minus the survival function of E. L. Kaplan and P. Meier (JASA 53 (1958)
457-481), as SciPy computes it from censored data, with its log-log interval. An intent that was withdrawn can
never be contracted, so it is not taken out at its withdrawal, which would say the others could stand for it: it
stays among those waiting until the day asked about (J. P. Fine and R. J. Gray, JASA 94 (1999) 496-509: since only
that day censors, this is the incidence in the presence of the competing end).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scipy.stats import CensoredData, ecdf

from matchmaker.progress.conversion.values import Intent

MARKS = (30, 60, 90, 180)
FEWEST = 8  # below this only counts are shown (R21)
_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Mark:
    """The share contracted within so many days, with its 95 % interval where the method gives one.

    waiting: how many were still waiting, uncontracted, at the beginning of that day; none means nobody is known
    to have waited so long, and then nothing is said.
    """

    days: int
    waiting: int
    share: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The curve: after each number of days the share contracted by then, from day 0 to the longest wait known.

    half_in: the days within which half were contracted, None while fewer were.
    """

    count: int
    steps: tuple[tuple[int, float], ...]
    longest: int
    half_in: int | None
    marks: tuple[Mark, ...]


def waiting_of(intents: Sequence[Intent], as_of: date) -> Waiting | None:
    """The curve of these intents as of the end of a day; None for fewer than FEWEST of them."""
    if len(intents) < FEWEST:
        return None
    waits = [_days(intent, as_of) for intent in intents]
    still = [intent.contracted_on is None for intent in intents]
    survival = ecdf(CensoredData.right_censored(waits, still)).sf
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The confidence interval is undefined", RuntimeWarning)
        interval = survival.confidence_interval(_CONFIDENCE, method="log-log")
    contracted = [1 - float(share) for share in survival.probabilities]
    steps = [(int(day), share) for day, share in zip(survival.quantiles, contracted, strict=True)]
    return Waiting(
        count=len(intents),
        steps=((0, 0.0), *steps),
        longest=max(waits),
        half_in=next((day for day, share in steps if share >= 0.5), None),  # noqa: PLR2004 -- a half
        marks=tuple(
            Mark(
                days=days,
                waiting=sum(wait >= days for wait in waits),
                share=1 - float(survival.evaluate(days)),
                low=_known(1 - float(interval.high.evaluate(days))),
                high=_known(1 - float(interval.low.evaluate(days))),
            )
            for days in MARKS
            if days <= max(waits)
        ),
    )


def _days(intent: Intent, as_of: date) -> int:
    """How long an intent waited for its contract, or has waited; a contract dated before the confirmation waited 0."""
    return max(0, ((intent.contracted_on or as_of) - intent.agreed_on).days)


def _known(share: float) -> float | None:
    return None if math.isnan(share) else share
