"""Which deals could be one handshake told twice, and in what they agree.

Plain values in, pairs out. Deals are compared only with deals between the same two firms, and among
these only with their nearest by amount, so that the work grows with the ledger and not with its square.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

NEAR = (4, 5)  # two amounts are near when the smaller is at least four fifths of the larger
_WINDOW = 20  # neighbours by amount a deal is compared with; a longer row of likes still hangs together
_KEY_LENGTH = 20
_LAST_MONTH = 9999 * 12 + 11


class Facet(StrEnum):
    """What two deals are compared in, what weighs most first."""

    CONTRACT = "contract"
    AMOUNT = "amount"
    SEGMENT = "segment"
    EVENT = "event"
    TERM = "term"
    SIDES = "sides"
    KIND = "kind"


class Bearing(StrEnum):
    """How two deals stand in one facet; unknown is neither for nor against."""

    SAME = "same"
    NEAR = "near"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Trace:
    """A deal as it is compared.

    buyer and seller are the registrations that stand for the firms, amount whole yuan in force,
    begins_on the Shanghai day of its declaration; an empty contract number is not known.
    """

    id: int
    buyer: int
    seller: int
    kind: str
    amount: int
    months: int
    begins_on: date
    segment: int | None = None
    event: int | None = None
    contract: str = ""
    is_renewal: bool = False

    @property
    def firms(self) -> tuple[int, int]:
        """The two firms, whoever buys."""
        return (self.buyer, self.seller) if self.buyer < self.seller else (self.seller, self.buyer)

    @property
    def ends_on(self) -> date:
        """The first day after its term."""
        month = min(self.begins_on.year * 12 + self.begins_on.month - 1 + self.months, _LAST_MONTH)
        return date(month // 12, month % 12 + 1, min(self.begins_on.day, 28))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two deals that may be one, the earlier id first; `key` changes when anything they are compared in does."""

    first: int
    second: int
    strength: int
    key: str


def bearings(one: Trace, other: Trace) -> dict[Facet, Bearing]:
    """How two deals stand to each other in every facet."""
    return {
        Facet.CONTRACT: _known(_folded(one.contract), _folded(other.contract)),
        Facet.AMOUNT: _amounts(one.amount, other.amount),
        Facet.SEGMENT: _known(one.segment, other.segment),
        Facet.EVENT: _known(one.event, other.event),
        Facet.TERM: _either(_overlap(one, other)),
        Facet.SIDES: _either(one.buyer == other.buyer),
        Facet.KIND: _either((one.kind, one.is_renewal) == (other.kind, other.is_renewal)),
    }


def may_be_one(one: Trace, other: Trace) -> bool:
    """Whether a person should look: the same contract, or near amounts in the same term with nothing against it.

    Two contracts are two deals. Where segment or sides differ, a slip is assumed only for exactly the same amount.
    """
    contracts = _known(_folded(one.contract), _folded(other.contract))
    if contracts is not Bearing.UNKNOWN:
        return contracts is Bearing.SAME
    amounts = _amounts(one.amount, other.amount)
    if amounts is Bearing.DIFFERENT or (one.kind, one.is_renewal) != (other.kind, other.is_renewal):
        return False
    if not _overlap(one, other):
        return False
    is_against = one.buyer != other.buyer or _known(one.segment, other.segment) is Bearing.DIFFERENT
    return amounts is Bearing.SAME or not is_against


def strength_of(one: Trace, other: Trace) -> int:
    """How much two deals agree in, for the order of a queue: a heavier facet outweighs all lighter ones."""
    told = bearings(one, other)
    worth = {Bearing.SAME: 2, Bearing.NEAR: 1}
    return sum(worth.get(told[facet], 0) * 3**place for place, facet in enumerate(reversed(Facet)))


def likely_pairs(traces: Iterable[Trace]) -> Iterator[Pair]:
    """Every pair a person should look at, each once, in the order of their ids; the order of the input does not matter.

    Of a row of more than _WINDOW deals alike only the nearest are paired, which leaves the cluster the same.
    """
    blocks: dict[tuple[int, int], list[Trace]] = defaultdict(list)
    for trace in traces:
        blocks[trace.firms].append(trace)
    found = ((one, other) for block in blocks.values() if len(block) > 1 for one, other in _beside(block))
    yield from sorted({_pair(one, other) for one, other in found}, key=lambda pair: (pair.first, pair.second))


def clusters_of(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """The deals that hang together by pairs, each cluster by id, the cluster of the earliest deal first."""
    above: dict[int, int] = {}

    def top(deal: int) -> int:
        while above.setdefault(deal, deal) != deal:
            above[deal] = deal = above[above[deal]]
        return deal

    for one, other in pairs:
        low, high = sorted((top(one), top(other)))
        above[high] = low
    members: dict[int, list[int]] = defaultdict(list)
    for deal in sorted(above):
        members[top(deal)].append(deal)
    return [tuple(members[first]) for first in sorted(members)]


def _beside(block: Sequence[Trace]) -> Iterator[tuple[Trace, Trace]]:
    """The pairs of one block that may be one: neighbours by amount, and neighbours by contract."""
    ordered = sorted(block, key=lambda trace: (trace.amount, trace.id))
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 : place + 1 + _WINDOW]:
            if _amounts(one.amount, other.amount) is Bearing.DIFFERENT:
                break
            if may_be_one(one, other):
                yield one, other
    numbered = sorted(((_folded(trace.contract), trace.id, trace) for trace in block), key=lambda each: each[:2])
    for (number, _id, one), (same, _other_id, other) in pairwise(numbered):
        if number and number == same:
            yield one, other


def _pair(one: Trace, other: Trace) -> Pair:
    first, second = sorted((one, other), key=lambda trace: trace.id)
    told = "\n".join(map(repr, (first, second))).encode()
    return Pair(first.id, second.id, strength_of(first, second), hashlib.sha256(told).hexdigest()[:_KEY_LENGTH])


def _folded(contract: str) -> str:
    """A contract number without what people write differently: width, case, spaces and dashes."""
    plain = unicodedata.normalize("NFKC", contract).upper() if contract else ""
    return "".join(character for character in plain if character.isalnum())


def _known(one: object, other: object) -> Bearing:
    if one in (None, "") or other in (None, ""):
        return Bearing.UNKNOWN
    return _either(one == other)


def _either(agrees: bool) -> Bearing:
    return Bearing.SAME if agrees else Bearing.DIFFERENT


def _amounts(one: int, other: int) -> Bearing:
    if one == other:
        return Bearing.SAME
    small, large = sorted((one, other))
    return Bearing.NEAR if small * NEAR[1] >= large * NEAR[0] else Bearing.DIFFERENT


def _overlap(one: Trace, other: Trace) -> bool:
    return one.begins_on < other.ends_on and other.begins_on < one.ends_on
