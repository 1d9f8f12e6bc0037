"""Requests to talk, the timetable that places them, and what came of each talk."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.db import Base, Id, PublicId, Version, utcnow
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import MatchmakingEvent
from matchmaker.jobs.models import Job
from matchmaker.matching.models import Suggestion


class RequestState(enum.Enum):
    """Asked, answered, or left to lapse."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class MeetingRequest(Base):
    """One enterprise asks another for a talk at an event."""

    __tablename__ = "meeting_request"
    __table_args__ = (
        CheckConstraint("asker_id <> asked_id", name="two_parties"),
        CheckConstraint("preference BETWEEN 1 AND 5", name="a_preference"),
        UniqueConstraint("event_id", "asker_id", "asked_id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("matchmaking_event.id"), index=True)
    asker_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    asked_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    suggestion_id: Mapped[int | None] = mapped_column(ForeignKey("suggestion.id"))
    note: Mapped[str] = mapped_column(default="")
    preference: Mapped[int] = mapped_column(default=3)
    state: Mapped[RequestState] = mapped_column(default=RequestState.ASKED)
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    answered_at: Mapped[datetime | None]
    version: Mapped[Version]

    event: Mapped[MatchmakingEvent] = relationship()
    asker: Mapped[Enterprise] = relationship(foreign_keys=asker_id)
    asked: Mapped[Enterprise] = relationship(foreign_keys=asked_id)
    suggestion: Mapped[Suggestion | None] = relationship()


class Slot(Base):
    """One stretch of an event's day in which a meeting fits."""

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("event_id", "number"), CheckConstraint("ends_at > starts_at", name="a_stretch"))

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("matchmaking_event.id"))
    number: Mapped[int]  # from 1
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Table(Base):
    """One table of an event's hall."""

    __tablename__ = "meeting_table"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("matchmaking_event.id"))
    number: Mapped[int]  # from 1


class TimetableState(enum.Enum):
    """Computed, shown to the participants, or replaced."""

    COMPUTING = "computing"
    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"
    FAILED = "failed"


class TimetableVersion(Base):
    """One computed timetable of an event; at most one is published."""

    __tablename__ = "timetable_version"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        Index(
            "uq_timetable_version_published",
            "event_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("matchmaking_event.id"))
    number: Mapped[int]
    state: Mapped[TimetableState] = mapped_column(default=TimetableState.COMPUTING)
    stages: Mapped[list[Any]] = mapped_column(default=list)  # value, bound and proof of each objective
    unplaced: Mapped[list[Any]] = mapped_column(default=list)  # requests left out, each with its reason
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    published_at: Mapped[datetime | None]
    version: Mapped[Version]

    event: Mapped[MatchmakingEvent] = relationship()
    job: Mapped[Job | None] = relationship()
    meetings: Mapped[list[Meeting]] = relationship(back_populates="timetable", order_by="Meeting.id")


class MeetingState(enum.Enum):
    """Whether the talk took place."""

    SCHEDULED = "scheduled"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


class MeetingOutcome(enum.Enum):
    """What came of it."""

    NOTHING = "nothing"
    FOLLOW_UP = "follow_up"
    INTENT = "intent"


class Meeting(Base):
    """An accepted request in its slot and at its table, in one version of the timetable."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("timetable_id", "slot_id", "table_id"),
        UniqueConstraint("timetable_id", "request_id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    timetable_id: Mapped[int] = mapped_column(ForeignKey("timetable_version.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("meeting_request.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    table_id: Mapped[int] = mapped_column(ForeignKey("meeting_table.id"))
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.SCHEDULED)
    outcome: Mapped[MeetingOutcome | None]
    version: Mapped[Version]

    timetable: Mapped[TimetableVersion] = relationship(back_populates="meetings")
    request: Mapped[MeetingRequest] = relationship()
    slot: Mapped[Slot] = relationship()
    table: Mapped[Table] = relationship()
    appointments: Mapped[list[Appointment]] = relationship(back_populates="meeting", cascade="all, delete-orphan")


class Appointment(Base):
    """One party's side of a meeting: nobody sits at two tables in one slot."""

    __tablename__ = "appointment"
    __table_args__ = (UniqueConstraint("timetable_id", "slot_id", "enterprise_id"),)

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    timetable_id: Mapped[int] = mapped_column(ForeignKey("timetable_version.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)

    meeting: Mapped[Meeting] = relationship(back_populates="appointments")
    enterprise: Mapped[Enterprise] = relationship()
