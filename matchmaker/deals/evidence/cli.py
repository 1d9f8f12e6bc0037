"""The `evidence` command: whether every file that deals name is there and is what it was."""

from __future__ import annotations

import json

import click
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from matchmaker.db import make_engine
from matchmaker.deals.cli import OneLineCommand, Refused
from matchmaker.deals.evidence import queries, storing
from matchmaker.settings import Settings


@click.command("evidence", cls=OneLineCommand)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def evidence_command(as_json: bool) -> None:
    """Read every evidence file against its digest and name those missing, damaged, or named by no deal.

    Nothing is deleted or changed. Exits 1 when a file is missing or damaged; a file that no deal names is what a
    crash between the disk and the database leaves, and does no harm.
    """
    settings = Settings()
    try:
        with Session(make_engine(settings.database_url, pooled=False).execution_options(begin="DEFERRED")) as session:
            known = queries.digests(session)
    except DatabaseError as fault:
        raise Refused(f"the database cannot be read: {fault.orig}") from fault
    folder = settings.data_dir
    paths = {digest: storing.path_of(folder, digest) for digest in sorted(known)}
    missing = [digest for digest, path in paths.items() if not path.is_file()]
    found = {
        "files": len(known),
        "missing": missing,
        "damaged": [digest for digest in paths if digest not in missing and storing.read(folder, digest) is None],
        "loose": [str(path) for path in storing.loose(folder, known)],
    }
    click.echo(json.dumps(found, indent=1) if as_json else _text(found))
    if found["missing"] or found["damaged"]:
        raise SystemExit(1)


def _text(found: dict[str, object]) -> str:
    lines = [f"{found['files']} files named by deals"]
    for state in ("missing", "damaged", "loose"):
        names = found[state]
        if isinstance(names, list):
            lines += [f"{len(names)} {state}", *(f"  {name}" for name in names)]
    return "\n".join(lines)
