"""Projections made anew, or compared with the ledger."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from matchmaker.db import make_engine
from matchmaker.programmes.queries import programmes
from matchmaker.progress.projection.checking import differences, steady
from matchmaker.progress.projection.following import rebuild
from matchmaker.settings import Settings

_MOST_SHOWN = 20


@click.command("recount")
@click.option("--check", is_flag=True, help="Change nothing; compare with a full recount, and exit 1 if they differ.")
def recount_command(check: bool) -> None:
    """Make the totals kept beside the ledger anew from every entry."""
    engine = make_engine(Settings().database_url, pooled=False)
    if check:
        with steady(engine) as session:
            _check(session)
        return
    with Session(engine) as session:
        for programme in programmes(session):
            click.echo(f"{programme.year}: {rebuild(session, programme):,d} deals judged")
            session.commit()


def _check(session: Session) -> None:
    found = [f"{each.year}: {line}" for each in programmes(session) for line in differences(session, each)]
    for line in found[:_MOST_SHOWN]:
        click.echo(line, err=True)
    if found:
        raise click.ClickException(f"{len(found)} differences; run `matchmaker recount` after finding their cause")
    click.echo("every projection equals the recount")
