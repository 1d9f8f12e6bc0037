"""How a list is read, as its address says: filters, order, how far, whom to compare, whom to show beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final

from flask import request

from matchmaker.enterprises.models import Enterprise
from matchmaker.matching.engine import Part
from matchmaker.matching.filtering import Filters, Order, Row, Seat, in_order, kilometres_between
from matchmaker.matching.models import Verdict
from matchmaker.matching.queries.runs import Shown, near_misses
from matchmaker.regions.models import Region

MOST_COMPARED: Final = 3
_PUBLIC_ID: Final = re.compile("[0-9a-z]{20}")
_LONGEST_VALUE: Final = 40
_FULL_MARKS: Final = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything of an address that is not the question itself; firms are named by their public id.

    compared: at most three. at: whose evidence stands beside the list. said: whose answer has just changed.
    """

    filters: Filters = field(default_factory=Filters)
    order: Order = Order.SCORE
    is_whole: bool = False
    compared: tuple[str, ...] = ()
    at: str = ""
    said: str = ""

    def query(self, **changes: Any) -> dict[str, Any]:
        """The part of an address that says all this, with some of it changed; what is at rest is left out."""
        told = {each.name: getattr(self.filters, each.name) for each in fields(self.filters)}
        told |= {
            "sort": "" if self.order is Order.SCORE else self.order.value,
            "whole": self.is_whole,
            "with": list(self.compared),
            "at": self.at,
        }
        return {name: _as_text(value) for name, value in (told | changes).items() if value}

    def toggled(self, firm: str) -> list[str]:
        """Who is compared once a firm is taken in, or left out."""
        others = [each for each in self.compared if each != firm]
        return others if firm in self.compared else [*others, firm]

    @property
    def is_full(self) -> bool:
        """Whether no more may be compared."""
        return len(self.compared) >= MOST_COMPARED


def _as_text(value: Any) -> Any:
    if value is True:
        return "1"
    return value if isinstance(value, list) else str(value)


def reading() -> Reading:
    """The reading this request's address asks for; what cannot be read is as if it were not there."""
    args = request.args
    filters = Filters(
        **{name: args.get(name, "").strip()[:_LONGEST_VALUE] for name in _TEXTS},
        meets=bool(args.get("meets")),
        strangers=bool(args.get("strangers")),
        least=_whole_number(args.get("least", "")),
    )
    compared = dict.fromkeys(each for each in args.getlist("with") if _PUBLIC_ID.fullmatch(each))
    return Reading(
        filters,
        _order(args.get("sort", "")),
        bool(args.get("whole")),
        tuple(compared)[:MOST_COMPARED],
        args.get("at", "") if _PUBLIC_ID.fullmatch(args.get("at", "")) else "",
        args.get("said", "") if _PUBLIC_ID.fullmatch(args.get("said", "")) else "",
    )


_TEXTS: Final = ("prefecture", "chain", "segment", "badge", "size")


def _whole_number(text: str) -> int:
    return min(int(text), _FULL_MARKS) if re.fullmatch("[0-9]{1,3}", text) else 0


def _order(text: str) -> Order:
    return Order(text) if text in set(Order) else Order.SCORE


def row_of(shown: Shown, asker: Enterprise, today: date) -> Row:
    """What filters and orders look at in a suggestion."""
    firm, line = shown.enterprise, shown.capability or shown.need
    place = firm.region.prefecture
    segment = line.segment if line is not None else None
    return Row(
        shown.suggestion.score,
        prefecture=place.code if place else firm.region.code,
        chain=segment.chain.code if segment else "",
        segment=segment.code if segment else "",
        badges=frozenset(badge.name for badge in firm.badges),
        size=firm.size.value if firm.size else "",
        met=_count(shown, True),
        unknown=_count(shown, None),
        failed=_count(shown, False),
        certified=_certified(shown),
        is_partner=shown.answer is not None and shown.answer.verdict is Verdict.PARTNERS,
        kilometres=kilometres_between(_seat(asker.region), _seat(firm.region)),
        days=_days(shown, today),
        updated_at=line.updated_at if line is not None else firm.updated_at,
    )


def _count(shown: Shown, verdict: bool | None) -> int:
    return sum(each.verdict is verdict for each in shown.conditions)


def _certified(shown: Shown) -> float:
    parts = (part for part in shown.evidence.parts if part.part is Part.CERTIFICATE and part.maximum)
    return next((part.points / part.maximum for part in parts), 0.0)


def _seat(region: Region) -> Seat | None:
    if region.seat_longitude is None or region.seat_latitude is None:
        return None
    return region.seat_longitude, region.seat_latitude


def _days(shown: Shown, today: date) -> int | None:
    """How soon a supplier delivers, or how soon a buyer wants it."""
    if shown.capability is not None:
        return shown.capability.lead_days
    if shown.need is not None and shown.need.deliver_by is not None:
        return max(0, (shown.need.deliver_by - today).days)
    return None


@dataclass(frozen=True, slots=True)
class Sifted:
    """A list as its reading shows it: full matches, near misses with the least missing first, what was set aside."""

    every: tuple[Shown, ...]  # all that is not set aside, in the order of the list
    rows: tuple[Row, ...]  # the same, as plain rows
    full: tuple[Shown, ...]
    near: tuple[Shown, ...]
    aside: tuple[Shown, ...]

    @property
    def shown(self) -> list[Shown]:
        """What stands on the page, as it stands there."""
        return [*self.full, *self.near]


def sifted(every: list[Shown], asker: Enterprise, read: Reading, today: date) -> Sifted:
    """Filter and order a list; one whose answer has just changed keeps its place, so that it can be undone there."""
    kept = [each for each in every if not each.is_set_aside or each.enterprise.public_id == read.said]
    rows = [row_of(each, asker, today) for each in kept]
    standing = [
        kept[place]
        for place in in_order(rows, read.order)
        if read.filters.passes(rows[place]) or kept[place].enterprise.public_id == read.said
    ]
    near = sorted(near_misses(standing), key=lambda each: len(each.failed))
    return Sifted(
        tuple(kept),
        tuple(rows),
        tuple(each for each in standing if not each.failed),
        tuple(near),
        tuple(each for each in every if each.is_set_aside),
    )


def unfiltered(read: Reading) -> Reading:
    """The same reading with every filter dropped."""
    return replace(read, filters=Filters())
