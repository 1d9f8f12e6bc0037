"""What an event did to a published timetable: which meetings stand, which are broken, which wait for others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from matchmaker.meetings.timetable.domains import Domains, domains_of
from matchmaker.meetings.timetable.values import Assignment, Instance


@dataclass(frozen=True, slots=True)
class Damage:
    """A published timetable, read against the session as it is now.

    standing: can stay exactly as published.
    broken: cannot, whatever the others do.
    hanging: fine in themselves, but something that must come first does not stand.
    """

    domains: Domains  # cancelled meetings have no slot in them
    published: Mapping[int, Assignment]
    standing: Mapping[int, Assignment]
    broken: frozenset[int]
    hanging: frozenset[int]
    cancelled: frozenset[int]


def assess(instance: Instance, published: Sequence[Assignment], cancelled: Collection[int]) -> Damage:
    """Compare what was published with the session as it is now. Raises ValueError for a meeting it does not have."""
    for held in published:
        if not 0 <= held.meeting < len(instance.meetings):
            raise ValueError(f"published meeting {held.meeting} is not in the session")
    domains = _without(domains_of(instance), cancelled)
    plan = {held.meeting: held for held in published}
    fitting = _fitting(instance, domains, plan)
    standing = _in_order(instance, fitting)
    return Damage(
        domains=domains,
        published=plan,
        standing=standing,
        broken=frozenset(plan.keys() - fitting.keys()),
        hanging=frozenset(fitting.keys() - standing.keys()),
        cancelled=frozenset(cancelled),
    )


def _without(domains: Domains, cancelled: Collection[int]) -> Domains:
    gone = frozenset(cancelled)
    slots = tuple(frozenset() if meeting in gone else room for meeting, room in enumerate(domains.slots))
    return replace(domains, slots=slots)


def _fitting(instance: Instance, domains: Domains, plan: Mapping[int, Assignment]) -> dict[int, Assignment]:
    """The meetings that keep every rule but the order; where two exclude each other, the dearer one."""
    busy: set[tuple[int, int]] = set()
    taken: set[tuple[int, int]] = set()
    left = [person.max_meetings for person in instance.participants]
    fitting: dict[int, Assignment] = {}
    for held in sorted(plan.values(), key=lambda held: _worth(instance, held), reverse=True):
        sides = instance.meetings[held.meeting].sides
        seats = {(person, held.slot) for person in sides}
        is_open = held.slot in domains.slots[held.meeting] and held.table in domains.tables[held.meeting]
        if not is_open or held.slot in instance.tables[held.table].closed:
            continue
        if busy & seats or (held.table, held.slot) in taken or any(left[person] == 0 for person in sides):
            continue
        for person in sides:
            left[person] = _less(left[person])
        busy |= seats
        taken.add((held.table, held.slot))
        fitting[held.meeting] = held
    return fitting


def _worth(instance: Instance, held: Assignment) -> tuple[bool, int, int]:
    request = instance.meetings[held.meeting]
    return request.required, request.utility, -held.meeting


def _less(cap: int | None) -> int | None:
    return None if cap is None else cap - 1


def _in_order(instance: Instance, fitting: Mapping[int, Assignment]) -> dict[int, Assignment]:
    """Without those whose predecessors are not held earlier, until nothing changes."""
    standing = dict(fitting)
    followers = [meeting for meeting in fitting if instance.meetings[meeting].after]
    is_settled = False
    while not is_settled:
        late = [k for k in followers if k in standing and not _follows(instance, standing, k)]
        for meeting in late:
            del standing[meeting]
        is_settled = not late
    return standing


def _follows(instance: Instance, standing: Mapping[int, Assignment], meeting: int) -> bool:
    slot = standing[meeting].slot
    return all(j in standing and standing[j].slot < slot for j in instance.meetings[meeting].after)
