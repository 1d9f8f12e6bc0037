"""The `timetable` command: a session from a file, its timetable to the terminal. Needs no server and no database."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import click

from matchmaker.meetings import timetable as engine
from matchmaker.meetings.timetable.instances import MalformedInstance, read_instance, timetable_data


@click.command("timetable")
@click.argument("instance", type=click.Path(path_type=Path))
@click.option("--seconds", type=click.FloatRange(min=0), default=30, show_default=True, help="Stop after so long.")
@click.option(
    "--seed", type=click.IntRange(min=0, max=2**31 - 1), default=0, show_default=True, help="Start of chance."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def timetable_command(instance: Path, seconds: float, seed: int, as_json: bool) -> None:
    """Timetable the session in the file INSTANCE (format b2b-schedule/1) and print it with what is proved.

    Exits 2 with one line when the file cannot be read as a session.
    """
    try:
        session = read_instance(instance)
    except (OSError, MalformedInstance) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        click.echo(f"{instance}: {reason}".replace("\n", " "), err=True)
        sys.exit(2)
    answer = _solve(session, seconds, seed)
    click.echo(json.dumps(timetable_data(session, answer)) if as_json else _text(session, answer))


def _solve(session: engine.Instance, seconds: float, seed: int) -> engine.Timetable:
    deadline = time.monotonic() + seconds

    def show(stage: engine.Stage) -> None:
        click.echo(f"{stage.name.value} {stage.value}, bound {stage.bound}", err=True)

    return engine.solve(
        session,
        seed=seed,
        work=seconds,
        out_of_time=lambda: time.monotonic() >= deadline,
        progress=show if sys.stderr.isatty() else lambda _: None,
    )


def _text(session: engine.Instance, answer: engine.Timetable) -> str:
    lines = [f"{session.name or 'session'}: {answer.status.value}"]
    lines += [f"  {s.name.value:12} {s.value:8} bound {s.bound:8}{'  proved' * s.proved}" for s in answer.stages]
    lines.append(f"{len(answer.assignments)} of {len(session.meetings)} meetings")
    for held in sorted(answer.assignments, key=lambda held: (held.slot, held.table)):
        a, b = session.meetings[held.meeting].sides
        lines.append(f"  slot {held.slot:3}  table {held.table:3}  meeting {held.meeting:4}  {a} with {b}")
    if answer.unplaced:
        lines.append("left out")
        lines += [f"  meeting {left.meeting:4}  {_reason(left)}" for left in answer.unplaced]
    return "\n".join(lines)


def _reason(left: engine.Unplaced) -> str:
    parts = [left.cause.value.replace("_", " ")]
    if left.firms:
        parts.append(f"participants {', '.join(map(str, left.firms))}")
    if left.slots:
        parts.append(f"slots {', '.join(map(str, left.slots))}")
    if left.before is not None:
        parts.append(f"after meeting {left.before}")
    if left.table is not None:
        parts.append(f"table {left.table}")
    return "; ".join(parts)
