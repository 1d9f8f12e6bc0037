"""Why a year cannot be planned: a model in which every rule can be switched off, and a smallest set that clashes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

from ortools.sat.python import cp_model

from matchmaker.events.planning.rows import chain_orders
from matchmaker.events.planning.values import (
    TEAM_REST,
    Clash,
    Event,
    OutOfTime,
    Placement,
    Programme,
    Rule,
    RuleKind,
)
from matchmaker.solvers import smallest_clash


class SwitchedYear:
    """The year over first days and venues; each rule binds while its switch is on."""

    def __init__(self, programme: Programme, fixed: Mapping[int, Placement]) -> None:
        self.programme = programme
        self.model = cp_model.CpModel()
        self.switches: dict[Rule, cp_model.IntVar] = {}
        self.begins = [self.model.new_int_var(0, self._last(event), "") for event in programme.events]
        self.held = [self._switch(RuleKind.EVENT, number) for number in range(len(programme.events))]
        self.at = [self._venues(number) for number in range(len(programme.events))]
        self._house()
        self._keep_closed_days()
        self._keep_away_days()
        self._keep_apart()
        self._keep_order()
        self._keep_days()
        self._fill_quarters()
        for number, place in fixed.items():
            self._fix(number, place)

    def placements(self, solver: cp_model.CpSolver) -> tuple[Placement, ...]:
        """The plan a solver found with every switch on."""
        return tuple(
            Placement(number, solver.value(begin), next(v for v, here in row.items() if solver.boolean_value(here)))
            for number, (begin, row) in enumerate(zip(self.begins, self.at, strict=True))
        )

    def _last(self, event: Event) -> int:
        return max(0, self.programme.days - event.days)

    def _switch(self, kind: RuleKind, number: int = 0) -> cp_model.IntVar:
        return self.switches.setdefault(Rule(kind, number), self.model.new_bool_var(""))

    def _venues(self, number: int) -> dict[int, cp_model.IntVar]:
        event = self.programme.events[number]
        fits = [
            n for n, one in enumerate(self.programme.venues) if one.city in event.cities and one.seats >= event.size
        ]
        row = {venue: self.model.new_bool_var("") for venue in fits}
        is_long = event.days > self.programme.days
        self.model.add_exactly_one([*row.values(), self.held[number].negated()])
        if is_long:
            self.model.add(self.held[number] == 0)
        return row

    def _house(self) -> None:
        for venue in range(len(self.programme.venues)):
            users = [number for number, row in enumerate(self.at) if venue in row]
            self.model.add_no_overlap(
                self.model.new_optional_fixed_size_interval_var(
                    self.begins[number], self.programme.events[number].days, self.at[number][venue], ""
                )
                for number in users
            )

    def _keep_closed_days(self) -> None:
        for number, row in enumerate(self.at):
            for venue, here in row.items():
                closed = self.programme.venues[venue].closed
                if closed:
                    on = self._switch(RuleKind.VENUE_CLOSED, venue)
                    self._avoid(number, closed, [here, on])

    def _keep_away_days(self) -> None:
        for number, event in enumerate(self.programme.events):
            for leader in sorted(event.leaders):
                if self.programme.away[leader]:
                    on = self._switch(RuleKind.LEADER_AWAY, leader)
                    self._avoid(number, self.programme.away[leader], [self.held[number], on])

    def _avoid(self, number: int, days: Iterable[int], switches: list[cp_model.IntVar]) -> None:
        length = self.programme.events[number].days
        barred = {day - before for day in days for before in range(length)}
        allowed = [day for day in range(self._last(self.programme.events[number]) + 1) if day not in barred]
        domain = cp_model.Domain.from_values(allowed)
        self.model.add_linear_expression_in_domain(self.begins[number], domain).only_enforce_if(*switches)

    def _keep_apart(self) -> None:
        events = list(enumerate(self.programme.events))
        for (a, one), (b, other) in itertools.combinations(events, 2):
            apart = [
                (self._switch(RuleKind.LEADER_GAP, leader), self.programme.gap)
                for leader in one.leaders & other.leaders
            ]
            if one.team == other.team:
                apart.append((self._switch(RuleKind.TEAM_REST, one.team), TEAM_REST))
            if not apart:
                continue
            first = self.model.new_bool_var("")
            for on, rest in apart:
                both = [self.held[a], self.held[b], on]
                self.model.add(self.begins[b] >= self.begins[a] + one.days + rest).only_enforce_if(*both, first)
                self.model.add(self.begins[a] >= self.begins[b] + other.days + rest).only_enforce_if(
                    *both, first.negated()
                )

    def _keep_order(self) -> None:
        for early, late in chain_orders(self.programme):
            on = self._switch(RuleKind.CHAIN_ORDER, self.programme.events[early].chain)
            end = self.begins[early] + self.programme.events[early].days
            self.model.add(end <= self.begins[late]).only_enforce_if(on, self.held[early], self.held[late])

    def _keep_days(self) -> None:
        on, events = self._switch(RuleKind.PER_DAY), self.programme.events
        intervals = [
            self.model.new_optional_fixed_size_interval_var(begin, event.days, held, "")
            for begin, event, held in zip(self.begins, events, self.held, strict=True)
        ]
        room = self.model.new_int_var(0, max(len(events), self.programme.per_day), "")
        self.model.add(room == self.programme.per_day).only_enforce_if(on)
        self.model.add_cumulative(intervals, [1] * len(intervals), room)

    def _fill_quarters(self) -> None:
        within = [self._within(first, last) for first, last in self.programme.quarters]
        for number, here in enumerate(within):
            on = self._switch(RuleKind.QUARTER, number)
            self.model.add(sum(here) >= self.programme.quarter_min).only_enforce_if(on)
        spans = list(zip(self.programme.quarters, within, strict=True))
        for ((first, last), row), ((start, end), other) in itertools.combinations(spans, 2):
            if last < start or end < first:
                for one, two in zip(row, other, strict=True):
                    self.model.add_at_most_one([one, two])

    def _within(self, first: int, last: int) -> list[cp_model.IntVar]:
        """For each event, a mark it can bear only when it is held and begins in this quarter."""
        marks = []
        for begin, held in zip(self.begins, self.held, strict=True):
            here = self.model.new_bool_var("")
            self.model.add_implication(here, held)
            self.model.add(begin >= first).only_enforce_if(here)
            self.model.add(begin <= last).only_enforce_if(here)
            marks.append(here)
        return marks

    def _fix(self, number: int, place: Placement) -> None:
        on = self._switch(RuleKind.FIXED, number)
        if (here := self.at[number].get(place.venue)) is None:
            self.model.add_bool_or([on.negated(), self.held[number].negated()])
        else:
            self.model.add_implication(on, here).only_enforce_if(self.held[number])
        self.model.add(self.begins[number] == place.day).only_enforce_if(on, self.held[number])


def feasible(
    programme: Programme, fixed: Mapping[int, Placement], *, seed: int, work: float, out_of_time: OutOfTime
) -> tuple[Placement, ...] | Clash | None:
    """Any plan that keeps every rule, or a smallest set of rules that clash; None when time was short."""
    year = SwitchedYear(programme, fixed)
    answer = smallest_clash(year.model, year.switches, seed=seed, work=work, out_of_time=out_of_time)
    if isinstance(answer, cp_model.CpSolver):
        return year.placements(answer)
    return None if answer is None else Clash(tuple(sorted(answer[0])), answer[1])
