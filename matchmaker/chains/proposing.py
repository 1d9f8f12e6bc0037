"""Which segments a typed text may belong to, asked of a classifier built once from the chains in the database."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.chains.classifying import SegmentClassifier
from matchmaker.chains.models import Segment
from matchmaker.chains.queries import chain_graph, reference_edition

CLEAR: Final = 0.45  # from here on a proposal is offered as chosen
_LIKELY, _LEAST_SHOWN = 0.75, 0.1
_SHORTEST, _LONGEST = 2, 400
_SHOWN: Final = 3

_classifiers: dict[str, SegmentClassifier] = {}  # one edition of the chains at a time


class Certainty(enum.Enum):
    """How sure a proposal is, in the three words a person is told."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    PERHAPS = "perhaps"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A segment with how likely it is, from 0 to 1, and the words of the text that led to it."""

    segment: Segment
    confidence: float
    words: tuple[str, ...]

    @property
    def is_clear(self) -> bool:
        """Whether the proposal is good enough to be offered as chosen."""
        return self.confidence >= CLEAR

    @property
    def certainty(self) -> Certainty:
        """The word for its likelihood."""
        if self.confidence >= _LIKELY:
            return Certainty.LIKELY
        return Certainty.POSSIBLE if self.is_clear else Certainty.PERHAPS


@dataclass(frozen=True, slots=True)
class Placing:
    """What the text of a line says of its segment: what it proposes, and what else it may be.

    `own` is the proposal that is the line's segment already; None when a person chose otherwise or nobody did.
    """

    own: Proposal | None
    others: tuple[Proposal, ...]


def segment_proposals(session: Session, text: str, k: int = _SHOWN) -> list[Proposal]:
    """The k likeliest segments for a text, best first; none where too little is written or nothing fits."""
    return _proposals(session, [text], k)[text]


def placings(session: Session, lines: Iterable[tuple[str, Segment | None]]) -> list[Placing]:
    """For each line of text with its segment, how the two fit and what the runner-ups are.

    A line keeps no word of who placed it. Where its segment is not what its text proposes first, a person chose it
    with the text in sight, and nothing is held against that.
    """
    stated = list(lines)
    found = _proposals(session, [text for text, _ in stated], _SHOWN)
    return [_placing(found[text], segment) for text, segment in stated]


def _placing(proposals: list[Proposal], segment: Segment | None) -> Placing:
    if segment is None:
        return Placing(None, tuple(proposals))
    if proposals and proposals[0].segment == segment:
        return Placing(proposals[0], tuple(proposals[1:]))
    return Placing(None, ())


def _proposals(session: Session, texts: list[str], k: int) -> dict[str, list[Proposal]]:
    """For each text its proposals, the segments of all read at once."""
    said = [text[:_LONGEST] for text in texts if _is_said(text)]
    guesses = segment_classifier(session).classify_all(said, k) if said else iter(())
    shown = {
        text: [one for one in each if one.confidence >= _LEAST_SHOWN] for text, each in zip(said, guesses, strict=True)
    }
    codes = {guess.code for each in shown.values() for guess in each}
    held = {segment.code: segment for segment in session.scalars(select(Segment).where(Segment.code.in_(codes)))}
    return {
        text: [
            Proposal(held[one.code], one.confidence, one.words)
            for one in shown.get(text[:_LONGEST], ())
            if one.code in held
        ]
        for text in texts
    }


def _is_said(text: str) -> bool:
    return len(text.strip()) >= _SHORTEST


def segment_classifier(session: Session) -> SegmentClassifier:
    """The classifier of the chains this database holds, built when first asked for."""
    edition = reference_edition(session)
    if edition not in _classifiers:
        built = SegmentClassifier.build(chain_graph(session))
        _classifiers.clear()
        _classifiers[edition] = built
    return _classifiers[edition]
