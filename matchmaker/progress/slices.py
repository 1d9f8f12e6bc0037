"""Which deals a number is made of, and what each of them brings to it (R26).

Every amount on the pages about progress is a slice: the sum of the lines given here. The rows
behind the number are the same lines, so that what is clicked and what is shown cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from matchmaker.deals.counting import DealCount, DealFacts, DealKind, DealReason, Renewal
from matchmaker.deals.counting.increments import continued, increment, unknown
from matchmaker.deals.counting.totals import NO_EVENT, OUTSIDE
from matchmaker.deals.recounting import Books, Reached, Recount

_CONFIRMED, _VERIFIED = 1, 2  # assurance as the count has it


class Slice(StrEnum):
    """What is asked of the deals of one kind; kinds are never mixed (R7)."""

    COUNTED = "counted"
    NET = "net"
    GROSS = "gross"
    WITHDRAWN = "withdrawn"
    DECLARED = "declared"
    CONFIRMED = "confirmed"
    VERIFIED = "verified"
    UNCONFIRMED = "unconfirmed"
    DUPLICATE = "duplicate"
    RELATED_PARTY = "related_party"
    DISPUTED = "disputed"
    HELD = "held"
    ANNUALISED = "annualised"
    CONTRACTED = "contracted"
    UNCONTRACTED = "uncontracted"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    INCREMENT = "increment"
    CONTINUED = "continued"
    FORMER_UNKNOWN = "former_unknown"


class Basis(StrEnum):
    """To whom a deal belongs: half to each side's place, or to the place that organised its event (R18)."""

    SHARED = "shared"
    ORGANISER = "organiser"


@dataclass(frozen=True, slots=True)
class Cut:
    """A slice with what narrows it: a month, a place (a region code, `outside` or `no_event`), an event."""

    slice: Slice = Slice.COUNTED
    kind: DealKind = DealKind.PURCHASE
    month: str = ""
    late: bool | None = None
    place: str = ""
    basis: Basis = Basis.SHARED
    event: str = ""

    @property
    def narrowings(self) -> int:
        """How many of its parts narrow the slice."""
        return sum((bool(self.month), self.late is not None, bool(self.place), bool(self.event)))


@dataclass(frozen=True, slots=True)
class Line:
    """One deal and what it brings to the number, in whole yuan; negative in the month of its withdrawal."""

    deal: DealFacts
    counted: DealCount
    figure: int


Figure = Callable[[DealFacts, DealCount], int]

_STANDING = (DealReason.COUNTED, DealReason.OTHER_KIND)


def _standing(counted: DealCount) -> int:
    return counted.amount if counted.reason in _STANDING else 0


def _stopped_by(reason: DealReason) -> Callable[[DealCount], int]:
    return lambda counted: counted.full_amount if counted.reason is reason else 0


# What a deal brings to each slice by what the count says of it; a deal after as-of counts for nothing anywhere.
_OF_THE_COUNT: Mapping[Slice, Callable[[DealCount], int]] = {
    Slice.COUNTED: _standing,
    Slice.NET: _standing,
    Slice.GROSS: lambda counted: counted.amount if counted.reason.in_gross else 0,
    Slice.WITHDRAWN: lambda counted: counted.amount if counted.reason is DealReason.WITHDRAWN else 0,
    Slice.ANNUALISED: lambda counted: counted.full_amount - counted.amount if counted.reason.in_gross else 0,
    Slice.DECLARED: lambda counted: counted.full_amount,
    Slice.CONFIRMED: lambda counted: counted.full_amount if counted.assurance >= _CONFIRMED else 0,
    Slice.VERIFIED: lambda counted: counted.full_amount if counted.assurance >= _VERIFIED else 0,
    Slice.UNCONFIRMED: _stopped_by(DealReason.UNCONFIRMED),
    Slice.DUPLICATE: _stopped_by(DealReason.DUPLICATE),
    Slice.RELATED_PARTY: _stopped_by(DealReason.RELATED_PARTY),
    Slice.DISPUTED: _stopped_by(DealReason.DISPUTED),
    Slice.HELD: _stopped_by(DealReason.HELD),
}
# Of the deals that count: contracts and deliveries as recorded, and what is not known of them (R20).
_OF_THE_STAGES: Mapping[Slice, Callable[[int, Reached], int | None]] = {
    Slice.CONTRACTED: lambda _amount, reached: reached.contract,
    Slice.UNCONTRACTED: lambda amount, reached: amount if reached.contract is None else 0,
    Slice.DELIVERED: lambda _amount, reached: reached.delivery,
    Slice.UNDELIVERED: lambda _amount, reached: reached.contract if reached.delivery is None else 0,
}

# Of what counts: what is new, and the two parts of renewals that are not (R13); the three come to the net.
OF_RENEWALS: Mapping[Slice, Callable[[int, Renewal | None], int]] = {
    Slice.INCREMENT: increment,
    Slice.CONTINUED: continued,
    Slice.FORMER_UNKNOWN: unknown,
}


def lines(recount: Recount, cut: Cut) -> list[Line]:
    """The lines of a number, the largest first; those that bring nothing are left out."""
    found = [Line(deal, recount.count.deals[deal.id], figure) for deal, figure in _figures(recount, cut)]
    return sorted(found, key=lambda line: (-line.figure, line.deal.id))


def total(found: Iterable[Line]) -> int:
    """What lines come to."""
    return sum(line.figure for line in found)


def _figures(recount: Recount, cut: Cut) -> Iterator[tuple[DealFacts, int]]:
    figure_of = _placed(recount.books, cut, _timed(cut, _whole(recount, cut)))
    counts = recount.count.deals
    for deal in recount.books.facts.deals:
        if deal.kind is cut.kind and (not cut.event or deal.event == cut.event):
            figure = figure_of(deal, counts[deal.id])
            if figure:
                yield deal, figure


def _timed(cut: Cut, whole: Figure) -> Figure:
    """What a deal brings to a slice in the months asked for."""
    if (not cut.month and cut.late is None) or (cut.slice is Slice.NET and cut.month):
        return whole
    return lambda deal, counted: whole(deal, counted) if _in_time(counted, cut) else 0


def _whole(recount: Recount, cut: Cut) -> Figure:
    if cut.slice is Slice.NET and cut.month:
        return lambda _deal, counted: _booked(counted, cut.month)
    return lambda deal, counted: figure_in(cut.slice, counted, recount.reached_by(deal), recount.renewed_by(deal))


def figure_in(slice_: Slice, counted: DealCount, reached: Reached, renewal: Renewal | None) -> int:
    """What one deal brings to a slice that nothing narrows."""
    if slice_ in _OF_THE_COUNT:
        return _OF_THE_COUNT[slice_](counted)
    if slice_ in OF_RENEWALS:
        return OF_RENEWALS[slice_](_standing(counted), renewal)
    return _OF_THE_STAGES[slice_](counted.amount, reached) or 0 if counted.reason in _STANDING else 0


def _in_time(counted: DealCount, cut: Cut) -> bool:
    month = counted.withdrawn_in if cut.slice is Slice.WITHDRAWN else counted.month
    if cut.month and month != cut.month:
        return False
    return cut.late is None or (counted.month is not None and counted.late is cut.late)


def _booked(counted: DealCount, month: str) -> int:
    """R17: what a deal adds to a month, less what its withdrawal takes from it."""
    return counted.amount * ((counted.month == month) - (counted.withdrawn_in == month))


def _placed(books: Books, cut: Cut, figure: Figure) -> Figure:
    """The part of a figure that belongs to the place asked for, if one is."""
    if not cut.place:
        return figure
    belongs = _by_organiser(books, cut.place) if cut.basis is Basis.ORGANISER else _by_share(books, cut.place)

    return lambda deal, counted: belongs(deal, figure(deal, counted))


def _by_organiser(books: Books, place: str) -> Callable[[DealFacts, int], int]:
    organisers = {event.id: event.organiser for event in books.facts.events}
    return lambda deal, whole: whole if (organisers[deal.event] if deal.event is not None else NO_EVENT) == place else 0


def _by_share(books: Books, place: str) -> Callable[[DealFacts, int], int]:
    regions = {firm.credit_code: firm.region for firm in books.facts.enterprises}
    return lambda deal, whole: sum(
        part for where, part in shares(regions[deal.buyer], regions[deal.seller], whole) if where == place
    )


def shares(buyer: str | None, seller: str | None, whole: int) -> Iterator[tuple[str, int]]:
    """R18: half to each side's place, the odd yuan to the buyer's; a lone side in the province takes all."""
    if buyer is None or seller is None:
        yield buyer or seller or OUTSIDE, whole
        return
    half = abs(whole) // 2 * (1 if whole >= 0 else -1)
    yield buyer, whole - half
    yield seller, half
