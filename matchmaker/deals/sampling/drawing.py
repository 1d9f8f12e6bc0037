"""Every large deal, and of the others a systematic sample with probability proportional to size.

The others are put in an order that depends on nothing but the seed and their ids, laid end to end, each as long
as its amount, and picked at equal steps from a random start (W. G. Madow, Annals of Mathematical Statistics 20
(1949) 333-354; in random order: H. O. Hartley and J. N. K. Rao, the same 33 (1962) 350-374). A deal longer than a
step would be picked for certain, so it joins the certain ones and the step is made anew. All arithmetic is of
whole numbers, and order and start are SHA-256 of the seed, so that anybody can draw the same sample again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matchmaker.money import YI

CERTAIN_FROM = YI
_PARTS = 2**64  # the start is one of so many equally likely places in the first step


class Stratum(StrEnum):
    """How a deal came into the sample: taken in any case, or picked by chance."""

    CERTAIN = "certain"
    SAMPLED = "sampled"


@dataclass(frozen=True, slots=True)
class Item:
    """A deal that may be picked, with its amount in whole yuan, above zero."""

    id: str
    amount: int


@dataclass(frozen=True, slots=True)
class Pick:
    """A deal that was picked, and how."""

    id: str
    amount: int
    stratum: Stratum


@dataclass(frozen=True, slots=True)
class Draw:
    """A sample: its seed and size, what it was drawn from, and its picks, the certain ones first.

    size: how many were asked for besides those of CERTAIN_FROM and above. sampled_from: the yuan of
    which the SAMPLED picks were drawn. digest: of the ids and amounts drawn from, whatever their order.
    """

    seed: str
    size: int
    count: int
    amount: int
    sampled_from: int
    digest: str
    picks: tuple[Pick, ...]


def draw(items: Iterable[Item], *, seed: str, size: int) -> Draw:
    """Draw a sample: all of CERTAIN_FROM and above, and `size` of the others, or all where they are no more.

    The order of the items does not matter. Raises ValueError for a negative size or an amount that is not above zero.
    """
    if size < 0:
        raise ValueError("a sample cannot have fewer than no deals")
    ordered = sorted(items, key=lambda item: _place(seed, item.id))
    if any(item.amount <= 0 for item in ordered):
        raise ValueError("only amounts above zero can be drawn from")
    certain, others, left = _split(ordered, size)
    total = sum(item.amount for item in others)
    picked = systematic(others, count=left, start=int(_place(seed, "")[:16], 16))
    taken = sorted(certain, key=lambda item: (-item.amount, item.id))
    return Draw(
        seed=seed,
        size=size,
        count=len(ordered),
        amount=sum(item.amount for item in ordered),
        sampled_from=total,
        digest=digest_of(ordered),
        picks=(
            *(Pick(item.id, item.amount, Stratum.CERTAIN) for item in taken),
            *(Pick(item.id, item.amount, Stratum.SAMPLED) for item in picked),
        ),
    )


def systematic(items: Sequence[Item], *, count: int, start: int) -> list[Item]:
    """The items in which `count` points lie, equal steps apart, the first `start` parts of 2^64 into the first step.

    No item may be longer than a step, so that each is picked once at most.
    """
    total = sum(item.amount for item in items)
    picked, end, point = [], 0, start * total
    for item in items:
        end += item.amount * count * _PARTS
        if point < end:
            picked.append(item)
            point += total * _PARTS
    return picked


def digest_of(items: Iterable[Item]) -> str:
    """What a sample was drawn from, as one number: SHA-256 of a line “id amount” for each deal, ordered by id."""
    lines = sorted(f"{item.id} {item.amount}\n" for item in items)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _split(ordered: Sequence[Item], size: int) -> tuple[list[Item], list[Item], int]:
    """The certain ones, the others in their order, and how many of these are left to pick."""
    certain = [item for item in ordered if item.amount >= CERTAIN_FROM]
    others = [item for item in ordered if item.amount < CERTAIN_FROM]
    while size and others:
        total = sum(item.amount for item in others)
        long = [item for item in others if item.amount * size >= total]
        if not long:
            break
        certain += long
        others = [item for item in others if item.amount * size < total]
        size -= len(long)
    return certain, others, size if others else 0


def _place(seed: str, item_id: str) -> str:
    return hashlib.sha256(f"{seed}\n{item_id}".encode()).hexdigest()
