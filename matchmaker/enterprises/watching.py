"""Every night, the worker looks for firms that may be on the register twice."""

from __future__ import annotations

from typing import Any

from huey import Huey, crontab
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from matchmaker.enterprises.services import promise_search


def watch_names(queue: Huey, engine: Engine, *, send_job: Any) -> None:
    """Have the queue promise a search for duplicates at 02:20 in Shanghai; only names new since the last one count."""

    @queue.periodic_task(crontab(hour="18", minute="20"))  # type: ignore[untyped-decorator]
    def follow_names() -> None:
        with Session(engine, info={"send_job": send_job}) as session, session.begin():
            promise_search(session)
