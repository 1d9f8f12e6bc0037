"""The `timetable` command: a session or a year from a file, its plan to the terminal. Needs no server, no database."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from matchmaker.events import planning
from matchmaker.events.planning import programmes
from matchmaker.events.planning.wording import clash_lines as year_clash_lines
from matchmaker.meetings import timetable as engine
from matchmaker.meetings.timetable import instances
from matchmaker.meetings.timetable.wording import clash_lines, reason

Malformed = (instances.MalformedInstance, programmes.MalformedProgramme)


@click.command("timetable")
@click.argument("instance", type=click.Path(path_type=Path))
@click.option(
    "--previous", type=click.Path(path_type=Path), help="An earlier answer (--json) to keep as far as possible."
)
@click.option("--seconds", type=click.FloatRange(min=0), default=30, show_default=True, help="Stop after so long.")
@click.option(
    "--seed", type=click.IntRange(min=0, max=2**31 - 1), default=0, show_default=True, help="Start of chance."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def timetable_command(instance: Path, previous: Path | None, seconds: float, seed: int, as_json: bool) -> None:
    """Plan the session (b2b-schedule/1) or year (b2b-programme/1) in the file INSTANCE; print it with what is proved.

    With --previous, an earlier answer is mended and as little as possible changes. When the rules clash, prints a
    smallest set that does. Exits 2 with one line when a file cannot be read.
    """
    data, old = _read(instance), None if previous is None else _read(previous)
    time_is_up = _deadline(seconds)
    is_year = isinstance(data, dict) and data.get("format") == programmes.FORMAT
    answer = _year if is_year else _session
    try:
        lines, values = answer(data, old, seconds, seed, time_is_up)
    except MalformedAnswer as error:
        _refuse(previous or instance, str(error))
    except Malformed as error:
        _refuse(instance, str(error))
    click.echo(json.dumps(values) if as_json else "\n".join(lines))


class MalformedAnswer(ValueError):
    """The earlier answer cannot be read; the message says why."""


@contextmanager
def _earlier() -> Iterator[None]:
    """What is wrong in here is wrong with the earlier answer, not with the instance."""
    try:
        yield
    except Malformed as error:
        raise MalformedAnswer(str(error)) from error


def _read(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        _refuse(file, error.strerror or "cannot be read")
    except json.JSONDecodeError as error:
        _refuse(file, f"line {error.lineno}: not JSON ({error.msg})")
    except UnicodeDecodeError as error:
        _refuse(file, f"not UTF-8 text (byte {error.start})")
    except (ValueError, RecursionError):
        _refuse(file, "not JSON that can be read (a number too long, or nested too deep)")


def _refuse(file: Path, reason: str) -> NoReturn:
    click.echo(f"{file}: {reason}".replace("\n", " "), err=True)
    sys.exit(2)


def _deadline(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def _session(
    data: object, old: object, seconds: float, seed: int, time_is_up: Callable[[], bool]
) -> tuple[list[str], dict[str, Any]]:
    session = instances.instance_from(data)
    if old is None:
        answer = engine.solve(session, seed=seed, work=seconds, out_of_time=time_is_up, progress=_show)
        lines, values = _timetable_lines(session, answer), instances.timetable_data(session, answer)
    else:
        with _earlier():
            published = instances.assignments_from(old, session)
        mended = engine.repair(session, published, seed=seed, work=seconds, out_of_time=time_is_up, progress=_show)
        answer = mended.timetable
        values = {**instances.timetable_data(session, answer), "changes": instances.repair_data(mended)}
        lines = [*_timetable_lines(session, answer), *_change_lines(mended)]
    clash = _clash_of(session, answer, seed, seconds)
    if clash is not None:
        lines += clash_lines(session, clash)
        values["clash"] = instances.clash_data(clash)
    return lines, values


def _clash_of(session: engine.Instance, answer: engine.Timetable, seed: int, seconds: float) -> engine.Clash | None:
    """Looked for only when some required meeting is not held; the search had its seconds, this has them again."""
    if answer.status not in {engine.Status.INFEASIBLE, engine.Status.UNKNOWN}:
        return None
    return engine.clashes(session, seed=seed, work=seconds, out_of_time=_deadline(seconds))


def _show(stage: engine.Stage) -> None:
    if sys.stderr.isatty():
        click.echo(f"{stage.name.value} {stage.value}, bound {stage.bound}", err=True)


def _timetable_lines(session: engine.Instance, answer: engine.Timetable) -> list[str]:
    lines = [f"{session.name or 'session'}: {answer.status.value}"]
    lines += [f"  {s.name.value:12} {s.value:8} bound {s.bound:8}{'  proved' * s.proved}" for s in answer.stages]
    lines.append(f"{len(answer.assignments)} of {len(session.meetings)} meetings")
    for held in sorted(answer.assignments, key=lambda held: (held.slot, held.table)):
        a, b = session.meetings[held.meeting].sides
        lines.append(f"  slot {held.slot:3}  table {held.table:3}  meeting {held.meeting:4}  {a} with {b}")
    if answer.unplaced:
        lines.append("left out")
        lines += [f"  meeting {left.meeting:4}  {reason(left)}" for left in answer.unplaced]
    return lines


def _change_lines(mended: engine.Repair) -> list[str]:
    groups = {"moved": mended.moved, "dropped": mended.dropped, "added": mended.added}
    lines = [f"{name} {', '.join(map(str, meetings)) or 'none'}" for name, meetings in groups.items()]
    return [*lines, f"to be told {', '.join(map(str, mended.told)) or 'nobody'}"]


def _year(
    data: object, old: object, seconds: float, seed: int, time_is_up: Callable[[], bool]
) -> tuple[list[str], dict[str, Any]]:
    programme = programmes.programme_from(data)
    with _earlier():
        previous = {} if old is None else programmes.plan_from(old, programme)
    answer = planning.plan(programme, previous=previous, seed=seed, work=seconds, out_of_time=time_is_up)
    lines = [f"{programme.name or 'year'}: {answer.status.value}"]
    if answer.cost is not None:
        proved = "  proved" * (answer.status is planning.Status.OPTIMAL)
        lines.append(f"  cost         {answer.cost:8} bound {answer.bound:8}{proved}")
    if answer.status is planning.Status.UNKNOWN:
        lines.append("no plan was found in the time given")
    if old is not None:
        lines.append(f"  moved        {len(answer.moved):8} bound {answer.moved_bound:8}")
    ordered = sorted(answer.placements, key=lambda place: (place.day, place.venue))
    lines += [f"  day {place.day:3}  venue {place.venue:3}  event {place.event:3}" for place in ordered]
    if answer.clash is not None:
        lines += year_clash_lines(programme, answer.clash)
    return lines, programmes.plan_data(programme, answer)
