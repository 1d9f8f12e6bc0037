"""The way from what was declared to what counts, in steps that add up to the yuan."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.deals.recounting import Recount
from matchmaker.progress.slices import Cut, Slice, lines, sum_of, total

TAKEN_OFF = (
    Slice.UNCONFIRMED,
    Slice.DUPLICATE,
    Slice.RELATED_PARTY,
    Slice.DISPUTED,
    Slice.HELD,
    Slice.ANNUALISED,
    Slice.WITHDRAWN,
)
_LARGEST = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One number with how many deals it is made of."""

    slice: Slice
    amount: int
    deals: int


@dataclass(frozen=True, slots=True)
class Walk:
    """Declared, less each of the steps, is the net."""

    declared: Step
    taken_off: tuple[Step, ...]
    net: Step


def step(recount: Recount, slice_: Slice) -> Step:
    """The purchases of one slice."""
    return Step(slice_, *sum_of(recount, Cut(slice_)))


def walk_of(recount: Recount) -> Walk:
    """The walk of a recount."""
    return Walk(
        declared=step(recount, Slice.DECLARED),
        taken_off=tuple(step(recount, slice_) for slice_ in TAKEN_OFF),
        net=step(recount, Slice.COUNTED),
    )


@dataclass(frozen=True, slots=True)
class Concentration:
    """What the largest deals hold of the net (R22)."""

    largest: int
    amount: int
    net: int
    deals: int


def concentration_of(recount: Recount) -> Concentration:
    """The ten largest deals, or all where there are fewer."""
    found = lines(recount, Cut(Slice.COUNTED))
    return Concentration(min(_LARGEST, len(found)), total(found[:_LARGEST]), total(found), len(found))
