"""Every night, the worker compares the whole ledger: firms may have been merged since something was said of a deal."""

from __future__ import annotations

from typing import Any

from huey import Huey, crontab
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from matchmaker.deals.duplicates.finding import promise_search


def watch_deals(queue: Huey, engine: Engine, *, send_job: Any) -> None:
    """Have the queue promise a search for repeated deals at 02:40 in Shanghai."""

    @queue.periodic_task(crontab(hour="18", minute="40"))  # type: ignore[untyped-decorator]
    def compare_deals() -> None:
        with Session(engine, info={"send_job": send_job}) as session, session.begin():
            promise_search(session)
