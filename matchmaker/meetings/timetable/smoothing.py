"""Fewer breaks by letting meetings change places between two slots, in the manner of annealing.

A participant's meeting moves to one of its idle slots; the partner's meeting there takes the slot left free, and so on
along a path. Only at the two ends of the path does anybody's day look different afterwards, so a step costs little.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping

from matchmaker.meetings.timetable.board import tied
from matchmaker.meetings.timetable.domains import Domains
from matchmaker.meetings.timetable.values import Instance, OutOfTime

WARMTH, COLD = 0.25, 0.1  # breaks gladly accepted at first, and at the end
FOCUS = 0.9  # share of steps that start from somebody who has breaks
STRIDE = 1_024  # steps between two looks at the deadline
NOBODY = -1


def smooth(
    instance: Instance,
    domains: Domains,
    slots: Mapping[int, int],
    *,
    steps: int,
    seed: int,
    out_of_time: OutOfTime,
    tell: Callable[[int], None] = lambda _: None,
) -> dict[int, int]:
    """Exchange slots in so many steps; what is held stays. Returns the slots with the fewest breaks seen.

    tell: hears now and then how few that is.
    """
    return Smoother(instance, domains, slots, seed).run(steps, out_of_time, tell)


def _breaks(busy: int) -> int:
    """The breaks of somebody busy in the slots of this bit mask."""
    return (busy & ~(busy << 1)).bit_count() - 1


class Smoother:
    """The days of all participants, as lists and bit masks that a step can change quickly."""

    def __init__(self, instance: Instance, domains: Domains, slots: Mapping[int, int], seed: int) -> None:
        self.instance = instance
        self.slots = dict(slots)
        self._random = random.Random(seed).random  # noqa: S311 -- repeatable, not secret
        self._in_hall = domains.in_hall
        self._is_one_hall = all(domains.in_hall)
        self._spare = list(domains.open_hall)
        self._sides = [request.a + request.b for request in instance.meetings]  # less one side, it is the other
        self._may = _masks(instance, domains, slots)
        self._day = [[NOBODY] * instance.slots for _ in instance.participants]
        self._busy = [0] * len(instance.participants)
        for meeting, slot in slots.items():
            self._spare[slot] -= self._in_hall[meeting]
            for person in instance.meetings[meeting].sides:
                self._day[person][slot] = meeting
                self._busy[person] |= 1 << slot
        self._held = [[slot for slot, met in enumerate(day) if met != NOBODY] for day in self._day]
        self._idle = [[slot for slot, met in enumerate(day) if met == NOBODY] for day in self._day]
        self._breaks = [_breaks(busy) if busy else 0 for busy in self._busy]
        self._broken = [person for person, count in enumerate(self._breaks) if count]
        self._place = {person: place for place, person in enumerate(self._broken)}
        self.total = sum(self._breaks)

    def run(self, steps: int, out_of_time: OutOfTime, tell: Callable[[int], None]) -> dict[int, int]:
        """Take so many steps, ever colder; the best slots seen within the spread."""
        best = dict(self.slots)
        fewest = self.total if self._is_fair() else self.total + len(self._breaks) * self.instance.slots
        for start in range(0, steps, STRIDE):
            if not self._broken or out_of_time():
                break
            warmth, before = WARMTH * (COLD / WARMTH) ** (start / steps), fewest
            for _ in range(STRIDE):
                if self._step(warmth) and self.total < fewest and self._is_fair():
                    best, fewest = dict(self.slots), self.total
            if fewest < before:
                tell(fewest)
        return best

    def _is_fair(self) -> bool:
        spread = self.instance.fairness
        return spread is None or max(self._breaks) - min(self._breaks) <= spread

    def _step(self, warmth: float) -> bool:
        """Try to move one meeting of somebody; whether anything changed."""
        chance = self._random
        if chance() < FOCUS and self._broken:
            person = self._broken[int(chance() * len(self._broken))]
        else:
            person = int(chance() * len(self._busy))
        held, idle = self._held[person], self._idle[person]
        if not held or not idle:
            return False
        here, there = held[int(chance() * len(held))], idle[int(chance() * len(idle))]
        change = _breaks(self._busy[person] ^ (1 << here | 1 << there)) - self._breaks[person]
        if change > 1:
            return False
        path, last = self._path(person, here, there)
        if not path or not self._has_tables(path, here, there):
            return False
        return self._weigh(path, person, last, here, there, change, warmth)

    def _path(self, person: int, here: int, there: int) -> tuple[list[int], int]:
        """The meetings that change places if the person's does, and whose day it ends with; empty if one cannot."""
        days, may, sides = self._day, self._may, self._sides
        path = []
        meeting = days[person][here]
        while True:
            if not may[meeting] >> there & 1:
                return [], NOBODY
            path.append(meeting)
            person = sides[meeting] - person
            meeting = days[person][there]
            if meeting == NOBODY:
                return path, person
            here, there = there, here

    def _has_tables(self, path: list[int], here: int, there: int) -> bool:
        gained = self._gained(path)
        return gained <= self._spare[there] and -gained <= self._spare[here]

    def _gained(self, path: list[int]) -> int:
        """How many more shared tables the second slot needs: the path's meetings come and go in turn."""
        if self._is_one_hall:
            return len(path) % 2
        return sum(self._in_hall[k] for k in path[::2]) - sum(self._in_hall[k] for k in path[1::2])

    def _weigh(self, path: list[int], first: int, last: int, here: int, there: int, change: int, warmth: float) -> bool:
        exchanged = 1 << here | 1 << there
        change_last = _breaks(self._busy[last] ^ exchanged) - self._breaks[last]
        worse = change + change_last
        if worse > 0 and self._random() >= math.exp(-worse / warmth):
            return False
        self._move(path, first, here, there)
        for person, more in ((first, change), (last, change_last)):
            self._exchange(person, here, there)
            if more:
                self._count(person, more)
        self.total += worse
        return True

    def _move(self, path: list[int], person: int, here: int, there: int) -> None:
        gained = self._gained(path)
        self._spare[there] -= gained
        self._spare[here] += gained
        day = self._day[person]
        day[there], day[here] = day[here], NOBODY
        for meeting in path:
            self.slots[meeting] = there
            person = self._sides[meeting] - person
            day = self._day[person]
            day[here], day[there] = day[there], meeting
            here, there = there, here

    def _exchange(self, person: int, here: int, there: int) -> None:
        """Note that somebody is now busy in the one of two slots in which it was idle."""
        held, idle = self._held[person], self._idle[person]
        old, new = (here, there) if self._busy[person] >> here & 1 else (there, here)
        held[held.index(old)], idle[idle.index(new)] = new, old
        self._busy[person] ^= 1 << here | 1 << there

    def _count(self, person: int, more: int) -> None:
        """Note a changed number of breaks; those who have any are kept in a list to draw from."""
        before, after = self._breaks[person], self._breaks[person] + more
        self._breaks[person] = after
        if before == 0:
            self._place[person] = len(self._broken)
            self._broken.append(person)
        elif after == 0:
            place, moved = self._place.pop(person), self._broken.pop()
            if moved != person:
                self._broken[place], self._place[moved] = moved, place


def _masks(instance: Instance, domains: Domains, slots: Mapping[int, int]) -> list[int]:
    """The slots each meeting may change to: none for those with a place in an order or a table of their own."""
    fixed = tied(instance)
    return [
        1 << slots[meeting] if meeting in fixed and meeting in slots else sum(1 << slot for slot in room)
        for meeting, room in enumerate(domains.slots)
    ]
