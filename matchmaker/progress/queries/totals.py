"""The totals of a programme on a day: against their targets, by month, by kind, by prefecture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy.orm import Session

from matchmaker.deals.counting import DealKind, EventReason
from matchmaker.programmes.models import Programme
from matchmaker.programmes.queries import goals_of, plan_of
from matchmaker.progress.pace import Stand, planned_share
from matchmaker.progress.projection import Sheet, sheet_for
from matchmaker.progress.slices import Basis, Slice
from matchmaker.progress.standings import PlaceName, Standing, Standings, standings_of, tallies_of
from matchmaker.progress.walk import (
    Concentration,
    Renewed,
    Step,
    Walk,
    concentration_of,
    renewed_of,
    step,
    walk_of,
)
from matchmaker.regions.queries import prefectures


@dataclass(frozen=True, slots=True)
class MonthLine:
    """What a month brought, the running total after it, and what was planned by its end."""

    month: str
    on_time: int
    late: int
    withdrawn: int
    net: int
    running: int
    planned: Fraction | None


@dataclass(frozen=True, slots=True)
class KindLine:
    """The net of one kind and how many deals it is made of (R7)."""

    kind: DealKind
    net: int
    deals: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the overview says, as plain values."""

    sheet: Sheet
    share: Fraction | None
    events: Stand
    enterprises: Stand
    amount: Stand
    event_reasons: Mapping[EventReason, int]
    walk: Walk
    renewed: Renewed
    stages: Mapping[Slice, Step]
    months: Sequence[MonthLine]
    plan: Sequence[Fraction]
    kinds: Sequence[KindLine]
    concentration: Concentration
    standings: Standings


_STAGES = (
    Slice.CONFIRMED,
    Slice.VERIFIED,
    Slice.CONTRACTED,
    Slice.UNCONTRACTED,
    Slice.DELIVERED,
    Slice.UNDELIVERED,
)


def overview_of(session: Session, programme: Programme, as_of: date) -> Overview:
    """The overview of a programme as of the end of a day."""
    sheet = sheet_for(session, programme, as_of)
    plan = plan_of(session, programme)
    share = planned_share(plan, programme.year, as_of)
    attendance = sheet.attendance
    return Overview(
        sheet=sheet,
        share=share,
        events=Stand(attendance.events_counted, programme.event_target, share),
        enterprises=Stand(attendance.enterprises, programme.enterprise_target, share),
        amount=Stand(sheet.net, programme.amount_target, share),
        event_reasons=Counter(event.reason for event in attendance.events.values()),
        walk=walk_of(sheet),
        renewed=renewed_of(sheet),
        stages={slice_: step(sheet, slice_) for slice_ in _STAGES},
        months=_months(sheet, programme, plan),
        plan=[Fraction(plan.get(month, 0) * programme.amount_target, 10_000) for month in range(1, 13)] if plan else [],
        kinds=_kinds(sheet),
        concentration=concentration_of(sheet),
        standings=standings_of_day(session, programme, sheet),
    )


def _months(sheet: Sheet, programme: Programme, plan: Mapping[int, int]) -> list[MonthLine]:
    """Every month of the year that has begun, and any later one that something was booked to."""
    booked, as_of = sheet.months(), sheet.as_of
    begun = 12 if as_of.year > programme.year else as_of.month if as_of.year == programme.year else 0
    year = {f"{programme.year}-{number:02d}": number for number in range(1, 13)}
    lines: list[MonthLine] = []
    running = 0
    for month in sorted({*list(year)[:begun], *booked}):
        of = booked.get(month)
        on_time, late, withdrawn = (of.on_time, of.late, of.withdrawn) if of else (0, 0, 0)
        running += on_time + late - withdrawn
        due = Fraction(plan[year[month]] * programme.amount_target, 10_000) if plan.get(year.get(month, 0)) else None
        lines.append(MonthLine(month, on_time, late, withdrawn, on_time + late - withdrawn, running, due))
    return lines


def _kinds(sheet: Sheet) -> list[KindLine]:
    return [KindLine(kind, *sheet.of_kind(kind)) for kind in DealKind]


def place_names(session: Session) -> list[PlaceName]:
    """The prefectures as tables name them."""
    return [PlaceName(region.code, region.short_name) for region in prefectures(session)]


def standings_of_day(session: Session, programme: Programme, sheet: Sheet, basis: Basis = Basis.SHARED) -> Standings:
    """The standings of a sheet's day, with the places gained since the month before ended."""
    as_of = sheet.as_of
    place = _ranking(session, programme)
    other = Basis.ORGANISER if basis is Basis.SHARED else Basis.SHARED
    now, elsewhere = place(sheet, basis), _ranks(place(sheet, other))
    ended = as_of.replace(day=1) - timedelta(days=1)
    before = _ranks(place(sheet_for(session, programme, ended), basis)) if ended.year == programme.year else {}
    rows = [replace(row, moved=_moved(row, before), shifts=row.rank != elsewhere[row.place.code]) for row in now.rows]
    return Standings(rows, now.others)


def _ranking(session: Session, programme: Programme) -> Callable[[Sheet, Basis], Standings]:
    """What ranks the prefectures of one sheet after another."""
    names, goals, plan = place_names(session), goals_of(session, programme), plan_of(session, programme)

    def place(sheet: Sheet, basis: Basis) -> Standings:
        share = planned_share(plan, programme.year, sheet.as_of)
        return standings_of(names, goals, tallies_of(sheet, basis), share)

    return place


def _ranks(standings: Standings) -> dict[str, int | None]:
    return {row.place.code: row.rank for row in standings.rows}


def _moved(row: Standing, before: Mapping[str, int | None]) -> int | None:
    then = before.get(row.place.code)
    return None if then is None or row.rank is None else then - row.rank
