"""The `export` command: a programme as one file that anybody can prove."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from matchmaker.db import make_engine, shanghai_day, utcnow
from matchmaker.deals.cli import OneLineCommand, Refused
from matchmaker.deals.facts import MalformedFacts, read_day
from matchmaker.errors import RuleViolation
from matchmaker.operations.exporting.writing import export_in_pieces, plan_export
from matchmaker.programmes.models import Programme
from matchmaker.programmes.queries import current_programme, find_programme
from matchmaker.progress.projection.checking import steady
from matchmaker.settings import Settings

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
_MEGABYTE = 1 << 20


@click.command("export", cls=OneLineCommand)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The zip to write.")
@click.option(
    "--programme", "year", type=int, metavar="YEAR", help="The programme's year; the current one unless told."
)
@click.option("--month", metavar="YYYY-MM", help="As of the day on which this month froze.")
@click.option("--as-of", "as_of", metavar="YYYY-MM-DD", help="Count at the end of this day; today unless told.")
def export_command(out: Path, year: int | None, month: str | None, as_of: str | None) -> None:
    """Write a programme's ledger, audit record, facts and published months as one zip for `matchmaker verify`.

    The same state of the database gives the same bytes. Bad input exits with code 2 and one line.
    """
    if month is not None and (as_of is not None or not _MONTH.fullmatch(month)):
        raise Refused("--month is written YYYY-MM and stands without --as-of")
    day = _day(as_of) if as_of else shanghai_day(utcnow())
    settings = Settings()
    try:
        with steady(make_engine(settings.database_url, pooled=False)) as session:
            programme = _programme(session, year or (int(month[:4]) if month else None), day)
            plan = plan_export(session, programme, as_of=day, month=month, data_dir=settings.data_dir)
            size = _write(out, export_in_pieces(session, plan))
    except RuleViolation as refused:
        raise Refused(refused.message) from refused
    except DatabaseError as fault:
        raise Refused(f"the database cannot be read: {fault.orig}") from fault
    except OSError as fault:
        raise Refused(f"{out}: {fault.strerror}") from fault
    click.echo(f"{out}: programme {programme.year} as of {plan.as_of}, {size:,d} bytes")


def _write(out: Path, pieces: Iterator[bytes]) -> int:
    """Write aside and put in place in one step, so that half an export never bears the name."""
    size = shown = 0
    with tempfile.NamedTemporaryFile(dir=out.parent, delete=False) as file:
        aside = Path(file.name)
        try:
            for piece in pieces:
                file.write(piece)
                size += len(piece)
                if size - shown >= 16 * _MEGABYTE:
                    shown = size
                    click.echo(f"{size // _MEGABYTE} MiB …", err=True)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
    aside.replace(out)
    return size


def _day(text: str) -> date:
    try:
        return read_day(text)
    except MalformedFacts as fault:
        raise Refused(f"--as-of: {fault.message}") from fault


def _programme(session: Session, year: int | None, day: date) -> Programme:
    found = find_programme(session, year) if year else current_programme(session, day)
    if found is None:
        raise Refused(f"there is no programme for {year or day.year}")
    return found
