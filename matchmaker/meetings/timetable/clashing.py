"""Why a session is impossible: a smallest set of its rules that cannot all be kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ortools.sat.python import cp_model

from matchmaker.meetings.timetable.values import Clash, Instance, OutOfTime, Rule, RuleKind
from matchmaker.solvers import smallest_clash


def find_clash(instance: Instance, *, seed: int, work: float, out_of_time: OutOfTime) -> Clash | None:
    """A smallest clash; None when every required meeting can be held, or the work ran out before that was known."""
    for meetings in (*_suspects(instance), _needed(instance, range(len(instance.meetings)))):
        session = SwitchedSession(instance, meetings)
        answer = smallest_clash(session.model, session.switches, seed=seed, work=work, out_of_time=out_of_time)
        if isinstance(answer, tuple):
            return Clash(tuple(sorted(answer[0])), answer[1])
    return None


def _suspects(instance: Instance) -> list[list[int]]:
    """Small parts of the session worth a look first: one meeting alone, then all of one participant."""
    required = [k for k, request in enumerate(instance.meetings) if request.required]
    mine: defaultdict[int, list[int]] = defaultdict(list)
    for meeting in required:
        for person in instance.meetings[meeting].sides:
            mine[person].append(meeting)
    alone = [[k] for k in required if not _room(instance, k)]
    crowded = [mine[person] for person in sorted(mine) if _is_crowded(instance, person, mine[person])]
    tied = [[k] for k in required if instance.meetings[k].after]
    return [_needed(instance, meetings) for meetings in [*alone, *crowded, *tied]]


def _room(instance: Instance, meeting: int) -> set[int]:
    request = instance.meetings[meeting]
    room = set(range(instance.slots)) if request.group is None else set(instance.slot_groups[request.group])
    if request.slot is not None:
        room &= {request.slot}
    return room.difference(*(instance.participants[person].unavailable for person in request.sides))


def _is_crowded(instance: Instance, person: int, meetings: list[int]) -> bool:
    slots = set[int]().union(*(_room(instance, meeting) for meeting in meetings))
    cap = instance.participants[person].max_meetings
    return len(meetings) > len(slots) or (cap is not None and len(meetings) > cap)


def _needed(instance: Instance, meetings: Iterable[int]) -> list[int]:
    """The required ones among them, and whatever must come before."""
    needed: set[int] = set()
    stack = [k for k in meetings if instance.meetings[k].required]
    while stack:
        meeting = stack.pop()
        if meeting not in needed:
            needed.add(meeting)
            stack.extend(instance.meetings[meeting].after)
    return sorted(needed)


class SwitchedSession:
    """Some meetings over all slots; each rule binds while its switch is on. A meeting is held when anything asks so."""

    def __init__(self, instance: Instance, meetings: list[int]) -> None:
        self.instance, self.meetings = instance, meetings
        self.model = cp_model.CpModel()
        self.switches: dict[Rule, cp_model.IntVar] = {}
        slots = range(instance.slots)
        self.at = {meeting: {slot: self.model.new_bool_var("") for slot in slots} for meeting in meetings}
        for meeting in meetings:
            self.model.add_at_most_one(self.at[meeting].values())
            self._ask(meeting)
            self._tie(meeting)
        for person in sorted({person for k in meetings for person in instance.meetings[k].sides}):
            self._limit(person, [k for k in meetings if person in instance.meetings[k].sides])
        self._share_hall()
        if instance.fairness is not None and len(meetings) == len(instance.meetings):
            self._keep_spread(instance.fairness)

    def _switch(self, kind: RuleKind, number: int = 0, other: int = 0) -> cp_model.IntVar:
        rule = Rule(kind, number, other)
        if rule not in self.switches:
            self.switches[rule] = self.model.new_bool_var("")
        return self.switches[rule]

    def _ask(self, meeting: int) -> None:
        request, row = self.instance.meetings[meeting], self.at[meeting]
        if request.required:
            self.model.add_bool_or([*row.values(), self._switch(RuleKind.REQUIRED, meeting).negated()])
        if request.a == request.b:
            self.model.add(sum(row.values()) == 0)
        for before in request.after:
            on = self._switch(RuleKind.ORDER, meeting, before)
            for slot, x in row.items():
                earlier = [y for s, y in self.at[before].items() if s < slot]
                self.model.add_bool_or([*earlier, x.negated(), on.negated()])

    def _tie(self, meeting: int) -> None:
        request = self.instance.meetings[meeting]
        slots = frozenset(range(self.instance.slots))
        if request.slot is not None:
            self._bar(meeting, slots - {request.slot}, [self._switch(RuleKind.FIXED_SLOT, meeting)])
        if request.group is not None:
            outside = slots - self.instance.slot_groups[request.group]
            self._bar(meeting, outside, [self._switch(RuleKind.GROUP, meeting)])
        for person in request.sides:
            if away := self.instance.participants[person].unavailable:
                self._bar(meeting, away, [self._switch(RuleKind.UNAVAILABLE, person)])
        self._tie_table(meeting)

    def _tie_table(self, meeting: int) -> None:
        """Booths, and fixed tables of the wrong owner; shared tables are counted in `_share_hall`."""
        request, tables = self.instance.meetings[meeting], self.instance.tables
        slots = frozenset(range(self.instance.slots))
        booths = [n for n, table in enumerate(tables) if table.host in request.sides]
        owners = [self._switch(RuleKind.BOOTH, host) for host in sorted({tables[n].host or 0 for n in booths})]
        allowed = booths or [n for n, table in enumerate(tables) if table.host is None]
        if request.table is not None and request.table not in allowed:
            self._bar(meeting, slots, [self._switch(RuleKind.FIXED_TABLE, meeting), *owners])
            return
        if request.table is not None:
            on = self._switch(RuleKind.FIXED_TABLE, meeting)
            self._close(meeting, [request.table], [on, *owners])
        if booths:
            self._close(meeting, booths, owners)

    def _close(self, meeting: int, tables: list[int], switches: list[cp_model.IntVar]) -> None:
        """Bar the slots in which all of these tables are closed."""
        closed = frozenset[int].intersection(*(self.instance.tables[n].closed for n in tables))
        if closed:
            self._bar(meeting, closed, [*switches, *(self._switch(RuleKind.CLOSED, n) for n in tables)])

    def _bar(self, meeting: int, slots: Iterable[int], switches: list[cp_model.IntVar]) -> None:
        off = [switch.negated() for switch in switches]
        for slot in slots:
            self.model.add_bool_or([self.at[meeting][slot].negated(), *off])

    def _limit(self, person: int, meetings: list[int]) -> None:
        for slot in range(self.instance.slots):
            self.model.add_at_most_one(self.at[k][slot] for k in meetings)
        cap = self.instance.participants[person].max_meetings
        if cap is not None and cap < len(meetings):
            total = sum(x for k in meetings for x in self.at[k].values())
            self.model.add(total <= cap).only_enforce_if(self._switch(RuleKind.CAP, person))

    def _share_hall(self) -> None:
        hosts = {table.host for table in self.instance.tables} - {None}
        users = [k for k in self.meetings if hosts.isdisjoint(self.instance.meetings[k].sides)]
        hall = [n for n, table in enumerate(self.instance.tables) if table.host is None]
        for slot in range(self.instance.slots) if users else ():
            closed = [self._switch(RuleKind.CLOSED, n) for n in hall if slot in self.instance.tables[n].closed]
            if len(users) > len(hall) - len(closed):
                total = sum(self.at[k][slot] for k in users)
                enough = self.model.add(total + sum(closed) <= len(hall))
                enough.only_enforce_if(self._switch(RuleKind.TABLES))
            for table in hall:
                pinned = [k for k in users if self.instance.meetings[k].table == table]
                self._share_table([self.at[k][slot] for k in pinned], pinned)

    def _share_table(self, here: list[cp_model.IntVar], meetings: list[int]) -> None:
        """Not two meetings fixed at one table at a time."""
        for first in range(len(meetings)):
            for second in range(first + 1, len(meetings)):
                fixed = [self._switch(RuleKind.FIXED_TABLE, meetings[n]).negated() for n in (first, second)]
                self.model.add_bool_or([here[first].negated(), here[second].negated(), *fixed])

    def _keep_spread(self, fairness: int) -> None:
        """Starts of busy runs, counted for everybody; one run is no break."""
        on, slots = self._switch(RuleKind.SPREAD), range(self.instance.slots)
        least = self.model.new_int_var(0, self.instance.slots, "")
        for person in range(len(self.instance.participants)):
            mine = [k for k in self.meetings if person in self.instance.meetings[k].sides]
            busy = [sum(self.at[k][slot] for k in mine) for slot in slots]
            starts = [self.model.new_bool_var("") for _ in slots]
            for slot, start in enumerate(starts):
                before = busy[slot - 1] if slot else 0
                self.model.add(start >= busy[slot] - before)
                self.model.add(start <= busy[slot])
                self.model.add(start <= 1 - before)
            present = self.model.new_bool_var("")
            self.model.add(sum(starts) >= present)
            self.model.add(sum(starts) <= self.instance.slots * present)
            breaks = sum(starts) - present
            self.model.add(breaks >= least).only_enforce_if(on)
            self.model.add(breaks <= least + fairness).only_enforce_if(on)
