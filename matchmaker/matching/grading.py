"""How well a suggestion fitted, by what was said of it and what came of it; and what a refusal speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from matchmaker.matching.engine import Part
from matchmaker.matching.learning import EVERYTHING, FITS, UNSUITABLE
from matchmaker.matching.models import Outcome, Verdict

# Each step says more than the one before; of one step the latest word stands.
_STEPS: Final = (
    {Outcome.DEAL: 3, Outcome.ENDED: None},
    {Outcome.INTENT: 3, Outcome.FOLLOW_UP: 2, Outcome.NOTHING: FITS, Outcome.MISSED: None},
    {Outcome.ACCEPTED: 2, Outcome.ASKED: FITS, Outcome.DECLINED: FITS, Outcome.WITHDRAWN: None},
)
# A partner known already proves that the two fit, though it is no new lead.
_VERDICTS: Final = {Verdict.INTERESTED: FITS, Verdict.PARTNERS: FITS, Verdict.UNSUITABLE: UNSUITABLE}
_PRODUCT: Final = frozenset({Part.WORDING, Part.SEGMENT, Part.CATALOGUE, Part.SPECIFICATION, Part.FLOW, Part.NEED})
_SPEAKS_OF: Final[Mapping[str, frozenset[Part]]] = {
    "": EVERYTHING,
    "product": _PRODUCT,
    "specification": frozenset({Part.SPECIFICATION}),
    "capacity": frozenset({Part.CAPACITY}),
    "delivery": frozenset({Part.DELIVERY}),
    "distance": frozenset({Part.REGION}),
    "certificate": frozenset({Part.CERTIFICATE}),
    "rival": frozenset({Part.SEGMENT, Part.FLOW, Part.TRADE}),
}


def grade(verdict: Verdict | None, outcomes: Iterable[Outcome]) -> int | None:
    """From 0 for not suitable to 3 for a deal; None when nothing was said.

    outcomes: in the order in which they came. A refusal stands against everything short of an intent.
    """
    came_to = _came_to(list(outcomes))
    said = _VERDICTS.get(verdict) if verdict is not None else None
    if said == UNSUITABLE and (came_to or 0) < max(value or 0 for value in _STEPS[0].values()):
        return UNSUITABLE
    return max((value for value in (said, came_to) if value is not None), default=None)


def is_lead(verdict: Verdict | None, outcomes: Iterable[Outcome]) -> bool:
    """Whether a firm was taken up as somebody new."""
    return verdict is Verdict.INTERESTED or (verdict is not Verdict.PARTNERS and _came_to(list(outcomes)) is not None)


def speaks_of(verdict: Verdict | None, reason: str) -> frozenset[Part]:
    """The parts of the score an answer is about; a reason that is none of them is about nothing the engine computes."""
    return _SPEAKS_OF.get(reason, frozenset()) if verdict is Verdict.UNSUITABLE else EVERYTHING


def _came_to(outcomes: list[Outcome]) -> int | None:
    for step in _STEPS:
        latest = next((one for one in reversed(outcomes) if one in step), None)
        if latest is not None and step[latest] is not None:
            return step[latest]
    return None
