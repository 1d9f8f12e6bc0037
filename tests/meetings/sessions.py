"""Small random sessions with every feature the format has, the same for the same seed."""

from __future__ import annotations

import random

from matchmaker.meetings.timetable import Assignment, Instance, Participant, Request, Table


def random_session(seed: int) -> Instance:
    """A session of up to 14 meetings; many are impossible in part, some altogether."""
    chance = random.Random(seed)
    slots, firms = chance.randint(1, 6), chance.randint(2, 8)
    groups = tuple(_some(chance, slots) for _ in range(chance.randint(0, 2)))
    tables = tuple(
        Table(_some(chance, slots), chance.choice([None, None, chance.randrange(firms)]))
        for _ in range(chance.randint(0, 4))
    )
    size = chance.randint(0, 14)
    return Instance(
        slots=slots,
        participants=tuple(
            Participant(_some(chance, slots), chance.choice([None, None, None, chance.randint(0, 3)]))
            for _ in range(firms)
        ),
        tables=tables,
        meetings=tuple(_request(chance, k, firms, slots, len(groups), len(tables)) for k in range(size)),
        slot_groups=groups,
        fairness=chance.choice([None, None, 0, 1, 2]),
        name=f"random-{seed}",
    )


def disturbed(instance: Instance, published: list[Assignment], seed: int) -> tuple[Instance, set[int]]:
    """The session after something happened, and the meetings that are cancelled."""
    chance = random.Random(seed)
    people, tables, meetings = list(instance.participants), list(instance.tables), list(instance.meetings)
    late = chance.randrange(len(people))
    away = people[late].unavailable | _some(chance, instance.slots)
    people[late] = Participant(away, people[late].max_meetings)
    if tables and chance.random() < 0.5:
        lost = chance.randrange(len(tables))
        tables[lost] = Table(frozenset(range(instance.slots)), tables[lost].host)
    if chance.random() < 0.5:
        people.append(Participant())
        meetings += [Request(len(people) - 1, chance.randrange(len(people) - 1), required=chance.random() < 0.5)]
    gone = {chance.choice(published).meeting} if published and chance.random() < 0.3 else set()
    after = Instance(
        slots=instance.slots,
        participants=tuple(people),
        tables=tuple(tables),
        meetings=tuple(meetings),
        slot_groups=instance.slot_groups,
        fairness=instance.fairness,
        name=instance.name,
    )
    return after, gone


def _some(chance: random.Random, slots: int) -> frozenset[int]:
    return frozenset(slot for slot in range(slots) if chance.random() < 0.15)


def _request(chance: random.Random, place: int, firms: int, slots: int, groups: int, tables: int) -> Request:
    def rarely(count: int) -> int | None:
        return chance.randrange(count) if count and chance.random() < 0.1 else None

    after = (chance.randrange(place),) if place and chance.random() < 0.15 else ()
    return Request(
        a=chance.randrange(firms),
        b=chance.randrange(firms),
        utility=chance.randint(0, 9),
        required=chance.random() < 0.4,
        group=rarely(groups),
        slot=rarely(slots),
        table=rarely(tables),
        after=after,
    )
