"""The rules of a session whose every meeting is to be held, and its breaks, in propositional logic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from matchmaker.meetings.timetable.clauses import Clauses
from matchmaker.meetings.timetable.domains import Domains, hall_table_of
from matchmaker.meetings.timetable.values import Instance


class Formula:
    """True of the slots that obey every rule and leave out nothing.

    at: per meeting, the literal of each slot it may take. breaks: per participant, literals that say "it has at least
    one, two, … breaks"; what the spread of breaks rules out is not among them. by_people: where all tables are shared,
    count the people seated in a slot and not the meetings, which are more.
    """

    def __init__(self, instance: Instance, domains: Domains, *, by_people: bool) -> None:
        self.instance = instance
        self.domains = domains
        self.clauses = Clauses()
        self.at = [
            {slot: self.clauses.new() for slot in sorted(domains.slots[meeting])}
            for meeting in range(len(instance.meetings))
        ]
        self.meetings_of: list[list[int]] = [[] for _ in instance.participants]
        for meeting, row in enumerate(self.at):
            self._hold_once(meeting, row)
            self._keep_order(meeting, row)
        busy = [self._busy(person) for person in range(len(instance.participants))]
        self._share_tables(busy if by_people and all(domains.in_hall) else None)
        most = [self._most_breaks(person, row) for person, row in enumerate(busy)]
        demanded = min(most, default=0)  # nobody can be asked to have more breaks than anybody may have
        if instance.fairness is not None:
            most = [min(number, demanded + instance.fairness) for number in most]
        self.breaks = [self._breaks(person, row, most[person]) for person, row in enumerate(busy)]
        self._keep_spread(demanded)

    def slots(self, model: Iterable[int]) -> dict[int, int]:
        """The slot of each meeting in a model of the formula."""
        true = set(model)
        return {meeting: slot for meeting, row in enumerate(self.at) for slot, x in row.items() if x in true}

    def _hold_once(self, meeting: int, row: Mapping[int, int]) -> None:
        self.clauses.add(*row.values())
        self.clauses.at_most_one(row.values())
        for person in self.instance.meetings[meeting].sides:
            self.meetings_of[person].append(meeting)

    def _keep_order(self, meeting: int, row: Mapping[int, int]) -> None:
        for before in self.instance.meetings[meeting].after:
            for slot, x in row.items():
                for other, y in self.at[before].items():
                    if other >= slot:
                        self.clauses.add(-x, -y)

    def _share_tables(self, busy: list[dict[int, int]] | None) -> None:
        hall: dict[int, list[int]] = {}
        pinned: dict[tuple[int, int], list[int]] = {}
        for meeting, row in enumerate(self.at):
            table = hall_table_of(self.instance, meeting)
            for slot, x in row.items() if self.domains.in_hall[meeting] else ():
                hall.setdefault(slot, []).append(x)
                if table is not None:
                    pinned.setdefault((table, slot), []).append(x)
        for slot, users in hall.items():
            tables = self.domains.open_hall[slot]
            if busy is None:
                self.clauses.at_most(users, tables)
            else:
                self.clauses.at_most([row[slot] for row in busy if slot in row], 2 * tables)
        for users in pinned.values():
            self.clauses.at_most_one(users)

    def _busy(self, person: int) -> dict[int, int]:
        """For each slot the participant may meet in, whether it does; it has exactly as many as it has meetings."""
        users: dict[int, list[int]] = {}
        for meeting in self.meetings_of[person]:
            for slot, x in self.at[meeting].items():
                users.setdefault(slot, []).append(x)
        row = {}
        for slot in sorted(users):
            self.clauses.at_most_one(users[slot])
            row[slot] = self.clauses.any_of(users[slot])
        self._count_agenda(person, row)
        return row

    def _count_agenda(self, person: int, row: Mapping[int, int]) -> None:
        meetings = self.meetings_of[person]
        cap = self.instance.participants[person].max_meetings
        if len(row) < len(meetings) or (cap is not None and cap < len(meetings)):
            self.clauses.add()
        elif meetings:
            count = self.clauses.count(list(row.values()), len(meetings) + 1)
            self.clauses.add(count[len(meetings) - 1])
            if len(count) > len(meetings):
                self.clauses.add(-count[len(meetings)])

    def _most_breaks(self, person: int, row: Mapping[int, int]) -> int:
        """The most breaks the participant can have, were it alone."""
        span = max(row, default=0) - min(row, default=0)
        return max(0, min(len(self.meetings_of[person]) - 1, span // 2))

    def _breaks(self, person: int, row: Mapping[int, int], most: int) -> list[int]:
        ends = self._gap_ends(row)
        count = self.clauses.count(ends, most + 1)
        if len(count) > most:
            self.clauses.add(-count[most])
        self._stay_close(row, len(self.meetings_of[person]), count[:1])
        return count[:most]

    def _gap_ends(self, row: Mapping[int, int]) -> list[int]:
        """One literal per slot in which a break may end: busy here, idle just before, and busy before that."""
        ends: list[int] = []
        started: int | None = None
        for slot, here in row.items():
            if started is not None:
                ends += self._gap_end(here, row.get(slot - 1), started)
            started = here if started is None else self.clauses.any_of([started, here])
        return ends

    def _gap_end(self, here: int, before: int | None, started: int) -> list[int]:
        if started == before:
            return []
        end = self.clauses.new()
        self.clauses.add(-here, *([] if before is None else [before]), -started, end)
        self.clauses.add(-end, here)
        self.clauses.add(-end, started)
        if before is not None:
            self.clauses.add(-end, -before)
        return [end]

    def _stay_close(self, row: Mapping[int, int], meetings: int, any_break: Sequence[int]) -> None:
        """Without a break nobody meets at two times further apart than it has meetings: implied, but found sooner."""
        for early, x in row.items():
            for late, y in row.items():
                if late - early >= meetings > 0:
                    self.clauses.add(*any_break, -x, -y)

    def _keep_spread(self, demanded: int) -> None:
        """As soon as anybody has `spread` more breaks than a number, everybody has at least that number."""
        spread = self.instance.fairness
        for number in range(1, demanded + 1) if spread is not None else ():
            everybody = self.clauses.new()
            for count in self.breaks:
                self.clauses.add(-everybody, *count[number - 1 : number])
                if spread is not None and number + spread <= len(count):
                    self.clauses.add(-count[number + spread - 1], everybody)
