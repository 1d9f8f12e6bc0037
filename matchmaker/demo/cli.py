"""Build the demonstration province and serve it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from types import FrameType

import click
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import hash_password
from matchmaker.accounts.policies import ROLE_NAMES
from matchmaker.chains.services import load_reference
from matchmaker.db import make_engine, shanghai_day, utcnow
from matchmaker.deals.duplicates.finding import promise_search
from matchmaker.demo.province import DEFAULT_SEED, FULL_SIZE, build_province
from matchmaker.demo.settling import settle
from matchmaker.jobs import services as jobs
from matchmaker.operations import migrations
from matchmaker.operations.cli import web_command
from matchmaker.programmes.models import Programme
from matchmaker.settings import ROOT, Settings

PASSWORD = "hubei-demo"  # noqa: S105 -- the demo's own, printed for everybody


@click.command("demo")
@click.option("--size", default=FULL_SIZE, show_default=True, type=click.IntRange(400, 100_000), help="Enterprises.")
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="Another seed is another province.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day the province stands at; today unless told.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 16))
@click.option("--build-only", is_flag=True, help="Build the province and stop.")
def demo_command(size: int, seed: int, today: date | None, port: int, workers: int, build_only: bool) -> None:
    """Build the demo province once, then serve it with its background worker."""
    os.environ["MATCHMAKER_DEMO"] = "1"
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url, pooled=False)
    migrations.upgrade(engine)
    day = today.date() if today else shanghai_day(utcnow())  # type: ignore[attr-defined]
    _build(engine, settings.data_dir, seed=seed, today=day, size=size)
    _print_accounts(engine, port)
    engine.dispose()
    if not build_only:
        sys.exit(_serve(port, workers))


def _build(engine: Engine, data_dir: Path, *, seed: int, today: date, size: int) -> None:
    """Build the province unless the database holds one."""
    with Session(engine) as session:
        load_reference(session)
        if session.scalar(select(Programme.id)) is not None:
            return
        click.echo(f"演示数据：正在生成 {size:,} 家企业的演示省（种子 {seed}）…", err=True)
        province = build_province(seed, today, size)
        settle(session, province, password_hash=hash_password(PASSWORD), data_dir=data_dir, tell=_tell)
        jobs.promise(session, "reindex", payload={})
        promise_search(session)
        session.commit()


def _tell(done: int, total: int, name: str) -> None:
    click.echo(f"  {done}/{total} {name}", err=True)


def _print_accounts(engine: Engine, port: int) -> None:
    with Session(engine) as session:
        users = session.scalars(select(User).where(User.is_listed).order_by(User.id)).all()
        click.echo(f"\n湖北供应链对接（演示数据） http://127.0.0.1:{port}\n密码都是 {PASSWORD}：")
        for user in users:
            role = ROLE_NAMES[user.memberships[0].role]
            click.echo(f"  {role}　{user.sign_in_name:<16} {user.name}")
        click.echo("", nl=True)


def _serve(port: int, workers: int) -> int:
    """Run the web server and the worker together; the end of the server ends both, a lost worker is replaced."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "MATCHMAKER_LOG_LEVEL": "WARNING"}
    worker_line = [sys.executable, "-m", "matchmaker", "worker"]

    def start(command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 -- our own interpreter

    web, worker = start(web_command("127.0.0.1", port, workers)), start(worker_line)

    def stop(number: int, frame: FrameType | None) -> None:
        web.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while web.poll() is None:
        if worker.poll() is not None:
            worker = start(worker_line)
        time.sleep(0.5)
    worker.terminate()
    worker.wait()
    return web.returncode
