"""The way from what was declared to what counts, in steps that add up to the yuan."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.progress.projection import Sheet
from matchmaker.progress.slices import Slice

TAKEN_OFF = (
    Slice.UNCONFIRMED,
    Slice.DUPLICATE,
    Slice.RELATED_PARTY,
    Slice.DISPUTED,
    Slice.HELD,
    Slice.ANNUALISED,
    Slice.WITHDRAWN,
)


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


def step(sheet: Sheet, slice_: Slice) -> Step:
    """The purchases of one slice."""
    return Step(slice_, *sheet.of(slice_))


def walk_of(sheet: Sheet) -> Walk:
    """The walk of a sheet."""
    return Walk(
        declared=step(sheet, Slice.DECLARED),
        taken_off=tuple(step(sheet, slice_) for slice_ in TAKEN_OFF),
        net=step(sheet, Slice.COUNTED),
    )


@dataclass(frozen=True, slots=True)
class Renewed:
    """What of the net is new, and what is not (R13): the three come to the net."""

    increment: Step
    continued: Step
    unknown: Step


def renewed_of(sheet: Sheet) -> Renewed:
    """The 新增 view of a sheet."""
    return Renewed(step(sheet, Slice.INCREMENT), step(sheet, Slice.CONTINUED), step(sheet, Slice.FORMER_UNKNOWN))


@dataclass(frozen=True, slots=True)
class Concentration:
    """What the largest deals hold of the net (R22)."""

    largest: int
    amount: int
    net: int
    deals: int


def concentration_of(sheet: Sheet) -> Concentration:
    """The ten largest deals, or all where there are fewer."""
    net = sheet.of(Slice.COUNTED)
    return Concentration(len(sheet.largest), sum(sheet.largest), net.amount, net.deals)
