"""For a meeting that was left out: the smallest set of changes after which it could be held."""

from __future__ import annotations

from collections.abc import Iterator

from matchmaker.meetings.timetable import measuring
from matchmaker.meetings.timetable.board import Board
from matchmaker.meetings.timetable.values import Change, ChangeKind, Remedy, Request

# Of two sets of equally many changes, the one with the milder kinds; what an organiser decides alone comes first.
HOLD = (Change(ChangeKind.HOLD),)
BURDEN = {kind: place for place, kind in enumerate(ChangeKind)}


class Remedies:
    """Answers for one timetable as it stands; everything not named in a remedy stays as it is."""

    def __init__(self, board: Board) -> None:
        self.board, self.instance = board, board.instance
        self._burdens: dict[int, list[int]] = {}
        self._elsewhere: dict[int, tuple[int, ...]] = {}
        self._followers: dict[int, list[int]] = {}
        self._booths: dict[int, list[int]] = {}
        for number, table in enumerate(self.instance.tables):
            if table.host is not None:
                self._booths.setdefault(table.host, []).append(number)
        for meeting, request in enumerate(self.instance.meetings):
            for before in request.after:
                self._followers.setdefault(before, []).append(meeting)

    def of(self, meeting: int) -> Remedy | None:
        """The smallest remedy; None when no change to the session helps."""
        request = self.instance.meetings[meeting]
        if request.a == request.b:
            return None
        everywhere = tuple(self._everywhere(meeting))
        best: Remedy | None = None
        for least, slot in sorted((burden, slot) for slot, burden in enumerate(self._least_burdens(meeting))):
            if best is not None and least >= _burden(best.changes):
                break
            changes = self._here(meeting, slot)
            if best is None or _burden((*everywhere, *changes)) < _burden(best.changes):
                best = Remedy(slot, (*everywhere, *changes) or HOLD)
        return None if best is None else self._with_spread(meeting, best)

    def _least_burdens(self, meeting: int) -> list[int]:
        """For each slot, no more than the burden of the changes it takes: most slots need no closer look."""
        request = self.instance.meetings[meeting]
        mine, theirs = self._clearing_burdens(request.a), self._clearing_burdens(request.b)
        burdens = [
            max(x, y) if x and y and self._met_then(request, s) else x + y
            for s, (x, y) in enumerate(zip(mine, theirs, strict=True))
        ]
        if self.board.domains.in_hall[meeting]:
            full = _burden((Change(ChangeKind.MORE_TABLES),))
            burdens = [burden or (full if self.board.spare[slot] <= 0 else 0) for slot, burden in enumerate(burdens)]
        return burdens

    def _met_then(self, request: Request, slot: int) -> bool:
        return self.board.agenda[request.a].get(slot) == self.board.agenda[request.b].get(slot)

    def _clearing_burdens(self, person: int) -> list[int]:
        """For each slot, the burden of having the participant present and free."""
        if person not in self._burdens:
            agenda, away = self.board.agenda[person], self.instance.participants[person].unavailable
            self._burdens[person] = [
                _burden((Change(ChangeKind.FIRM_PRESENT),)) if slot in away else self._parting(agenda.get(slot))
                for slot in range(self.instance.slots)
            ]
        return self._burdens[person]

    def _parting(self, meeting: int | None) -> int:
        if meeting is None:
            return 0
        return _burden((Change(ChangeKind.MOVE if self._other_slots(meeting) else ChangeKind.GIVE_WAY),))

    def _everywhere(self, meeting: int) -> Iterator[Change]:
        """What is needed whatever the slot."""
        request = self.instance.meetings[meeting]
        for person in request.sides:
            if self.board.is_full(person):
                yield Change(ChangeKind.RAISE_CAP, firms=(person,))
        for before in request.after:
            if before not in self.board.slot_of:
                yield Change(ChangeKind.LIFT_ORDER, meeting=before)

    def _here(self, meeting: int, slot: int) -> tuple[Change, ...]:
        """What is needed to hold it in this slot."""
        sides = self.instance.meetings[meeting].sides
        away = [person for person in sides if slot in self.instance.participants[person].unavailable]
        clear = {self.board.agenda[person][slot] for person in sides if slot in self.board.agenda[person]}
        return (
            *self._ties(meeting, slot),
            *(Change(ChangeKind.FIRM_PRESENT, slot, firms=(person,)) for person in away),
            *self._clearing(clear),
            *self._table(meeting, slot, clear),
        )

    def _clearing(self, meetings: set[int]) -> Iterator[Change]:
        """Other slots for these meetings, a different one for each; those without one give way."""
        used: set[int] = set()
        for meeting in sorted(meetings):
            target = next((there for there in self._other_slots(meeting) if there not in used), None)
            if target is not None:
                used.add(target)
                yield Change(ChangeKind.MOVE, target, meeting=meeting)
            else:
                yield from (Change(ChangeKind.GIVE_WAY, meeting=k) for k in self._with_followers(meeting))

    def _with_followers(self, meeting: int) -> Iterator[int]:
        yield meeting
        for follower in self._followers.get(meeting, ()):
            if follower in self.board.slot_of:
                yield from self._with_followers(follower)

    def _ties(self, meeting: int, slot: int) -> Iterator[Change]:
        request = self.instance.meetings[meeting]
        if request.slot not in {None, slot}:
            yield Change(ChangeKind.LIFT_SLOT)
        if request.group is not None and slot not in self.instance.slot_groups[request.group]:
            yield Change(ChangeKind.LIFT_GROUP)
        for before in request.after:
            if self.board.slot_of.get(before, -1) >= slot:
                yield Change(ChangeKind.LIFT_ORDER, meeting=before)

    def _table(self, meeting: int, slot: int, clear: set[int]) -> Iterator[Change]:
        """A table for the meeting, when those it replaces have left theirs."""
        request, tables = self.instance.meetings[meeting], self.instance.tables
        allowed, fixed = self.board.domains.tables[meeting], request.table
        if not allowed and fixed is not None:
            yield Change(ChangeKind.LIFT_TABLE, table=fixed)
            fixed = None
        hosted = sorted(n for person in request.sides for n in self._booths.get(person, ()))
        booths = [n for n in hosted if fixed in {None, n}]
        if booths:
            if all(slot in tables[booth].closed for booth in booths):
                yield Change(ChangeKind.OPEN_TABLE, slot, table=booths[0])
        elif fixed is not None and slot in tables[fixed].closed:
            yield Change(ChangeKind.OPEN_TABLE, slot, table=fixed)
        else:
            yield from self._hall_seat(meeting, slot, clear, fixed)

    def _hall_seat(self, meeting: int, slot: int, clear: set[int], fixed: int | None) -> Iterator[Change]:
        if fixed is not None and not self.board.has_table(meeting, slot) and self.board.spare[slot] > 0:
            yield Change(ChangeKind.LIFT_TABLE, table=fixed)
        if self.board.spare[slot] + sum(self.board.domains.in_hall[other] for other in clear) <= 0:
            yield Change(ChangeKind.MORE_TABLES, slot)

    def _other_slots(self, meeting: int) -> tuple[int, ...]:
        """Where a meeting that is held could be held instead, everybody else staying."""
        if meeting not in self._elsewhere:
            board = self.board
            last = min((board.slot_of[k] for k in self._followers.get(meeting, ()) if k in board.slot_of), default=None)
            self._elsewhere[meeting] = tuple(
                slot
                for slot in board.common_slots(meeting)
                if board.has_table(meeting, slot) and board.follows(meeting, slot) and (last is None or slot < last)
            )
        return self._elsewhere[meeting]

    def _with_spread(self, meeting: int, remedy: Remedy) -> Remedy:
        """Widen the allowed spread of breaks too, when the change would break it."""
        if self.instance.fairness is None:
            return remedy
        slots = {**self.board.slot_of, meeting: remedy.slot}
        for change in remedy.changes:
            if change.kind is ChangeKind.GIVE_WAY and change.meeting is not None:
                del slots[change.meeting]
            elif change.kind is ChangeKind.MOVE and change.meeting is not None and change.slot is not None:
                slots[change.meeting] = change.slot
        counts = measuring.breaks_of(self.instance, slots)
        excess = max(counts) - min(counts) - self.instance.fairness
        if excess <= 0:
            return remedy
        return Remedy(remedy.slot, (*remedy.changes, Change(ChangeKind.WIDEN_SPREAD, amount=excess)))


def _burden(changes: tuple[Change, ...]) -> int:
    """Fewer changes first, then milder ones."""
    return sum(len(BURDEN) ** 2 + BURDEN[change.kind] for change in changes)
