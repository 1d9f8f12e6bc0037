"""Look for firms that may be on the register twice, from a terminal."""

from __future__ import annotations

import json
import time
from dataclasses import asdict

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from matchmaker.db import make_engine
from matchmaker.enterprises import services
from matchmaker.settings import Settings


@click.command("duplicates")
@click.option("--anew", is_flag=True, help="Compare every firm again, not only those whose names are new.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def duplicates_command(anew: bool, as_json: bool) -> None:
    """Find pairs of enterprises that may be one firm and put them in the officers' queue; nothing is merged."""
    settings = Settings()
    started = time.monotonic()
    engine = make_engine(settings.database_url, pooled=False)
    try:
        with Session(engine, expire_on_commit=False) as session:
            found = services.find_duplicates(session, report=_show_progress, anew=anew)
            session.commit()
    except DBAPIError as error:
        raise click.ClickException(
            f"the database did not answer; has `matchmaker upgrade` been run? ({error.orig})"
        ) from None
    finally:
        engine.dispose()
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    click.echo(
        f"{found.compared:,} of {found.firms:,} enterprises compared, {found.added:,} new pairs wait for an officer, "
        f"{found.dropped:,} are no longer alike, {time.monotonic() - started:.1f} s"
    )


def _show_progress(done: int, total: int) -> bool:
    click.echo(f"  {done:,}/{total:,}", err=True)
    return True
