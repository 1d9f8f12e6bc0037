"""Which segments a typed text may belong to, asked of a classifier built once from the chains in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.chains.classifying import SegmentClassifier
from matchmaker.chains.models import Segment
from matchmaker.chains.queries import chain_graph, reference_edition

CLEAR: Final = 0.45  # from here on a proposal is offered as chosen
_LEAST_SHOWN: Final = 0.25
_SHORTEST, _LONGEST = 2, 400

_classifiers: dict[str, SegmentClassifier] = {}  # one edition of the chains at a time


@dataclass(frozen=True, slots=True)
class Proposal:
    """A segment with how sure the classifier is, from 0 to 1, and the words of the text that led to it."""

    segment: Segment
    confidence: float
    words: tuple[str, ...]

    @property
    def is_clear(self) -> bool:
        """Whether the proposal is good enough to be offered as chosen."""
        return self.confidence >= CLEAR


def segment_proposals(session: Session, text: str, k: int = 3) -> list[Proposal]:
    """The k likeliest segments for a text, best first; none where too little is written or nothing fits."""
    if len(text.strip()) < _SHORTEST:
        return []
    guesses = segment_classifier(session).classify(text[:_LONGEST], k)
    codes = [guess.code for guess in guesses if guess.confidence >= _LEAST_SHOWN]
    found = {segment.code: segment for segment in session.scalars(select(Segment).where(Segment.code.in_(codes)))}
    return [Proposal(found[guess.code], guess.confidence, guess.words) for guess in guesses if guess.code in found]


def segment_classifier(session: Session) -> SegmentClassifier:
    """The classifier of the chains this database holds, built when first asked for."""
    edition = reference_edition(session)
    if edition not in _classifiers:
        built = SegmentClassifier.build(chain_graph(session))
        _classifiers.clear()
        _classifiers[edition] = built
    return _classifiers[edition]
