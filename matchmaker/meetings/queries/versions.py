"""The versions of a timetable and the hall they fill, read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from matchmaker.accounts.models import User
from matchmaker.db import utcnow
from matchmaker.events.models import MatchmakingEvent
from matchmaker.jobs.models import Job, JobState
from matchmaker.meetings.models import (
    Availability,
    Repair,
    Slot,
    Table,
    TimetableState,
    TimetableVersion,
)
from matchmaker.meetings.places import Hall
from matchmaker.meetings.queries.talks import meetings_of_timetable
from matchmaker.web.visibility import everyones

OVERDUE = timedelta(minutes=2)  # a computation lasts twenty seconds: by then its worker has died
_OF_EVENT = "the caller runs or computes this event"


def open_computation(session: Session, event: MatchmakingEvent) -> TimetableVersion | None:
    """The version of an event's timetable that is being computed; a worker that died is not waited for."""
    statement = (
        select(TimetableVersion)
        .join(Job, Job.id == TimetableVersion.job_id)
        .options(contains_eager(TimetableVersion.job))
        .where(
            TimetableVersion.event_id == event.id,
            TimetableVersion.state == TimetableState.COMPUTING,
            or_(
                Job.state == JobState.QUEUED,
                and_(Job.state == JobState.RUNNING, Job.started_at > utcnow() - OVERDUE),
            ),
        )
    )
    return session.scalar(everyones(statement, because=_OF_EVENT))


def is_overdue(version: TimetableVersion) -> bool:
    """Whether the worker that began to compute a version must have died."""
    began = version.job.started_at if version.job is not None else None
    return began is not None and began <= utcnow() - OVERDUE


def latest_number(session: Session, event: MatchmakingEvent) -> int:
    """The number of an event's latest version, 0 for none."""
    statement = select(func.max(TimetableVersion.number)).where(TimetableVersion.event_id == event.id)
    return session.scalar(everyones(statement, because=_OF_EVENT)) or 0


def timetables_of(session: Session, event: MatchmakingEvent) -> list[TimetableVersion]:
    """Every version of an event's timetable, the latest first."""
    statement = (
        select(TimetableVersion)
        .options(joinedload(TimetableVersion.job), joinedload(TimetableVersion.repair).joinedload(Repair.base))
        .where(TimetableVersion.event_id == event.id)
        .order_by(TimetableVersion.number.desc())
    )
    return list(session.scalars(everyones(statement, because=_OF_EVENT)))


def find_published(session: Session, event: MatchmakingEvent) -> TimetableVersion | None:
    """The timetable the participants of an event see."""
    statement = select(TimetableVersion).where(
        TimetableVersion.event_id == event.id, TimetableVersion.state == TimetableState.PUBLISHED
    )
    return session.scalar(everyones(statement, because=_OF_EVENT))


def slots_of(session: Session, event: MatchmakingEvent) -> list[Slot]:
    """An event's slots, in order."""
    return list(session.scalars(select(Slot).where(Slot.event_id == event.id).order_by(Slot.number)))


def tables_of(session: Session, event: MatchmakingEvent) -> list[Table]:
    """An event's tables, in order."""
    return list(session.scalars(select(Table).where(Table.event_id == event.id).order_by(Table.number)))


def find_table(session: Session, event: MatchmakingEvent, number: int) -> Table | None:
    """One table of an event's hall."""
    return session.scalar(select(Table).where(Table.event_id == event.id, Table.number == number))


def find_slot(session: Session, event: MatchmakingEvent, number: int) -> Slot | None:
    """One slot of an event's day."""
    return session.scalar(select(Slot).where(Slot.event_id == event.id, Slot.number == number))


def availabilities_of(session: Session, event: MatchmakingEvent) -> list[Availability]:
    """The firms that are away from an event for a while, or want few talks, in the order they were set."""
    statement = (
        select(Availability)
        .options(joinedload(Availability.enterprise))
        .where(Availability.event_id == event.id)
        .order_by(Availability.id)
    )
    return list(session.scalars(everyones(statement, because=_OF_EVENT)))


def find_availability(session: Session, event: MatchmakingEvent, enterprise_id: int) -> Availability | None:
    """What was set for one firm."""
    statement = select(Availability).where(
        Availability.event_id == event.id, Availability.enterprise_id == enterprise_id
    )
    return session.scalar(everyones(statement, because=_OF_EVENT))


def hall_of(session: Session, timetable: TimetableVersion) -> Hall:
    """A version as it stands, with who is away and which tables are closed."""
    event = timetable.event
    return Hall(
        slots=slots_of(session, event),
        tables=tables_of(session, event),
        meetings=meetings_of_timetable(session, timetable),
        absent={row.enterprise_id: row.absent_slots for row in availabilities_of(session, event)},
    )


def makers_of(session: Session, versions: Iterable[TimetableVersion]) -> dict[int, str]:
    """Who had each version made, by version id."""
    by = {each.id: each.job.user_id for each in versions if each.job is not None and each.job.user_id is not None}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(set(by.values())))).all()
    names = dict(rows)
    return {version: names[user] for version, user in by.items() if user in names}
