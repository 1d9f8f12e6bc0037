"""The database session of a request."""

from __future__ import annotations

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from matchmaker.db import make_engine
from matchmaker.settings import Settings
from matchmaker.web.visibility import GuardedSession

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask, settings: Settings) -> None:
    """Give the application its engine, and every request a session that ends with it."""
    app.extensions["engine"] = make_engine(settings.database_url)
    app.teardown_appcontext(_close)


def get_engine() -> Engine:
    """The application's engine."""
    engine: Engine = current_app.extensions["engine"]
    return engine


def get_session() -> Session:
    """The session of this request: only a reader while the request only reads."""
    if "session" not in g:
        info = {"send_job": current_app.extensions.get("send_job")}
        g.session = GuardedSession(_engine_for_request(), expire_on_commit=False, info=info)
    session: Session = g.session
    return session


def _engine_for_request() -> Engine:
    engine = get_engine()
    reads_only = has_request_context() and request.method in SAFE_METHODS and not g.get("writes", False)
    return engine.execution_options(begin="DEFERRED") if reads_only else engine


def _close(error: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is not None:
        session.close()
