"""Whether the process is up and can do its work; and the export that proves a programme without it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Blueprint, current_app, jsonify, render_template, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.services import record
from matchmaker.accounts.viewer import get_user
from matchmaker.db import shanghai_day, utcnow
from matchmaker.operations.exporting import Export, export_in_pieces, plan_export
from matchmaker.operations.exporting.rows import heads_of
from matchmaker.operations.migrations import is_current
from matchmaker.operations.verifying.layout import CHAINS
from matchmaker.programmes.models import Programme
from matchmaker.programmes.queries import current_programme, find_programme
from matchmaker.progress.closing.queries import snapshots_of
from matchmaker.progress.policies import may_recount, recounters
from matchmaker.progress.projection.checking import steady
from matchmaker.web.database import get_engine, get_session
from matchmaker.web.policies import anyone, policy

bp = Blueprint("operations", __name__)
_YEAR = re.compile(r"20[0-9]{2}", re.ASCII)
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)


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


@bp.get("/proof")
@policy(recounters)
def proof() -> str:
    """What an export would hold, the seals to be noted today, and how an outsider checks."""
    session = get_session()
    programme = _asked_programme(session)
    heads = heads_of(session)
    return render_template(
        "operations/proof.html",
        programme=programme,
        months=snapshots_of(session, programme) if programme else [],
        heads=[heads[name] for name in CHAINS],
        today=shanghai_day(utcnow()),
        now=utcnow(),
    )


@bp.get("/proof/export.zip")
@policy(recounters, writes=True)
def export() -> Response:
    """Hand out the export while it is written; who took it and as of which day is on the audit record."""
    session, user = get_session(), get_user()
    programme, month = _asked_programme(session), request.args.get("month", "")
    if programme is None or not (month == "" or _MONTH.fullmatch(month)):
        raise NotFound
    reader, data_dir = steady(get_engine()), current_app.extensions["settings"].data_dir
    try:
        own = reader.get_one(Programme, programme.id)
        plan = plan_export(reader, own, as_of=shanghai_day(utcnow()), month=month or None, data_dir=data_dir)
        detail = {"as_of": plan.as_of.isoformat(), "month": month}
        record(session, actor=user, action="export proof", subject=programme, detail=detail)
        session.commit()
    except BaseException:
        reader.close()
        raise
    answer = Response(_sent(reader, plan), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f"attachment; filename={plan.name}"
    return answer


def _sent(reader: Session, plan: Export) -> Iterator[bytes]:
    """The pieces of an export; the session that reads it ends with the last, or when the reader goes away."""
    with reader:
        yield from export_in_pieces(reader, plan)


def _asked_programme(session: Session) -> Programme | None:
    """The programme of the address for those who see every row of it, as only they may take all of it home."""
    if not may_recount(get_user()):
        raise Forbidden
    year = request.args.get("year", "")
    return find_programme(session, int(year)) if _YEAR.fullmatch(year) else current_programme(session)
