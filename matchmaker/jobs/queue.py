"""The queue that carries job ids to the worker: on SQLite or PostgreSQL, no broker."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

from matchmaker.jobs import queries, services
from matchmaker.jobs.models import JobState
from matchmaker.settings import Settings

log = logging.getLogger(__name__)


class JsonSerializer(Serializer):  # type: ignore[misc]
    """Messages as JSON: only a job's id travels, never an object."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data._asdict() if hasattr(data, "_asdict") else data).encode()

    def _deserialize(self, data: bytes) -> Any:
        content = json.loads(data)
        return Message(**content) if isinstance(content, dict) and "name" in content else content


def make_queue(settings: Settings) -> Huey:
    """The queue beside the database in use."""
    if settings.is_sqlite:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(
            "matchmaker", filename=str(settings.data_dir / "queue.db"), serializer=JsonSerializer(), results=False
        )
    dsn = make_url(settings.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    return PostgresHuey("matchmaker", dsn=dsn, serializer=JsonSerializer(), results=False)


def register(
    queue: Huey,
    engine: Engine,
    handlers: dict[str, services.Handler],
    *,
    context: Callable[[], AbstractContextManager[object]],
) -> Any:
    """Tell the queue how a job is done and how often lost ones are looked for; returns the task.

    context: what a job is done in, the application's, which knows the words of each language.
    """

    @queue.task()  # type: ignore[untyped-decorator]
    def do_job(job_id: int) -> None:
        with context(), Session(engine, expire_on_commit=False, info={"send_job": do_job}) as session:
            state = services.run(session, job_id, handlers)
        log.info("job ended", extra={"job_id": job_id, "state": state.value})

    @queue.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
    def sweep() -> None:
        with Session(engine) as session:
            for job in queries.lost_jobs(session):
                job.state = JobState.QUEUED
            session.commit()
            for job_id in queries.waiting_jobs(session):
                do_job(job_id)

    return do_job
