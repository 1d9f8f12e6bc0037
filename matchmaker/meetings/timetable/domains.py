"""What each meeting could do if it were alone: the slots and tables open to it, or the reason it has none."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.meetings.timetable.values import Cause, Instance, Request, Unplaced


@dataclass(frozen=True, slots=True)
class Domains:
    """The room every single rule leaves to each meeting.

    Only hall tables are ever contested: a host sits in every meeting at its booth, so its booth is free when it is.
    """

    slots: tuple[frozenset[int], ...]  # of each meeting
    tables: tuple[tuple[int, ...], ...]  # of each meeting
    in_hall: tuple[bool, ...]  # whether the meeting takes one of the shared tables
    open_hall: tuple[int, ...]  # shared tables open in each slot
    impossible: dict[int, Unplaced]  # the meetings without a slot

    def placeable(self, meeting: int) -> bool:
        """Whether the meeting could be held if it were alone."""
        return bool(self.slots[meeting])


def domains_of(instance: Instance) -> Domains:
    """Work out what every rule that concerns one meeting (and its predecessors) leaves open."""
    owners = _owners(instance)
    tables = tuple(_tables(owners, request) for request in instance.meetings)
    opening = {allowed: _opening(instance, allowed) for allowed in set(tables)}
    slots: list[frozenset[int]] = []
    impossible: dict[int, Unplaced] = {}
    for meeting, allowed in enumerate(tables):
        room = _slots(instance, meeting, opening[allowed])
        if isinstance(room, Unplaced):
            impossible[meeting] = room
            room = frozenset()
        slots.append(room)
    _follow_precedence(instance, slots, impossible)
    hall = [table for table in instance.tables if table.host is None]
    return Domains(
        slots=tuple(slots),
        tables=tables,
        in_hall=tuple(any(instance.tables[table].host is None for table in allowed) for allowed in tables),
        open_hall=tuple(sum(slot not in table.closed for table in hall) for slot in range(instance.slots)),
        impossible=impossible,
    )


def hall_table_of(instance: Instance, meeting: int) -> int | None:
    """The shared table the meeting is fixed at, if it is."""
    table = instance.meetings[meeting].table
    return table if table is not None and instance.tables[table].host is None else None


def _owners(instance: Instance) -> dict[int | None, tuple[int, ...]]:
    """The tables of each host; those of nobody are shared."""
    tables: dict[int | None, tuple[int, ...]] = {}
    for n, table in enumerate(instance.tables):
        tables[table.host] = (*tables.get(table.host, ()), n)
    return tables


def _tables(owners: dict[int | None, tuple[int, ...]], request: Request) -> tuple[int, ...]:
    booths = tuple(sorted({n for person in request.sides for n in owners.get(person, ())}))
    allowed = booths or owners.get(None, ())
    return allowed if request.table is None else tuple(n for n in allowed if n == request.table)


def _opening(instance: Instance, tables: tuple[int, ...]) -> frozenset[int]:
    """The slots in which any of these tables is open."""
    return frozenset(s for s in range(instance.slots) if any(s not in instance.tables[n].closed for n in tables))


def _slots(instance: Instance, meeting: int, opening: frozenset[int]) -> frozenset[int] | Unplaced:
    request = instance.meetings[meeting]
    if request.a == request.b:
        return Unplaced(meeting, Cause.SAME_FIRM, firms=(request.a,))
    if full := tuple(p for p in request.sides if instance.participants[p].max_meetings == 0):
        return Unplaced(meeting, Cause.CAP, firms=full)
    present = _present(instance, request)
    if not present:
        return _nobody_present(instance, meeting)
    return present & opening or Unplaced(meeting, Cause.NO_TABLE, slots=tuple(sorted(present)), table=request.table)


def _present(instance: Instance, request: Request) -> frozenset[int]:
    room = frozenset(range(instance.slots)) if request.group is None else instance.slot_groups[request.group]
    if request.slot is not None:
        room &= {request.slot}
    return room.difference(*(instance.participants[p].unavailable for p in request.sides))


def _nobody_present(instance: Instance, meeting: int) -> Unplaced:
    request = instance.meetings[meeting]
    if request.slot is None:
        return Unplaced(meeting, Cause.NO_COMMON_SLOT, firms=request.sides)
    away = tuple(p for p in request.sides if request.slot in instance.participants[p].unavailable)
    return Unplaced(meeting, Cause.FIXED_SLOT, firms=away, slots=(request.slot,))


def _follow_precedence(instance: Instance, slots: list[frozenset[int]], impossible: dict[int, Unplaced]) -> None:
    """Take away slots too early for the meetings that come first, until nothing changes; a circle ends empty."""
    followers = [k for k, request in enumerate(instance.meetings) if request.after]
    changed = True
    while changed:
        changed = False
        for meeting in followers:
            for before in instance.meetings[meeting].after:
                room = frozenset(slot for slot in slots[meeting] if slots[before] and slot > min(slots[before]))
                if room != slots[meeting]:
                    slots[meeting], changed = room, True
                    if not room:
                        impossible[meeting] = Unplaced(meeting, Cause.PRECEDENCE, before=before)
