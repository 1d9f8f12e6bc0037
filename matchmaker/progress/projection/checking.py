"""The projections compared with a full recount of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.collecting import uncollected
from matchmaker.deals.recounting import recounted
from matchmaker.programmes.models import Programme
from matchmaker.progress.models import Projection
from matchmaker.progress.projection.following import projections
from matchmaker.progress.projection.reading import find_sheet
from matchmaker.progress.projection.sheets import sheet_of


def steady(engine: Engine) -> Session:
    """A session all of whose statements see one state of the database, and which hinders nobody."""
    options = {"begin": "DEFERRED"} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    return Session(engine.execution_options(**options))


def differences(session: Session, programme: Programme, *, today: date | None = None) -> Iterator[str]:
    """Every place where a projection departs from the recount: sums by their names, deals by their numbers.

    session: one of `steady`, since a ledger that grows between two statements differs from itself.
    What happened since the projection was last brought up is laid over it first, as every page does; so it
    need not be up to date to be right.
    """
    today = today or shanghai_day(utcnow())
    with uncollected():
        for kept in projections(session, programme):
            yield from _of_one(session, programme, kept, today if kept.is_live else kept.as_of)


def _of_one(session: Session, programme: Programme, kept: Projection, as_of: date) -> Iterator[str]:
    found = find_sheet(session, programme, as_of)
    if found is None:
        yield f"{as_of}: too much has happened since it was brought up"
        return
    recount = recounted(session, programme, as_of, afresh=True)
    counted = sheet_of(recount)
    for key in sorted(counted.sums.keys() | found.sums.keys()):
        if counted.sums.get(key) != found.sums.get(key):
            yield f"{as_of}: {key} is {found.sums.get(key)}, recounted {counted.sums.get(key)}"
    if list(counted.largest) != list(found.largest):
        yield f"{as_of}: the largest deals are {found.largest}, recounted {counted.largest}"
