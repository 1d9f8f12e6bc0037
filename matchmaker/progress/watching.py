"""The worker keeps the projections close to the ledger, and compares them with it every night."""

from __future__ import annotations

import logging

from huey import Huey, crontab
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from matchmaker.programmes.models import Programme
from matchmaker.programmes.queries import current_programme
from matchmaker.progress.projection.checking import differences, steady
from matchmaker.progress.projection.following import follow, rebuild

log = logging.getLogger(__name__)
_NIGHT = {"hour": "18", "minute": "30"}  # UTC: half past two in Shanghai


def watch_ledger(queue: Huey, engine: Engine) -> None:
    """Have the queue follow the ledger every minute and check every night."""

    @queue.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
    def follow_ledger() -> None:
        with Session(engine) as session, session.begin():
            programme = current_programme(session)
            if programme is not None:
                follow(session, programme)

    @queue.periodic_task(crontab(**_NIGHT))  # type: ignore[untyped-decorator]
    def check_projections() -> None:
        check_and_mend(engine)


def check_and_mend(engine: Engine) -> int:
    """Compare with a full recount; what differs is reported and made anew. Gives back how many places differed."""
    with steady(engine) as session:
        programme = current_programme(session)
        if programme is None:
            return 0
        found = list(differences(session, programme))
    for line in found:
        log.error("a projection differs from the ledger", extra={"difference": line})
    if found:
        with Session(engine) as session, session.begin():
            rebuild(session, session.get_one(Programme, programme.id))
    return len(found)
