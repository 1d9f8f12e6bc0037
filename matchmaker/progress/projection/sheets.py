"""A day's totals as sums, and what one deal brings to each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from typing import NamedTuple

from matchmaker.deals.counting import DealKind, DealReason, MonthCount
from matchmaker.deals.counting.totals import NO_EVENT
from matchmaker.deals.recounting import Attendance, Judged, Recount, attendance_of, judged
from matchmaker.progress.slices import Basis, Slice, figure_in, shares

LARGEST = 10
PARTS = 2  # counted on whenever a deal brings other parts to the sums than before
_STANDING = (DealReason.COUNTED, DealReason.OTHER_KIND)
_NARROWED_ONLY = Slice.NET  # differs from COUNTED only within a month


class Sum(NamedTuple):
    """So many yuan from so many deals."""

    amount: int
    deals: int


NOTHING = Sum(0, 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the overview and the standings add up, as of the end of a day.

    largest: the figures of the deals that count for most, the largest first.
    """

    as_of: date
    attendance: Attendance
    sums: Mapping[str, Sum]
    largest: Sequence[int]

    def of(self, slice_: Slice) -> Sum:
        """The purchases of one slice."""
        return self.sums.get(f"slice:{slice_}", NOTHING)

    @property
    def net(self) -> int:
        """The headline (R17)."""
        return self.of(Slice.COUNTED).amount

    def of_kind(self, kind: DealKind) -> Sum:
        """The net of one kind (R7)."""
        return self.sums.get(f"kind:{kind}", NOTHING)

    def months(self) -> dict[str, MonthCount]:
        """What each month took in and gave back, of those to which anything was booked (R15, R17)."""
        names = {key.split(":")[2] for key in self.sums if key.startswith("month:")}
        return {
            name: MonthCount(*(self.sums.get(f"month:{way}:{name}", NOTHING).amount for way in _WAYS))
            for name in sorted(names)
        }

    def by_place(self, basis: Basis) -> dict[str, int]:
        """The net by place; adds up to the whole on either basis (R18)."""
        start = f"{basis}:"
        return {key.removeprefix(start): each.amount for key, each in self.sums.items() if key.startswith(start)}


_WAYS = ("on_time", "late", "withdrawn")


def sheet_of(recount: Recount) -> Sheet:
    """The sheet of a whole recount."""
    sums: dict[str, Sum] = {}
    figures = []
    for each in judged(recount):
        parts = parts_of(each)
        add(sums, parts)
        figures.append(headline(parts))
    attendance = attendance_of(recount.books.facts, recount.count.events)
    return Sheet(recount.count.as_of, attendance, sums, nlargest(LARGEST, filter(None, figures)))


def parts_of(each: Judged) -> dict[str, int]:
    """What one deal brings to the sums; a part of no yuan is still a deal of that sum."""
    counted, kind = each.counted, each.deal.kind
    parts: dict[str, int] = {}
    if counted.reason in _STANDING:
        parts[f"kind:{kind}"] = counted.amount
    if kind is DealKind.PURCHASE:
        parts.update(_slices(each))
        parts.update(_months(each))
        parts.update(_places(each) if counted.counted else ())
    return parts


def headline(parts: Mapping[str, int]) -> int:
    """What a deal with these parts counts for in the headline."""
    return parts.get(f"slice:{Slice.COUNTED}", 0)


def add(sums: dict[str, Sum], parts: Mapping[str, int], *, sign: int = 1) -> None:
    """Put a deal's parts into sums, or with sign -1 take them out; a sum of no deals is left out."""
    for key, amount in parts.items():
        before = sums.get(key, NOTHING)
        after = Sum(before.amount + sign * amount, before.deals + sign)
        if after.deals:
            sums[key] = after
        else:
            del sums[key]


def _slices(each: Judged) -> Iterator[tuple[str, int]]:
    for slice_ in Slice:
        figure = 0 if slice_ is _NARROWED_ONLY else figure_in(slice_, each.counted, each.reached, each.renewal)
        if figure:
            yield f"slice:{slice_}", figure


def _months(each: Judged) -> Iterator[tuple[str, int]]:
    counted = each.counted
    if counted.month is not None:
        yield f"month:{'late' if counted.late else 'on_time'}:{counted.month}", counted.amount
    if counted.withdrawn_in is not None:
        yield f"month:withdrawn:{counted.withdrawn_in}", counted.amount


def _places(each: Judged) -> dict[str, int]:
    parts = _summed(shares(each.buyer, each.seller, each.counted.amount), Basis.SHARED)
    organiser = NO_EVENT if each.organiser is None else each.organiser
    return parts | {f"{Basis.ORGANISER}:{organiser}": each.counted.amount}


def _summed(split: Iterable[tuple[str, int]], basis: Basis) -> dict[str, int]:
    parts: dict[str, int] = {}
    for place, amount in split:
        parts[f"{basis}:{place}"] = parts.get(f"{basis}:{place}", 0) + amount
    return parts
