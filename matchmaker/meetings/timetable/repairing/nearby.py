"""The exact model of a repair: some meetings may move, the others stand, and as little as possible changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from matchmaker.meetings.timetable.board import Board
from matchmaker.meetings.timetable.measuring import breaks_in
from matchmaker.meetings.timetable.repairing.damage import Damage
from matchmaker.meetings.timetable.values import Instance, OutOfTime
from matchmaker.solvers import repeatable_solver, stopping

EFFORT = 0.6  # work the first run may take, on which most depends
AFTER = 0.3  # and the one after it
LOST = 2  # giving up the only meeting of a participant weighs as much as giving up so many others

Var = cp_model.IntVar
Tier = list[tuple[cp_model.LiteralT, int]]  # what is to be avoided, each with its weight


@dataclass(frozen=True, slots=True)
class Found:
    """Slots for the movable meetings, and what they cost beyond the damage itself."""

    slots: dict[int, int]
    missing: int  # required meetings not held
    others: int  # standing meetings moved or given up
    work: float


class Nearby:
    """One 0/1 variable for each movable meeting and slot; everything else is taken from the board as it stands.

    board: what stands, the movable meetings lifted. A standing meeting that is movable keeps its table unless it moves.
    """

    def __init__(self, instance: Instance, damage: Damage, board: Board, movable: Collection[int]) -> None:
        self.instance, self.damage, self.board = instance, damage, board
        self.movable = sorted(movable)
        self.model = cp_model.CpModel()
        self._always, self._never = self.model.new_constant(1), self.model.new_constant(0)
        self.at = {meeting: self._row(meeting) for meeting in self.movable}
        self.left = {meeting: self.model.new_bool_var("") for meeting in self.movable}
        self._own: defaultdict[int, list[int]] = defaultdict(list)  # of each participant, the movable meetings
        for meeting in self.movable:
            for person in instance.meetings[meeting].sides:
                self._own[person].append(meeting)
        self.people = sorted(self._own)
        self.busy = {person: self._busy(person) for person in self.people}
        self.meetings_of = Counter(person for k in damage.published for person in instance.meetings[k].sides)
        for meeting, row in self.at.items():
            self.model.add_exactly_one([*row.values(), self.left[meeting]])
        self._keep_caps()
        self._keep_order()
        self._share_tables()
        self.breaks: dict[int, list[Var]] = {}  # made when they are asked for
        self._keep_spread()

    def solve(self, *, start: Mapping[int, int], rescue: int, seed: int, out_of_time: OutOfTime) -> Found | None:
        """Hold what is required with the fewest others disturbed, then lose little of what was published.

        start: slots to begin the search from; meetings not named there are left out at first.
        rescue: how many others may be disturbed so that published meetings nobody required are still held.
        """
        missing, others = self._missing(), self._others()
        self._hint(start)
        first = self._run([missing, others], EFFORT, seed, out_of_time)
        if first is None:
            return None
        self.model.add(_total(missing) <= first.missing)
        self.model.add(_total(others) <= max(first.others, rescue))
        if self.damage.published.keys() & self.at.keys() <= first.slots.keys():
            return first
        return self._follow(first, [self._lost(), others], AFTER, seed, out_of_time)

    def polish(self, found: Found, *, work: float, seed: int, out_of_time: OutOfTime) -> Found:
        """Of all repairs as good as this one, look for one with few changed hours and few breaks."""
        self._count_breaks()
        tiers = [self._lost(), self._others(), self._shifted(), self._gaps()]
        return self._follow(found, tiers, work, seed, out_of_time)

    def _follow(self, found: Found, tiers: Sequence[Tier], work: float, seed: int, out_of_time: OutOfTime) -> Found:
        """Run again from what was found; never worse, since the first tiers are what it was chosen by."""
        self._hint(found.slots)
        better = self._run(tiers, work, seed, out_of_time)
        return found if better is None else replace(better, work=found.work + better.work)

    def _hint(self, slots: Mapping[int, int]) -> None:
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for meeting, row in self.at.items():
            self.model.add_hint(self.left[meeting], meeting not in slots)
            for slot, x in row.items():
                self.model.add_hint(x, slots.get(meeting) == slot)
        met = {(person, slots[k]) for k in self.movable if k in slots for person in self.instance.meetings[k].sides}
        for person, row in self.busy.items():
            for slot, busy in row.items():
                if busy is not self._always:
                    self.model.add_hint(busy, (person, slot) in met)

    def _row(self, meeting: int) -> dict[int, Var]:
        busy = [self.board.agenda[person] for person in self.instance.meetings[meeting].sides]
        slots = [slot for slot in sorted(self.damage.domains.slots[meeting]) if not any(slot in plan for plan in busy)]
        return {slot: self.model.new_bool_var("") for slot in slots if self.board.has_table(meeting, slot)}

    def _busy(self, person: int) -> dict[int, Var]:
        """For each slot the participant may meet in, whether it does; at most one meeting at a time."""
        users: defaultdict[int, list[Var]] = defaultdict(list)
        for meeting in self._own[person]:
            for slot, x in self.at[meeting].items():
                users[slot].append(x)
        row = dict.fromkeys(self.board.agenda[person], self._always)
        for slot, meetings in users.items():
            row[slot] = self.model.new_bool_var("")
            self.model.add_exactly_one([*meetings, row[slot].negated()])
        return row

    def _keep_caps(self) -> None:
        for person in self.people:
            cap = self.instance.participants[person].max_meetings
            if cap is not None and cap < len(self.busy[person]):
                self.model.add(sum(self.busy[person].values()) <= cap)

    def _keep_order(self) -> None:
        for meeting, request in enumerate(self.instance.meetings):
            for before in request.after:
                if meeting in self.at or before in self.at:
                    self._sequence(before, meeting)

    def _sequence(self, before: int, meeting: int) -> None:
        """Hold the meeting only after the other, whichever of them may move."""
        later, earlier = self._places(meeting), self._places(before)
        for slot in later:
            late = sum(x for s, x in later.items() if s <= slot)
            self.model.add(late <= sum(x for s, x in earlier.items() if s < slot))

    def _places(self, meeting: int) -> dict[int, Var]:
        if meeting in self.at:
            return self.at[meeting]
        slot = self.board.slot_of.get(meeting)
        return {} if slot is None else {slot: self._always}

    def _share_tables(self) -> None:
        users: defaultdict[int, list[Var]] = defaultdict(list)
        for meeting, row in self.at.items():
            for slot, x in row.items() if self.damage.domains.in_hall[meeting] else ():
                users[slot].append(x)
        for slot, meetings in users.items():
            if len(meetings) > self.board.spare[slot]:
                self.model.add(sum(meetings) <= self.board.spare[slot])
        self._share_pinned()

    def _share_pinned(self) -> None:
        """A meeting tied to a shared table can use it only when nobody who stays sits there."""
        seated = {(held.table, held.slot): k for k, held in self.damage.standing.items()}
        pinned: defaultdict[tuple[int, int], list[Var]] = defaultdict(list)
        for meeting, row in self.at.items():
            if (table := self.board.pinned[meeting]) is not None:
                for slot, x in row.items():
                    pinned[table, slot].append(x)
        for place, meetings in pinned.items():
            sitting = seated.get(place)
            if sitting in self.at and self.board.pinned[sitting] is None:
                meetings.append(self.at[sitting][place[1]])
            elif sitting is not None and sitting not in self.at:
                self.model.add(sum(meetings) == 0)
            self.model.add_at_most_one(meetings)

    def _count_breaks(self) -> None:
        self.breaks = self.breaks or {person: self._gap_ends(person) for person in self.people}

    def _gap_ends(self, person: int) -> list[Var]:
        """One literal per slot: busy here, idle just before, and busy at some time before that."""
        row, ends = self.busy[person], []
        started = self._never
        for slot in range(min(row, default=0), max(row, default=-1) + 1):
            if (here := row.get(slot)) is None:
                continue
            before = row.get(slot - 1, self._never)
            if started is not self._never and before is not self._always:
                ends.append(self._gap_end(here, before, started))
            started = self._either(started, here)
        return ends

    def _gap_end(self, here: Var, before: Var, started: Var) -> Var:
        end = self.model.new_bool_var("")
        self.model.add_bool_or([here.negated(), before, started.negated(), end])
        self.model.add_implication(end, here)
        self.model.add_implication(end, before.negated())
        self.model.add_implication(end, started)
        return end

    def _either(self, started: Var, here: Var) -> Var:
        if started is self._never or here is self._always:
            return here
        if started is self._always:
            return started
        either = self.model.new_bool_var("")
        self.model.add_implication(started, either)
        self.model.add_implication(here, either)
        self.model.add_bool_or([started, here, either.negated()])
        return either

    def _keep_spread(self) -> None:
        if self.instance.fairness is None:
            return
        self._count_breaks()
        still = {breaks_in(plan) for person, plan in enumerate(self.board.agenda) if person not in self.breaks}
        least = self.model.new_int_var(0, self.instance.slots, "")
        for count in [*sorted(still), *(sum(ends) for ends in self.breaks.values())]:
            self.model.add(least <= count)
            self.model.add(least + self.instance.fairness >= count)

    def _missing(self) -> Tier:
        """Required meetings that are not held."""
        return [(self.left[k], 1) for k in self.movable if self.instance.meetings[k].required]

    def _others(self) -> Tier:
        """Standing meetings that do not stay as they are."""
        standing = self.damage.standing
        return [(self.at[k][standing[k].slot].negated(), 1) for k in self.movable if k in standing]

    def _lost(self) -> Tier:
        """Published meetings that are not held."""
        return [(self.left[k], self._value(k)) for k in self.movable if k in self.damage.published]

    def _shifted(self) -> Tier:
        """Meetings that could not stay and now take place at another hour."""
        loose = {k: self.damage.published[k].slot for k in self.movable if k in self.damage.published}
        later = loose.keys() - self.damage.standing.keys()
        return [(x, 1) for k in sorted(later) for slot, x in self.at[k].items() if slot != loose[k]]

    def _gaps(self) -> Tier:
        return [(end, 1) for ends in self.breaks.values() for end in ends]

    def _value(self, meeting: int) -> int:
        alone = any(self.meetings_of[person] == 1 for person in self.instance.meetings[meeting].sides)
        return 1 + LOST * alone

    def _run(self, tiers: Sequence[Tier], work: float, seed: int, out_of_time: OutOfTime) -> Found | None:
        self.model.minimize(_in_turn(tiers))
        solver = repeatable_solver(seed=seed, work=max(work, 0.0))
        # Presolve sees at once that a full hall has no seat; where others may move it costs more than it saves.
        solver.parameters.cp_model_presolve = self.at.keys().isdisjoint(self.damage.standing)
        with stopping(solver, out_of_time):
            status = solver.solve(self.model)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        slots = {k: slot for k, row in self.at.items() for slot, x in row.items() if solver.boolean_value(x)}
        return Found(
            slots=slots,
            missing=solver.value(_total(self._missing())),
            others=solver.value(_total(self._others())),
            work=solver.response_proto.deterministic_time,
        )


def _total(tier: Tier) -> cp_model.LinearExpr:
    return cp_model.LinearExpr.weighted_sum([x for x, _ in tier], [weight for _, weight in tier])


def _in_turn(tiers: Sequence[Tier]) -> cp_model.LinearExpr:
    """One sum in which each tier outweighs all those after it together."""
    terms: Tier = []
    unit = 1
    for tier in reversed(tiers):
        terms += [(x, unit * weight) for x, weight in tier]
        unit *= 1 + sum(weight for _, weight in tier)
    return _total(terms)
