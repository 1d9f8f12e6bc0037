"""What the address of a page asks for; what cannot be read is not asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, TypeVar

from flask import request
from sqlalchemy.orm import Session

from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.counting import RULE_VERSION, DealKind, EventReason
from matchmaker.deals.counting.totals import NO_EVENT, OUTSIDE
from matchmaker.deals.recounting import Recount, recounted
from matchmaker.programmes.models import Programme
from matchmaker.programmes.queries import current_programme, find_programme
from matchmaker.progress.projection import Sheet, sheet_for
from matchmaker.progress.queries import EventCut
from matchmaker.progress.slices import Basis, Cut, Slice
from matchmaker.web.formats import moment

Choice = TypeVar("Choice", bound=Enum)
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"20[0-9]{2}")
_PLACE = re.compile(rf"[0-9]{{6}}|{OUTSIDE}|{NO_EVENT}")
_EVENT = re.compile(r"[0-9a-z]{20}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A programme and the day it is counted on, with what a page says of both."""

    programme: Programme
    as_of: date
    today: date

    @property
    def is_today(self) -> bool:
        """Whether the count is of this very moment."""
        return self.as_of == self.today

    @property
    def as_of_text(self) -> str:
        """The moment of record: now, or the end of the day that was asked for."""
        return moment(utcnow()) if self.is_today else f"{self.as_of} 24:00"

    @property
    def kept(self) -> dict[str, Any]:
        """The part of the address that every link from this page keeps."""
        return {name: request.args[name] for name in ("year", "as_of") if request.args.get(name)}

    def count(self, session: Session) -> Recount:
        """The recount asked for."""
        return recounted(session, self.programme, self.as_of)

    def sheet(self, session: Session) -> Sheet:
        """The sums asked for."""
        return sheet_for(session, self.programme, self.as_of)

    def context(self) -> dict[str, Any]:
        """What every template about progress says."""
        return {"asked": self, "kept": self.kept, "rule_version": RULE_VERSION}


def find_asked(session: Session) -> Asked | None:
    """The programme and day of the address; None while there is no programme at all."""
    today = shanghai_day(utcnow())
    year = request.args.get("year", "")
    programme = find_programme(session, int(year)) if _YEAR.fullmatch(year) else None
    programme = programme or current_programme(session, today)
    return (
        None if programme is None else Asked(programme, min(_day(request.args.get("as_of", "")) or today, today), today)
    )


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def asked_cut() -> Cut:
    """The slice of deals the address asks for; what counts, unless it says otherwise."""
    return Cut(
        slice=chosen(Slice, "reason") or Slice.COUNTED,
        kind=chosen(DealKind, "kind") or DealKind.PURCHASE,
        month=_matching(_MONTH, "month"),
        late={"1": True, "0": False}.get(request.args.get("late", "")),
        place=_matching(_PLACE, "prefecture"),
        basis=asked_basis(),
        event=_matching(_EVENT, "event"),
    )


def asked_basis() -> Basis:
    """To whom deals are attributed: to both sides' places unless the address says otherwise."""
    return chosen(Basis, "basis") or Basis.SHARED


def asked_events() -> EventCut:
    """The events the address asks for."""
    return EventCut(chosen(EventReason, "reason"), asked_place(), _matching(_MONTH, "month"))


def asked_place() -> str:
    """The prefecture, or other key of place, of the address."""
    return _matching(_PLACE, "prefecture")


def asked_event() -> str:
    """The public id of an event in the address."""
    return _matching(_EVENT, "event")


def chosen(choices: type[Choice], name: str) -> Choice | None:
    """One of an enumeration's values, if the address names one."""
    try:
        return choices(request.args.get(name, ""))
    except ValueError:
        return None


def _matching(shape: re.Pattern[str], name: str) -> str:
    text = request.args.get(name, "")
    return text if shape.fullmatch(text) else ""
