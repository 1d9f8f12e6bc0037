"""An independent reading of the rules, and exhaustive search for tiny sessions; shares no code with the engine."""

from __future__ import annotations

from itertools import combinations, pairwise, product

from matchmaker.meetings.timetable import Instance


def broken_rules(instance: Instance, rows: list[tuple[int, int, int]], *, required: bool = True) -> list[str]:
    """Every rule a timetable breaks, as readable lines."""
    slot_of = {meeting: slot for meeting, slot, _ in rows}
    broken = [f"{meeting} twice" for meeting in slot_of if sum(row[0] == meeting for row in rows) > 1]
    for meeting, slot, table in rows:
        broken += _alone(instance, meeting, slot, table)
        broken += [f"{k} before {meeting}" for k in instance.meetings[meeting].after if slot_of.get(k, slot) >= slot]
    for (m, s, t), (m2, s2, t2) in combinations(rows, 2):
        shared = {instance.meetings[m].a, instance.meetings[m].b} & {instance.meetings[m2].a, instance.meetings[m2].b}
        if s == s2 and shared:
            broken.append(f"{shared} twice at {s}")
        if (s, t) == (s2, t2):
            broken.append(f"table {t} twice at {s}")
    for person, participant in enumerate(instance.participants):
        held = len(busy_slots(instance, slot_of, person))
        if participant.max_meetings is not None and held > participant.max_meetings:
            broken.append(f"{person} above its cap")
    counts = [gaps(busy_slots(instance, slot_of, person)) for person in range(len(instance.participants))]
    if instance.fairness is not None and counts and max(counts) - min(counts) > instance.fairness:
        broken.append("spread")
    if required:
        broken += [f"{k} missing" for k, m in enumerate(instance.meetings) if m.required and k not in slot_of]
    return broken


def _alone(instance: Instance, meeting: int, slot: int, table: int) -> list[str]:
    request, desk = instance.meetings[meeting], instance.tables[table]
    sides = {request.a, request.b}
    receiving = any(other.host in sides for other in instance.tables)
    checks = {
        "same firm": len(sides) == 2,
        "away": not any(slot in instance.participants[p].unavailable for p in sides),
        "closed": slot not in desk.closed,
        "not its booth": desk.host in sides if receiving else desk.host is None,
        "group": request.group is None or slot in instance.slot_groups[request.group],
        "fixed slot": request.slot in {None, slot},
        "fixed table": request.table in {None, table},
        "range": 0 <= slot < instance.slots,
    }
    return [f"meeting {meeting}: {name}" for name, ok in checks.items() if not ok]


def busy_slots(instance: Instance, slot_of: dict[int, int], person: int) -> list[int]:
    held = [(instance.meetings[k], slot) for k, slot in slot_of.items()]
    return sorted(slot for m, slot in held if person in {m.a, m.b})


def gaps(slots: list[int]) -> int:
    return sum(y - x > 1 for x, y in pairwise(slots))


def value(instance: Instance, rows: list[tuple[int, int, int]]) -> tuple[int, int, int, int]:
    """Required meetings, participants served, utility, breaks below zero."""
    slot_of = {meeting: slot for meeting, slot, _ in rows}
    plans = [busy_slots(instance, slot_of, person) for person in range(len(instance.participants))]
    return (
        sum(instance.meetings[k].required for k in slot_of),
        sum(bool(plan) for plan in plans),
        sum(instance.meetings[k].utility for k in slot_of),
        -sum(gaps(plan) for plan in plans),
    )


def best_by_trying_all(instance: Instance) -> tuple[int, int, int, int]:
    """The best value of any timetable, found by trying every one."""
    places: list[tuple[int, int] | None] = [None, *product(range(instance.slots), range(len(instance.tables)))]
    best = (0, 0, 0, 0)
    for chosen in product(places, repeat=len(instance.meetings)):
        rows = [(k, *place) for k, place in enumerate(chosen) if place is not None]
        worth = value(instance, rows)
        if worth > best and not broken_rules(instance, rows, required=False):
            best = worth
    return best
