"""Whether the process is up, and whether it can do its work."""

from __future__ import annotations

from flask import Blueprint, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from matchmaker.operations.migrations import is_current
from matchmaker.web.database import get_engine
from matchmaker.web.policies import anyone, policy

bp = Blueprint("operations", __name__)


@bp.get("/healthz")
@policy(anyone)
def health() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@policy(anyone)
def ready() -> tuple[Response, int]:
    """Say whether the database answers and has every migration."""
    checks = {"database": False, "migrations": False}
    try:
        with get_engine().execution_options(begin="DEFERRED").connect() as connection:
            connection.execute(text("SELECT 1"))
            checks["database"] = True
            checks["migrations"] = is_current(connection)
    except SQLAlchemyError:
        pass
    good = all(checks.values())
    return jsonify(status="ok" if good else "unavailable", checks=checks), 200 if good else 503
