"""The board on which a timetable is laid out: who is busy when, and how many shared tables are left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matchmaker.meetings.timetable.domains import Domains, hall_table_of
from matchmaker.meetings.timetable.values import Instance


class Board:
    """Meetings placed so far. Every hard rule holds after each operation, except the spread of breaks."""

    def __init__(self, instance: Instance, domains: Domains, slots: Mapping[int, int] | None = None) -> None:
        self.instance = instance
        self.domains = domains
        self.slot_of: dict[int, int] = {}
        self.agenda: list[dict[int, int]] = [{} for _ in instance.participants]
        self.spare = list(domains.open_hall)
        self.pinned = [hall_table_of(instance, meeting) for meeting in range(len(instance.meetings))]
        self._pins: set[tuple[int, int]] = set()
        self._tied = tied(instance)
        for meeting, slot in (slots or {}).items():
            self.place(meeting, slot)

    def restore(self, slots: Mapping[int, int]) -> None:
        """Lay the board anew."""
        for meeting in list(self.slot_of):
            self.lift(meeting)
        for meeting, slot in slots.items():
            self.place(meeting, slot)

    def is_free(self, meeting: int) -> bool:
        """Whether the meeting may change its slot without regard to an order or to a table of its own."""
        return meeting not in self._tied

    def seated(self, slot: int) -> list[int]:
        """The meetings held at shared tables in a slot."""
        return sorted({day[slot] for day in self.agenda if slot in day and self.domains.in_hall[day[slot]]})

    def wants_more(self, meeting: int) -> bool:
        """Whether neither side has as many meetings as it wants."""
        return not any(self.is_full(person) for person in self.instance.meetings[meeting].sides)

    def is_full(self, person: int) -> bool:
        """Whether the participant has as many meetings as it wants."""
        cap = self.instance.participants[person].max_meetings
        return cap is not None and len(self.agenda[person]) >= cap

    def has_table(self, meeting: int, slot: int) -> bool:
        """Whether a table is left for the meeting in this slot."""
        if not self.domains.in_hall[meeting]:
            return True
        return self.spare[slot] > 0 and (self.pinned[meeting], slot) not in self._pins

    def follows(self, meeting: int, slot: int) -> bool:
        """Whether everything that must come first is held earlier."""
        after = self.instance.meetings[meeting].after
        return all(before in self.slot_of and self.slot_of[before] < slot for before in after)

    def common_slots(self, meeting: int) -> list[int]:
        """The slots the meeting may take in which both sides are free, in order."""
        a, b = self.instance.meetings[meeting].sides
        busy_a, busy_b = self.agenda[a], self.agenda[b]
        return [slot for slot in sorted(self.domains.slots[meeting]) if slot not in busy_a and slot not in busy_b]

    def open_slots(self, meeting: int) -> list[int]:
        """The slots in which the meeting can be held as things are."""
        if not self.wants_more(meeting):
            return []
        return [s for s in self.common_slots(meeting) if self.has_table(meeting, s) and self.follows(meeting, s)]

    def added_breaks(self, meeting: int, slot: int) -> int:
        """How many breaks more the two sides have when the meeting is held in this slot, in which both are free."""
        return sum(_change(self.agenda[person], slot) for person in self.instance.meetings[meeting].sides)

    def place(self, meeting: int, slot: int) -> None:
        """Hold the meeting in one of its open slots."""
        self.slot_of[meeting] = slot
        for person in self.instance.meetings[meeting].sides:
            self.agenda[person][slot] = meeting
        if self.domains.in_hall[meeting]:
            self.spare[slot] -= 1
            if (table := self.pinned[meeting]) is not None:
                self._pins.add((table, slot))

    def lift(self, meeting: int) -> None:
        """Take the meeting off the board; nothing that follows it may be on it."""
        slot = self.slot_of.pop(meeting)
        for person in self.instance.meetings[meeting].sides:
            del self.agenda[person][slot]
        if self.domains.in_hall[meeting]:
            self.spare[slot] += 1
            if (table := self.pinned[meeting]) is not None:
                self._pins.discard((table, slot))

    def chain(self, starts: Iterable[int], here: int, there: int) -> set[int] | None:
        """The meetings that must change places between two slots if these do; None when one of them cannot."""
        found = set(starts)
        stack = list(found)
        while stack:
            meeting = stack.pop()
            target = there if self.slot_of[meeting] == here else here
            if meeting in self._tied or target not in self.domains.slots[meeting]:
                return None
            for person in self.instance.meetings[meeting].sides:
                met = self.agenda[person].get(target)
                if met is not None and met not in found:
                    found.add(met)
                    stack.append(met)
        return found

    def tables_freed(self, chain: Iterable[int], here: int) -> int:
        """How many shared tables of `here` are won (or lost, below zero) when the chain changes places."""
        return sum((1 if self.slot_of[k] == here else -1) for k in chain if self.domains.in_hall[k])

    def exchange(self, chain: Iterable[int], here: int, there: int) -> None:
        """Let every meeting of a chain change to the other of two slots."""
        moves = [(meeting, there if self.slot_of[meeting] == here else here) for meeting in sorted(chain)]
        for meeting, _ in moves:
            self.lift(meeting)
        for meeting, slot in moves:
            self.place(meeting, slot)


def _change(busy: Mapping[int, int], slot: int) -> int:
    if not busy:
        return 0
    beside = (slot - 1 in busy) + (slot + 1 in busy)
    if beside == 0:
        # Outside the present span or inside a gap: either way one more gap.
        return 1
    return 1 - beside


def tied(instance: Instance) -> frozenset[int]:
    """Meetings that stay where they were put: they have a place in an order, or a shared table of their own."""
    first = {before for request in instance.meetings for before in request.after}
    return frozenset(
        meeting
        for meeting, request in enumerate(instance.meetings)
        if request.after or meeting in first or hall_table_of(instance, meeting) is not None
    )
