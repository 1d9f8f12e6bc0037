"""Promise work, do it, say how far it is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from matchmaker.db import utcnow
from matchmaker.errors import RuleViolation
from matchmaker.i18n import language, speaking
from matchmaker.i18n import lazy as _
from matchmaker.jobs.models import Job, JobState

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 3


Progress = Callable[[int, int, str], bool]


class Reporter(Protocol):
    """A handler's progress, and what it knows already; False asks it to stop."""

    def __call__(self, done: int, total: int, message: str = "", *, so_far: dict[str, Any] | None = None) -> bool:
        """so_far: what is known already, kept as the job's result until it ends with its own."""


Handler = Callable[[Session, Job, Reporter], dict[str, Any]]


def promise(session: Session, kind: str, *, payload: dict[str, Any], user_id: int | None = None) -> Job:
    """Write down work to be done once this transaction is committed, and return its row.

    What the work has to say is said in the language of whoever asks for it.
    """
    spoken = {} if language() == "zh" else {"language": language()}
    job = Job(kind=kind, payload=payload | spoken, user_id=user_id)
    session.add(job)
    session.flush()
    session.info.setdefault("promised_jobs", []).append(job.id)
    return job


@event.listens_for(Session, "after_commit")
def _hand_over(session: Session) -> None:
    """Hand the jobs promised in this transaction to the queue, where the session has one."""
    promised, send = session.info.pop("promised_jobs", []), session.info.get("send_job")
    if send is None:
        return
    for job_id in promised:
        try:
            send(job_id)
        except Exception:
            log.warning("queue did not take a job; the sweep will send it", extra={"job_id": job_id}, exc_info=True)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("promised_jobs", None)


def run(session: Session, job_id: int, handlers: dict[str, Handler]) -> JobState:
    """Do one promised piece of work, once, whoever else was handed it too.

    The handler's own changes and the job's last state are committed together here; a
    handler that fails leaves only the reason.
    """
    if not _claim(session, job_id):
        return JobState.RUNNING
    job = session.get_one(Job, job_id, populate_existing=True)
    release(session)
    with speaking(job.payload.get("language", "zh")):
        job = _do(session, job, handlers)
    job.finished_at = utcnow()
    session.commit()
    return job.state


def _do(session: Session, job: Job, handlers: dict[str, Handler]) -> Job:
    """The job with its outcome, read anew where the handler's changes were taken back."""
    job_id, kind = job.id, job.kind
    try:
        job.result = handlers[kind](session, job, _reporter(session, job_id))
        session.expire(job, ["message"])  # progress wrote it through another connection
        job.state, job.message = JobState.DONE, ""
    except RuleViolation as refusal:
        session.rollback()
        job = session.get_one(Job, job_id)
        job.state, job.message = JobState.FAILED, refusal.message
    except Exception as fault:
        session.rollback()
        job = session.get_one(Job, job_id)
        job.state = JobState.FAILED if job.attempts >= MOST_ATTEMPTS else JobState.QUEUED
        job.message = str(_("出错，已记录。"))
        log.exception("job failed", extra={"job_id": job_id, "kind": kind, "fault": type(fault).__name__})
    return job


def release(session: Session) -> None:
    """End a handler's reading, so that long computing holds no lock and its progress can be told.

    Raises RuntimeError when something is already waiting to be written: a business fact
    is written in one transaction or not at all.
    """
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a handler may only pause before it writes")
    session.commit()


def stop(session: Session, job: Job) -> None:
    """Ask a job to stop at its next report of progress."""
    if job.is_open:
        job.state = JobState.STOPPED
        job.finished_at = utcnow()


def _claim(session: Session, job_id: int) -> bool:
    taken = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.QUEUED)
        .values(state=JobState.RUNNING, started_at=utcnow(), attempts=Job.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    session.commit()
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def _reporter(session: Session, job_id: int) -> Reporter:
    """Report progress through a connection of its own, so that it shows before the work commits."""
    bind = session.get_bind()

    def report(done: int, total: int, message: str = "", *, so_far: dict[str, Any] | None = None) -> bool:
        if bind.dialect.name == "sqlite" and session.in_transaction():
            return True  # one writer at a time: the work's own transaction holds the file
        with Session(bind) as own:
            known = {} if so_far is None else {"result": so_far}
            own.execute(update(Job).where(Job.id == job_id).values(done=done, total=total, message=message, **known))
            state = own.scalar(select(Job.state).where(Job.id == job_id))
            own.commit()
        return state is JobState.RUNNING

    return report
