"""Every minute, the worker looks whether the registers have moved on from the index, and whether watches are due."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from huey import Huey, crontab
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from matchmaker.matching.services import note_changes, note_rounds


def watch_registers(queue: Huey, engine: Engine, *, data_dir: Path, send_job: Any) -> None:
    """Have the queue promise a new index whenever lines have changed since the current one, and rounds of watches."""

    @queue.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
    def follow_registers() -> None:
        with Session(engine, info={"send_job": send_job}) as session, session.begin():
            note_changes(session, data_dir=data_dir)

    @queue.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
    def follow_watches() -> None:
        with Session(engine, info={"send_job": send_job}) as session, session.begin():
            note_rounds(session, data_dir=data_dir)
