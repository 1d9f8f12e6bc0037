"""Programmes as JSON (`b2b-programme/1`), read strictly: nothing is guessed or repaired."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matchmaker.events.planning.values import Event, Level, Placement, Programme, Venue, YearPlan

FORMAT = "b2b-programme/1"
MOST = 1_000_000  # of any number
MOST_DAYS = 3_660


class MalformedProgramme(ValueError):
    """The text is not a programme; `path` names the field at fault as `sessions[3].wish`."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path, self.message = path, message


def read_programme(file: Path) -> Programme:
    """The programme stored in a file. Raises OSError, or MalformedProgramme."""
    try:
        data = json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise MalformedProgramme("", "not JSON that can be read") from error
    return programme_from(data)


def programme_from(data: object) -> Programme:
    """The programme described by parsed JSON. Raises MalformedProgramme."""
    top = _record(data, "")
    if top.get("format") != FORMAT:
        raise MalformedProgramme("format", f"must be {FORMAT!r}")
    days = _number(top, "days", "", MOST_DAYS + 1)
    venues = [_venue(row, path, days) for row, path in _records(top, "venues")]
    away = [_days(row, "away", path, days) for row, path in _records(top, "leaders")]
    sessions = _records(top, "sessions")
    return Programme(
        days=days,
        events=tuple(_event(row, path, days, len(away)) for row, path in sessions),
        venues=tuple(venues),
        away=tuple(away),
        gap=_number(top, "gap", "", MOST),
        per_day=_number(top, "per_day", "", MOST),
        quarters=tuple(_quarter(pair, f"quarters[{n}]") for n, pair in enumerate(_list(top, "quarters", ""))),
        quarter_min=_number({"quarter_min": 0, **top}, "quarter_min", "", MOST),
        name=str(top.get("name", "")),
    )


def plan_from(data: object, programme: Programme) -> dict[int, Placement]:
    """The placements of an earlier plan, `{"plan": {event: [day, venue]}}`; events that are gone are left out."""
    plan = _record(_record(data, "").get("plan"), "plan")
    places: dict[int, Placement] = {}
    for key, pair in plan.items():
        path = f"plan[{key}]"
        if not isinstance(pair, list) or len(pair) != 2 or not key.isascii() or not key.isdigit():  # noqa: PLR2004 -- a pair
            raise MalformedProgramme(path, "must be an event's number with [day, venue]")
        day, venue = (_whole(value, path, MOST) for value in pair)
        if int(key) < len(programme.events):
            places[int(key)] = Placement(int(key), day, venue)
    return places


def plan_data(programme: Programme, answer: YearPlan) -> dict[str, Any]:
    """A plan as JSON values, with what is proved, or with the rules that clash."""
    clash = answer.clash
    return {
        "instance": programme.name,
        "status": answer.status.value,
        "plan": {str(place.event): [place.day, place.venue] for place in answer.placements},
        "cost": answer.cost,
        "bound": answer.bound,
        "moved": list(answer.moved),
        "moved_bound": answer.moved_bound,
        "clash": clash
        and {
            "minimal": clash.is_minimal,
            "rules": [{"kind": rule.kind.value, "number": rule.number} for rule in clash.rules],
        },
    }


def _event(row: Mapping[str, Any], path: str, days: int, leaders: int) -> Event:
    level = row.get("level", Level.CITY.value)
    if not isinstance(level, str) or level not in set(Level):
        raise MalformedProgramme(f"{path}.level", f"must be one of {', '.join(Level)}")
    length = _number(row, "days", path, MOST)
    if not length:
        raise MalformedProgramme(f"{path}.days", "must be at least 1")
    return Event(
        days=length,
        size=_number(row, "size", path, MOST),
        cities=frozenset(_whole(city, f"{path}.cities", MOST) for city in _list(row, "cities", path)),
        wish=_number(row, "wish", path, days),
        team=_number(row, "team", path, MOST),
        leaders=frozenset(_whole(one, f"{path}.leaders", leaders) for one in _list(row, "leaders", path)),
        chain=_number(row, "chain", path, MOST),
        level=Level(level),
    )


def _venue(row: Mapping[str, Any], path: str, days: int) -> Venue:
    return Venue(_number(row, "city", path, MOST), _number(row, "seats", path, MOST), _days(row, "closed", path, days))


def _days(row: Mapping[str, Any], key: str, path: str, days: int) -> frozenset[int]:
    values = row.get(key, [])
    if not isinstance(values, list):
        raise MalformedProgramme(_join(path, key), "must be a list of days")
    return frozenset(_whole(value, _join(path, key), days) for value in values)


def _quarter(pair: object, path: str) -> tuple[int, int]:
    if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004 -- a pair
        raise MalformedProgramme(path, "must be [first day, last day]")
    first, last = (_whole(value, path, MOST_DAYS) for value in pair)
    return first, last


def _records(top: Mapping[str, Any], key: str) -> list[tuple[dict[str, Any], str]]:
    rows = [(_record(row, f"{key}[{n}]"), f"{key}[{n}]") for n, row in enumerate(_list(top, key, ""))]
    for place, (row, path) in enumerate(rows):
        if "id" in row and (type(row["id"]) is not int or row["id"] != place):
            raise MalformedProgramme(f"{path}.id", f"must be the position, {place}")
    return rows


def _record(value: object, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedProgramme(path, "must be an object")
    return value


def _list(row: Mapping[str, Any], key: str, path: str) -> list[Any]:
    if not isinstance(row.get(key), list):
        raise MalformedProgramme(_join(path, key), "must be a list")
    values: list[Any] = row[key]
    return values


def _number(row: Mapping[str, Any], key: str, path: str, below: int) -> int:
    if key not in row:
        raise MalformedProgramme(_join(path, key), "is missing")
    return _whole(row[key], _join(path, key), below)


def _whole(value: object, path: str, below: int) -> int:
    if type(value) is not int:
        raise MalformedProgramme(path, "must be a whole number")
    if not 0 <= value < below:
        raise MalformedProgramme(path, f"is {value}, allowed is 0 to {below - 1}")
    return value


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
