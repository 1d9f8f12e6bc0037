"""Work that waits."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.db import utcnow
from matchmaker.jobs.models import Job, JobState

LOST_AFTER = timedelta(minutes=30)


def waiting_jobs(session: Session, *, older_than: timedelta = timedelta(0)) -> list[int]:
    """The ids of promised work nobody has begun, oldest first."""
    limit = utcnow() - older_than
    return list(
        session.scalars(select(Job.id).where(Job.state == JobState.QUEUED, Job.created_at <= limit).order_by(Job.id))
    )


def lost_jobs(session: Session) -> list[Job]:
    """Work begun so long ago that its worker must have died."""
    limit = utcnow() - LOST_AFTER
    return list(session.scalars(select(Job).where(Job.state == JobState.RUNNING, Job.started_at <= limit)))
