"""Fewest breaks, proved: the bound rises core by core until a timetable reaches it (the OLL algorithm over CaDiCaL)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass

from pysat.card import ITotalizer
from pysat.solvers import Solver

from matchmaker.meetings.timetable.domains import Domains
from matchmaker.meetings.timetable.formula import Formula
from matchmaker.meetings.timetable.values import Instance, OutOfTime

SOLVER = "cadical153"
SETTINGS = {"stabilizeonly": 1}  # seldom restart: what takes long is to find the slots, not to refute a bound
BY_PEOPLE = (True, False)  # how the tables in use are counted, by each search
SLICE = 1_000  # conflicts before another search has its turn
TRIAL = 200  # conflicts spent on leaving one literal out of a core
SMALL = 60  # literals in a core worth making smaller
HEAD_START = 3  # slices of a search before the next joins in

Turns = Generator[int, None, "Proof"]  # yields the conflicts each slice took
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Proof:
    """What became known: a bound, and the slots that reach it unless the budget ran out first."""

    slots: dict[int, int] | None
    bound: int
    is_impossible: bool = False
    conflicts: int = 0


def fewest_breaks(instance: Instance, domains: Domains, *, conflicts: int, out_of_time: OutOfTime, tell: Tell) -> Proof:
    """Hold every meeting with the fewest breaks; `tell` hears of every rise of the bound.

    Searches over different formulas take turns: what one finds at once may take another ages.
    """
    racing: list[tuple[CoreSearch, Turns]] = []
    spent = bound = turn = 0
    while spent < conflicts and not out_of_time():
        if len(racing) < min(len(BY_PEOPLE), 1 + turn // HEAD_START):
            search = CoreSearch(Formula(instance, domains, by_people=BY_PEOPLE[len(racing)]))
            racing.append((search, search.turns()))
        search, turns = racing[turn % len(racing)]
        turn += 1
        try:
            spent += next(turns)
        except StopIteration as end:
            proof: Proof = end.value
            return Proof(proof.slots, proof.bound, proof.is_impossible, spent)
        if search.bound > bound:
            bound = search.bound
            tell(bound)
    return Proof(None, bound, conflicts=spent)


class CoreSearch:
    """One search: each assumption says that something costs no more than it is already known to cost."""

    def __init__(self, formula: Formula) -> None:
        self.bound = 0
        self.formula = formula
        self._top = self.formula.clauses.variables
        self._sums: dict[int, tuple[ITotalizer, int]] = {}  # the count, and the number an assumption keeps it below
        self._assumed = {-one: None for count in self.formula.breaks for one in count}  # ordered, as a set is not
        self._solver = Solver(SOLVER)
        self._solver.configure(SETTINGS)
        self._add(self.formula.clauses.all)

    def turns(self) -> Turns:
        """Search slice by slice until everything is known."""
        with self._solver:
            while not (yield from self._solve(list(self._assumed))):
                core = self._solver.get_core()
                if not core:
                    return Proof(None, self.bound, is_impossible=True)
                self._relax((yield from self._shorten(core)))
                self.bound += 1
            return Proof(self.formula.slots(self._solver.get_model()), self.bound)

    def _solve(self, assumptions: list[int]) -> Generator[int, None, bool]:
        """Whether all assumptions can hold."""
        while (answer := self._try(assumptions, SLICE)) is None:
            yield SLICE
        yield SLICE // 10
        return answer

    def _try(self, assumptions: list[int], conflicts: int) -> bool | None:
        """The same, or None when so many conflicts are not enough to tell."""
        self._solver.conf_budget(conflicts)
        answer: bool | None = self._solver.solve_limited(assumptions=assumptions)
        return answer

    def _shorten(self, core: list[int]) -> Generator[int, None, list[int]]:
        """The core without literals that prove unnecessary at little cost."""
        kept = list(core)
        for literal in core if len(core) <= SMALL else ():
            rest = [one for one in kept if one != literal]
            if literal in kept and rest:
                if self._try(rest, TRIAL) is False:
                    needed = set(self._solver.get_core())
                    kept = [one for one in rest if one in needed]
                yield TRIAL
        return kept

    def _relax(self, core: list[int]) -> None:
        """Allow one of the core to fail, and no more than one."""
        for literal in core:
            del self._assumed[literal]
            if literal in self._sums:
                total, below = self._sums.pop(literal)
                self._keep_below(total, below + 1)
        if len(core) > 1:
            total = ITotalizer(lits=[-one for one in core], ubound=1, top_id=self._top)
            self._add(total.cnf.clauses)
            self._top = max(self._top, total.top_id)
            self._keep_below(total, 2)
        else:
            self._solver.add_clause([-core[0]])

    def _keep_below(self, total: ITotalizer, number: int) -> None:
        """Assume that fewer than so many of these hold, if there are so many."""
        if number > len(total.lits):
            return
        if number > total.ubound + 1:
            total.increase(ubound=number - 1, top_id=self._top)
            self._add(total.cnf.clauses[-total.nof_new :])
            self._top = max(self._top, total.top_id)
        literal = -total.rhs[number - 1]
        self._assumed[literal] = None
        self._sums[literal] = (total, number)

    def _add(self, clauses: Iterable[list[int]]) -> None:
        for clause in clauses:
            self._solver.add_clause(clause)
