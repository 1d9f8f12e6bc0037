"""The exact model: every slot of every meeting as yes or no, solved stage by stage by CP-SAT."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from ortools.sat.python import cp_model

from matchmaker.meetings.timetable.domains import Domains, hall_table_of
from matchmaker.meetings.timetable.values import Instance, OutOfTime, StageName

PATIENCE = 0.05  # seconds between two looks at the deadline


Tell = Callable[[int, int | None], None]  # a better value, and the bound if there is one yet


@dataclass(frozen=True, slots=True)
class Answer:
    """What one run found: a solution unless there is none or time was short, and a bound."""

    slots: dict[int, int] | None
    bound: int | None
    is_impossible: bool
    work: float


class Model:
    """Every rule of the session, the spread of breaks included, over one 0/1 variable per meeting and slot."""

    def __init__(self, instance: Instance, domains: Domains) -> None:
        self.instance = instance
        self.domains = domains
        self.model = cp_model.CpModel()
        self._is_minimising = False
        self.at = [
            {slot: self.model.new_bool_var("") for slot in sorted(domains.slots[meeting])}
            for meeting in range(len(instance.meetings))
        ]
        self.held = [sum(row.values()) for row in self.at]
        for meeting, row in enumerate(self.at):
            self.model.add_at_most_one(row.values())
            self._keep_order(meeting)
        self._share_tables()
        self.busy = self._busy()
        self.breaks = [self._gap_ends(row) for row in self.busy]
        self._served = self._mark_served()
        self._keep_spread()

    def aim(self, name: StageName) -> None:
        """Make this the aim of the next run."""
        self._is_minimising = name is StageName.BREAKS
        if self._is_minimising:
            self.model.minimize(self._measure(name))
        else:
            self.model.maximize(self._measure(name))

    def demand(self, name: StageName, least: int) -> None:
        """From now on, reach at least this."""
        if least > 0:
            self.model.add(self._measure(name) >= least)

    def limit(self, name: StageName, most: int) -> None:
        """Tell the solver what is known to be out of reach."""
        self.model.add(self._measure(name) <= most)

    def hold(self, meetings: Collection[int], *, no_others: bool) -> None:
        """Demand these meetings, and that nothing else is held if so asked."""
        for meeting in meetings:
            self.model.add_exactly_one(self.at[meeting].values())
        others = [meeting for meeting in range(len(self.at)) if meeting not in meetings]
        for x in (x for meeting in others if no_others for x in self.at[meeting].values()):
            self.model.add(x == 0)
        self._count_agendas(meetings, () if no_others else others)

    def _count_agendas(self, certain: Iterable[int], open_others: Iterable[int]) -> None:
        """Say how many meetings a participant has, where that is known: implied, but it makes proofs far shorter."""
        undecided = {person for meeting in open_others for person in self.instance.meetings[meeting].sides}
        counts = Counter(person for meeting in certain for person in self.instance.meetings[meeting].sides)
        for person in sorted(counts.keys() - undecided):
            self.model.add(sum(self.busy[person].values()) == counts[person])

    def _measure(self, name: StageName) -> cp_model.LinearExprT:
        pairs = list(zip(self.held, self.instance.meetings, strict=True))
        match name:
            case StageName.REQUIRED:
                return sum(held for held, request in pairs if request.required)
            case StageName.SERVED:
                return sum(self._served)
            case StageName.UTILITY:
                return sum(request.utility * held for held, request in pairs)
            case _:
                return sum(end for ends in self.breaks for end in ends)

    def _mark_served(self) -> list[cp_model.IntVar]:
        marks = [(self.model.new_bool_var(""), row) for row in self.busy if row]
        for mark, row in marks:
            self.model.add_bool_or([*row.values(), mark.negated()])
        return [mark for mark, _ in marks]

    def _keep_order(self, meeting: int) -> None:
        for before in self.instance.meetings[meeting].after:
            for slot in self.at[meeting]:
                late = sum(x for s, x in self.at[meeting].items() if s <= slot)
                self.model.add(late <= sum(x for s, x in self.at[before].items() if s < slot))

    def _share_tables(self) -> None:
        hall: dict[int, list[cp_model.IntVar]] = {}
        pinned: dict[tuple[int, int], list[cp_model.IntVar]] = {}
        for meeting, row in enumerate(self.at):
            table = hall_table_of(self.instance, meeting)
            for slot, x in row.items() if self.domains.in_hall[meeting] else ():
                hall.setdefault(slot, []).append(x)
                if table is not None:
                    pinned.setdefault((table, slot), []).append(x)
        for slot, users in hall.items():
            if len(users) > self.domains.open_hall[slot]:
                self.model.add(sum(users) <= self.domains.open_hall[slot])
        for users in pinned.values():
            self.model.add_at_most_one(users)

    def _busy(self) -> list[dict[int, cp_model.IntVar]]:
        """For each participant and slot it may meet in, whether it does; at most one meeting, and not above its cap."""
        users: list[dict[int, list[cp_model.IntVar]]] = [{} for _ in self.instance.participants]
        for meeting, row in enumerate(self.at):
            for slot, x in row.items():
                for person in self.instance.meetings[meeting].sides:
                    users[person].setdefault(slot, []).append(x)
        result = []
        for slots, participant in zip(users, self.instance.participants, strict=True):
            row = {slot: self.model.new_bool_var("") for slot in sorted(slots)}
            for slot, busy in row.items():
                self.model.add_exactly_one([*slots[slot], busy.negated()])
            if participant.max_meetings is not None and participant.max_meetings < len(row):
                self.model.add(sum(row.values()) <= participant.max_meetings)
            result.append(row)
        return result

    def _gap_ends(self, row: dict[int, cp_model.IntVar]) -> list[cp_model.IntVar]:
        """One literal per slot: busy here, idle just before, and busy at some time before that."""
        ends, never = [], self.model.new_constant(0)
        started = never
        for slot in range(min(row, default=0), max(row, default=-1) + 1):
            here, before = row.get(slot, never), row.get(slot - 1, never)
            if here is not never and started is not never:
                ends.append(self._gap_end(here, before, started))
            if here is not never:
                started = self._any_of(started, here)
        return ends

    def _gap_end(self, here: cp_model.IntVar, before: cp_model.IntVar, started: cp_model.IntVar) -> cp_model.IntVar:
        end = self.model.new_bool_var("")
        self.model.add_bool_or([here.negated(), before, started.negated(), end])
        self.model.add_implication(end, here)
        self.model.add_implication(end, before.negated())
        self.model.add_implication(end, started)
        return end

    def _any_of(self, x: cp_model.IntVar, y: cp_model.IntVar) -> cp_model.IntVar:
        either = self.model.new_bool_var("")
        self.model.add_implication(x, either)
        self.model.add_implication(y, either)
        self.model.add_bool_or([x, y, either.negated()])
        return either

    def _keep_spread(self) -> None:
        if self.instance.fairness is None:
            return
        counts = [sum(ends) for ends in self.breaks]
        least = self.model.new_int_var(0, self.instance.slots, "")
        for count in counts:
            self.model.add(count >= least)
            self.model.add(count <= least + self.instance.fairness)

    def solve(self, hint: Mapping[int, int], *, work: float, seed: int, out_of_time: OutOfTime, tell: Tell) -> Answer:
        """Run for so much work (about a second each on an ordinary machine), or until out of time."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for meeting, row in enumerate(self.at):
            for slot, x in row.items():
                self.model.add_hint(x, hint.get(meeting) == slot)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = work
        solver.parameters.linearization_level = 0
        solver.parameters.optimize_with_core = True
        with _Deadline(solver, out_of_time):
            status = solver.solve(self.model, _Teller(tell))
        return self._answer(solver, status)

    def _answer(self, solver: cp_model.CpSolver, status: cp_model.CpSolverStatus) -> Answer:
        work = solver.response_proto.deterministic_time
        if status == cp_model.INFEASIBLE:
            return Answer(None, None, True, work)
        bound = _whole(solver.best_objective_bound)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            # Without a solution it may print 0 for a bound it does not have: true of breaks, not of what is maximised.
            return Answer(None, bound if self._is_minimising else None, False, work)
        slots = {k: slot for k, row in enumerate(self.at) for slot, x in row.items() if solver.boolean_value(x)}
        return Answer(slots, bound, False, work)


def _whole(bound: float) -> int | None:
    """The bound as a number, or None before the solver has one."""
    return round(bound) if math.isfinite(bound) else None


class _Teller(cp_model.CpSolverSolutionCallback):
    """Tells value and bound of every better solution."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self._tell = tell

    def on_solution_callback(self) -> None:
        self._tell(round(self.objective_value), _whole(self.best_objective_bound))


class _Deadline:
    """Stops a solver from another thread as soon as the deadline says so."""

    def __init__(self, solver: cp_model.CpSolver, out_of_time: OutOfTime) -> None:
        self._solver, self._out_of_time = solver, out_of_time
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> None:
        self._watch.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(PATIENCE):
            if self._out_of_time():
                self._solver.stop_search()
