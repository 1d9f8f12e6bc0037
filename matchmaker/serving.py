"""Run the application: its web server, and the worker behind it."""

from __future__ import annotations

import os
import sys

import click

from matchmaker.app import create_app
from matchmaker.operations.cli import web_command
from matchmaker.settings import Settings


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve_command(host: str, port: int, workers: int) -> None:
    """Serve the pages and the API with gunicorn."""
    Settings()  # a wrong setting is told here, once, and not by every worker
    os.execv(sys.executable, web_command(host, port, workers))  # noqa: S606 -- our own interpreter


@click.command("worker")
def worker_command() -> None:
    """Do the background work: imports, indexing, timetables."""
    app = create_app()
    app.extensions["queue"].create_consumer(workers=1, periodic=True, check_worker_health=True).run()
