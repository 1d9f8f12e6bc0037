"""Run the parts of an installation: migrations, server, worker, checks."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys

import click
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from matchmaker.chains.services import load_reference
from matchmaker.db import make_engine
from matchmaker.deals.evidence.queries import digests
from matchmaker.deals.evidence.storing import path_of
from matchmaker.matching import ranking
from matchmaker.operations import migrations
from matchmaker.settings import ROOT, Settings


@click.command("upgrade")
def upgrade_command() -> None:
    """Bring the database and its reference data to this release."""
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url, pooled=False)
    migrations.upgrade(engine)
    with Session(engine) as session:
        loaded = load_reference(session)
        session.commit()
    click.echo("database up to date; reference data " + ("loaded" if loaded else "already in"))


def web_command(host: str, port: int, workers: int) -> list[str]:
    """The command line of the web server."""
    options = ["--workers", str(workers), "--threads", "4", "--timeout", "60", "--graceful-timeout", "20"]
    limits = ["--max-requests", "20000", "--max-requests-jitter", "2000", "--no-control-socket", "--chdir", str(ROOT)]
    return [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"{host}:{port}", *options, *limits]


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor_command(as_json: bool) -> None:
    """Check that this machine has what the product needs."""
    findings = _findings()
    if as_json:
        click.echo(json.dumps(findings, ensure_ascii=False))
    else:
        for name, good in findings.items():
            click.echo(f"{'ok  ' if good else 'MISS'}  {name}")
    if not all(findings[name] for name in ("database", "migrations", "data directory is writable")):
        raise SystemExit(1)


def _findings() -> dict[str, bool]:
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url, pooled=False)
    with engine.connect() as connection:
        current = migrations.is_current(connection)
    return {
        "database": True,
        "migrations": current,
        "data directory is writable": os.access(settings.data_dir, os.W_OK),
        "compiled translations": importlib.util.find_spec("babel") is not None,
        "evidence files are all there": current and _evidence_is_there(engine, settings),
        "ranking in use is as it was written": ranking.is_sound(settings.data_dir),
        "browser for printing": any(shutil.which(name) for name in ("chromium", "google-chrome", "firefox")),
    }


def _evidence_is_there(engine: Engine, settings: Settings) -> bool:
    """Whether every file that a row names lies where it should; `matchmaker evidence` reads them too."""
    with Session(engine.execution_options(begin="DEFERRED")) as session:
        return all(path_of(settings.data_dir, digest).is_file() for digest in digests(session))
