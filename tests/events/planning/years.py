"""Random years with every feature, the same for the same seed."""

from __future__ import annotations

import random

from matchmaker.events.planning import Event, Level, Programme, Venue


def random_year(seed: int, *, events: int = 3, days: int = 12, cities: int = 2) -> Programme:
    """Small ones are often impossible; with many days for each event there is always room."""
    chance = random.Random(seed)
    leaders, teams, chains = max(3, events // 2), max(3, events // 6), max(2, events // 8)
    share = min(0.3, 3 / leaders)

    def some(count: int, share: float) -> frozenset[int]:
        return frozenset(n for n in range(count) if chance.random() < share)

    return Programme(
        days=days,
        events=tuple(
            Event(
                days=chance.randint(1, 2),
                size=chance.choice([40, 90]),
                cities=frozenset({chance.randrange(cities)}),
                wish=chance.randrange(days),
                team=chance.randrange(teams),
                leaders=some(leaders, share),
                chain=chance.randrange(chains),
                level=chance.choice(list(Level)),
            )
            for _ in range(events)
        ),
        venues=tuple(
            Venue(city, seats, some(days, 0.1)) for city in range(cities) for seats in (chance.choice([60, 100]), 100)
        ),
        away=tuple(some(days, 0.1) for _ in range(leaders)),
        gap=1,
        per_day=2,
        quarters=((0, days // 2 - 1), (days // 2, days - 1)),
        quarter_min=events // 3,
    )
