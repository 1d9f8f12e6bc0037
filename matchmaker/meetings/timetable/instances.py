"""Sessions and their timetables as JSON (`b2b-schedule/1`), read strictly: nothing is guessed or repaired."""

from __future__ import annotations

import difflib
import json
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from matchmaker.meetings.timetable.values import (
    Assignment,
    Clash,
    Instance,
    Objective,
    Participant,
    Remedy,
    Repair,
    Request,
    Table,
    Timetable,
)

FORMAT = "b2b-schedule/1"
MOST = 1_000_000_000  # of any number: far beyond a session, well within what the solvers count with
MOST_SLOTS = 10_000

_FIELDS = {
    "answer": ("assignments",),
    "": ("format", "name", "slots", "slot_groups", "fairness", "objective", "participants", "tables", "meetings"),
    "participants": ("id", "unavailable", "max_meetings"),
    "tables": ("id", "closed", "host"),
    "meetings": ("id", "a", "b", "utility", "required", "group", "slot", "table", "after"),
}


class MalformedInstance(ValueError):
    """The text is not a session; `path` names the field at fault as `meetings[3].a`, or is empty for the whole."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path, self.message = path, message


def read_instance(file: Path) -> Instance:
    """The session stored in a file. Raises OSError, or MalformedInstance."""
    try:
        data = json.loads(file.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise MalformedInstance(f"line {error.lineno}", f"not JSON ({error.msg})") from error
    except UnicodeDecodeError as error:
        raise MalformedInstance("", f"not UTF-8 text (byte {error.start})") from error
    except (ValueError, RecursionError) as error:
        raise MalformedInstance("", "not JSON that can be read (a number too long, or nested too deep)") from error
    return instance_from(data)


def instance_from(data: object) -> Instance:
    """The session described by parsed JSON. Raises MalformedInstance."""
    top = _record(data, "", "")
    if top.get("format") != FORMAT:
        raise MalformedInstance("format", f"must be {FORMAT!r}")
    slots = _number(top, "slots", "", below=MOST_SLOTS + 1)
    objective = _objective(top)
    groups = [_slot_set(row, f"slot_groups[{n}]", slots) for n, row in enumerate(_list(top, "slot_groups", "", []))]
    people = [_participant(row, f"participants[{n}]", slots) for n, row in enumerate(_records(top, "participants"))]
    tables = [_table(row, f"tables[{n}]", slots, len(people)) for n, row in enumerate(_records(top, "tables"))]
    meetings = _records(top, "meetings")
    sizes = {"slots": slots, "groups": len(groups), "people": len(people), "tables": len(tables), "all": len(meetings)}
    requests = [_request(row, f"meetings[{n}]", sizes, objective) for n, row in enumerate(meetings)]
    _refuse_circles(requests)
    return Instance(
        slots=slots,
        participants=tuple(people),
        tables=tuple(tables),
        meetings=tuple(requests),
        slot_groups=tuple(groups),
        fairness=_optional(top, "fairness", ""),
        objective=objective,
        name=_name(top),
    )


def instance_data(instance: Instance) -> dict[str, Any]:
    """The session as JSON values; reading them back gives an equal session."""
    return {
        "format": FORMAT,
        "name": instance.name,
        "objective": instance.objective.value,
        "fairness": instance.fairness,
        "slots": instance.slots,
        "slot_groups": [sorted(group) for group in instance.slot_groups],
        "participants": [
            {"id": n, "unavailable": sorted(person.unavailable), "max_meetings": person.max_meetings}
            for n, person in enumerate(instance.participants)
        ],
        "tables": [
            {"id": n, "closed": sorted(table.closed), "host": table.host} for n, table in enumerate(instance.tables)
        ],
        "meetings": [_request_data(n, request) for n, request in enumerate(instance.meetings)],
    }


def timetable_data(instance: Instance, timetable: Timetable) -> dict[str, Any]:
    """A timetable as JSON values: the assignments as [meeting, slot, table], what is proved, and what was left out."""
    return {
        "instance": instance.name,
        "status": timetable.status.value,
        "stages": [
            {"name": stage.name.value, "value": stage.value, "bound": stage.bound, "proved": stage.proved}
            for stage in timetable.stages
        ],
        "assignments": [[held.meeting, held.slot, held.table] for held in timetable.assignments],
        "unplaced": [
            {
                "meeting": left.meeting,
                "cause": left.cause.value,
                "firms": list(left.firms),
                "slots": list(left.slots),
                "before": left.before,
                "table": left.table,
                "remedy": left.remedy and _remedy_data(left.remedy),
            }
            for left in timetable.unplaced
        ],
    }


def assignments_from(data: object, instance: Instance) -> list[Assignment]:
    """The assignments of an earlier answer, [meeting, slot, table] each. Raises MalformedInstance."""
    rows = _list(_record(data, "answer", ""), "assignments", "", [])
    found: dict[int, Assignment] = {}
    for place, row in enumerate(rows):
        path = f"assignments[{place}]"
        if not isinstance(row, list) or len(row) != len(("meeting", "slot", "table")):
            raise MalformedInstance(path, "must be [meeting, slot, table]")
        meeting = _whole(row[0], path, len(instance.meetings))
        if meeting in found:
            raise MalformedInstance(path, f"meeting {meeting} is there twice")
        found[meeting] = Assignment(meeting, _whole(row[1], path, MOST), _whole(row[2], path, MOST))
    return list(found.values())


def repair_data(repair: Repair) -> dict[str, list[int]]:
    """What a repair changes, as JSON values."""
    return {
        "broken": list(repair.broken),
        "moved": list(repair.moved),
        "dropped": list(repair.dropped),
        "added": list(repair.added),
        "told": list(repair.told),
    }


def clash_data(clash: Clash) -> dict[str, Any]:
    """Rules that clash, as JSON values."""
    rules = [{"kind": rule.kind.value, "number": rule.number, "other": rule.other} for rule in clash.rules]
    return {"minimal": clash.is_minimal, "rules": rules}


def _remedy_data(remedy: Remedy) -> dict[str, Any]:
    return {
        "slot": remedy.slot,
        "changes": [
            {
                "kind": change.kind.value,
                "slot": change.slot,
                "firms": list(change.firms),
                "meeting": change.meeting,
                "table": change.table,
                "amount": change.amount,
            }
            for change in remedy.changes
        ],
    }


def _request_data(number: int, request: Request) -> dict[str, Any]:
    return {
        "id": number,
        "a": request.a,
        "b": request.b,
        "utility": request.utility,
        "required": request.required,
        "group": request.group,
        "slot": request.slot,
        "table": request.table,
        "after": list(request.after),
    }


def _participant(row: dict[str, Any], path: str, slots: int) -> Participant:
    away = _slot_set(_list(row, "unavailable", path, []), f"{path}.unavailable", slots)
    return Participant(away, _optional(row, "max_meetings", path))


def _table(row: dict[str, Any], path: str, slots: int, people: int) -> Table:
    closed = _slot_set(_list(row, "closed", path, []), f"{path}.closed", slots)
    return Table(closed, _optional(row, "host", path, below=people))


def _request(row: dict[str, Any], path: str, sizes: dict[str, int], objective: Objective) -> Request:
    a = _number(row, "a", path, below=sizes["people"])
    b = _number(row, "b", path, below=sizes["people"])
    if a == b:
        raise MalformedInstance(f"{path}.b", "the same participant on both sides")
    after = _list(row, "after", path, [])
    return Request(
        a=a,
        b=b,
        utility=_number({"utility": 1, **row}, "utility", path),
        required=_flag(row, "required", path, default=objective is Objective.BREAKS),
        group=_optional(row, "group", path, below=sizes["groups"]),
        slot=_optional(row, "slot", path, below=sizes["slots"]),
        table=_optional(row, "table", path, below=sizes["tables"]),
        after=tuple(_whole(value, f"{path}.after[{n}]", sizes["all"]) for n, value in enumerate(after)),
    )


def _refuse_circles(requests: list[Request]) -> None:
    try:
        TopologicalSorter({k: request.after for k, request in enumerate(requests) if request.after}).prepare()
    except CycleError as error:
        circle: list[int] = error.args[1]
        chain = " before ".join(map(str, circle))
        raise MalformedInstance(f"meetings[{circle[-1]}].after", f"circular precedence: {chain}") from error


def _objective(top: dict[str, Any]) -> Objective:
    value = top.get("objective", Objective.BREAKS.value)
    if not isinstance(value, str) or value not in set(Objective):
        raise MalformedInstance("objective", f"must be one of {', '.join(Objective)}")
    return Objective(value)


def _name(top: dict[str, Any]) -> str:
    name = top.get("name", "")
    if not isinstance(name, str):
        raise MalformedInstance("name", "must be text")
    return name


def _records(top: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    if kind not in top:
        raise MalformedInstance(kind, "is missing")
    rows = [_record(row, kind, f"{kind}[{n}]") for n, row in enumerate(_list(top, kind, "", []))]
    for place, row in enumerate(rows):
        if "id" in row and (type(row["id"]) is not int or row["id"] != place):
            raise MalformedInstance(f"{kind}[{place}].id", f"must be the position, {place}")
    return rows


def _record(value: object, kind: str, path: str) -> dict[str, Any]:
    """An object; extra descriptive fields are let through, misspelt ones are not."""
    if not isinstance(value, dict):
        raise MalformedInstance(path, "must be an object")
    for key in value.keys() - set(_FIELDS[kind]):
        if meant := difflib.get_close_matches(key, _FIELDS[kind], 1, cutoff=0.8):
            raise MalformedInstance(_join(path, key), f"unknown field; {meant[0]} is meant?")
    return value


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _list(row: dict[str, Any], key: str, path: str, default: list[Any]) -> list[Any]:
    value = row.get(key, default)
    if not isinstance(value, list):
        raise MalformedInstance(_join(path, key), "must be a list")
    return value


def _slot_set(values: object, path: str, slots: int) -> frozenset[int]:
    if not isinstance(values, list):
        raise MalformedInstance(path, "must be a list of slots")
    return frozenset(_whole(value, f"{path}[{n}]", slots) for n, value in enumerate(values))


def _number(row: dict[str, Any], key: str, path: str, *, below: int = MOST) -> int:
    if key not in row:
        raise MalformedInstance(_join(path, key), "is missing")
    return _whole(row[key], _join(path, key), below)


def _optional(row: dict[str, Any], key: str, path: str, *, below: int = MOST) -> int | None:
    return None if row.get(key) is None else _whole(row[key], _join(path, key), below)


def _whole(value: object, path: str, below: int) -> int:
    if type(value) is not int:
        raise MalformedInstance(path, "must be a whole number")
    if not 0 <= value < below:
        allowed = f"0 to {below - 1}" if below else "nothing, there are none"
        raise MalformedInstance(path, f"is {value}, allowed is {allowed}")
    return value


def _flag(row: dict[str, Any], key: str, path: str, *, default: bool) -> bool:
    value = row.get(key, default)
    if not isinstance(value, bool):
        raise MalformedInstance(_join(path, key), "must be true or false")
    return value
