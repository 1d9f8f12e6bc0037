"""What teaches the weights, as plain values: lists that somebody answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from matchmaker.matching.engine import Part, Weights

Side = Literal["search", "partner"]
SIDES: Final[tuple[Side, ...]] = ("search", "partner")
EVERYTHING: Final = frozenset(Part)

UNSUITABLE: Final = 0
FITS: Final = 1


@dataclass(frozen=True, slots=True)
class Place:
    """One firm of an answered list.

    shares: what it gained of each part, 0 to 1. grade: None when nothing was said of it, 0 for not suitable,
    from 1 the better the further it led. is_lead: it was taken up, so those above it were passed over; a
    partner known already was not. speaks_of: the parts that “not suitable” speaks of.
    """

    firm: int
    rank: int
    shares: Mapping[Part, float]
    grade: int | None = None
    is_lead: bool = False
    speaks_of: frozenset[Part] = EVERYTHING


@dataclass(frozen=True, slots=True)
class AnsweredList:
    """A list of suggestions with what its asker said of it.

    question: two lists of one question never stand on both sides of a comparison. room: how far each part
    could be computed for it, 0 to 1.
    """

    question: tuple[str, int]
    asker: int
    at: datetime
    side: Side
    room: Mapping[Part, float]
    places: tuple[Place, ...]


def weights_of(weights: Weights, side: Side) -> Mapping[Part, int]:
    """The weights of one side."""
    return weights.search if side == "search" else weights.partner
