"""An independent reading of the rules of a year; shares no code with the engine."""

from __future__ import annotations

from itertools import combinations

from matchmaker.events.planning import Level, Placement, Programme


def broken_rules(programme: Programme, placements: tuple[Placement, ...]) -> list[str]:
    """Every rule a plan breaks, as readable lines."""
    place = {one.event: one for one in placements}
    broken = [f"{n} missing" for n in range(len(programme.events)) if n not in place]
    span = {n: set(range(one.day, one.day + programme.events[n].days)) for n, one in place.items()}
    for one in placements:
        broken += _alone(programme, one, span[one.event])
    for a, b in combinations(sorted(place), 2):
        if place[a].venue == place[b].venue and span[a] & span[b]:
            broken.append(f"{a} {b} in one hall")
        broken += _together(programme, (a, b), (span[a], span[b]))
    for day in range(programme.days):
        if sum(day in days for days in span.values()) > programme.per_day:
            broken.append(f"day {day} crowded")
    for first, last in programme.quarters:
        if sum(first <= one.day <= last for one in place.values()) < programme.quarter_min:
            broken.append(f"quarter {first}")
    return broken


def _alone(programme: Programme, one: Placement, days: set[int]) -> list[str]:
    event, venue = programme.events[one.event], programme.venues[one.venue]
    away = set().union(*(programme.away[leader] for leader in event.leaders))
    checks = {
        "city": venue.city in event.cities,
        "seats": venue.seats >= event.size,
        "year": min(days) >= 0 and max(days) < programme.days,
        "closed": not days & venue.closed,
        "away": not days & away,
    }
    return [f"{one.event} {name}" for name, ok in checks.items() if not ok]


def _together(programme: Programme, pair: tuple[int, int], spans: tuple[set[int], set[int]]) -> list[str]:
    (a, b), (one, other) = pair, (programme.events[n] for n in pair)
    between = max(min(spans[1]) - max(spans[0]), min(spans[0]) - max(spans[1])) - 1
    broken = []
    if one.leaders & other.leaders and between < programme.gap:
        broken.append(f"{a} {b} leaders")
    if one.team == other.team and between < 3:
        broken.append(f"{a} {b} team")
    for early, late, is_late in (
        (one, other, max(spans[0]) >= min(spans[1])),
        (other, one, max(spans[1]) >= min(spans[0])),
    ):
        in_order = early.chain == late.chain and (early.level, late.level) == (Level.COUNTY, Level.PROVINCE)
        if in_order and is_late:
            broken.append(f"{a} {b} order")
    return broken


def cost(programme: Programme, placements: tuple[Placement, ...]) -> int:
    return sum(
        abs(one.day - programme.events[one.event].wish)
        + (programme.venues[one.venue].seats - programme.events[one.event].size) // 10
        for one in placements
    )
