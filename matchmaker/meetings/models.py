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
    closed_slots: Mapped[list[Any]] = mapped_column(default=list)  # numbers of slots in which nobody sits there


class Availability(Base):
    """When an enterprise is away from an event, and how many talks it wants there at most; no row: neither."""

    __tablename__ = "availability"
    __table_args__ = (UniqueConstraint("event_id", "enterprise_id"), CheckConstraint("most >= 0", name="a_count"))

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("matchmaking_event.id"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    absent_slots: Mapped[list[Any]] = mapped_column(default=list)  # numbers of slots
    most: Mapped[int | None]
    version: Mapped[Version]

    event: Mapped[MatchmakingEvent] = relationship()
    enterprise: Mapped[Enterprise] = relationship()


class TimetableState(enum.Enum):
    """Computed, shown to the participants, replaced by a later one, or put aside."""

    COMPUTING = "computing"
    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"
    DISCARDED = "discarded"
    FAILED = "failed"


class TroubleKind(enum.Enum):
    """What happened to a published timetable; a repair answers one such thing."""

    FIRM_AWAY = "firm_away"
    TABLE_LOST = "table_lost"
    CALLED_OFF = "called_off"
    NEWCOMERS = "newcomers"


class TimetableVersion(Base):
    """One timetable of an event, arranged anew or mending the published one; at most one is published."""

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
    clashes: Mapped[list[Any]] = mapped_column(default=list)  # rules that cannot all be kept, where that is so
    last_move: Mapped[dict[str, Any]] = mapped_column(default=dict)  # where the meeting moved last had been
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    published_at: Mapped[datetime | None]
    version: Mapped[Version]

    event: Mapped[MatchmakingEvent] = relationship()
    job: Mapped[Job | None] = relationship()
    repair: Mapped[Repair | None] = relationship(back_populates="timetable", foreign_keys="Repair.timetable_id")
    meetings: Mapped[list[Meeting]] = relationship(back_populates="timetable", order_by="Meeting.id")


class Repair(Base):
    """What a version mends: it was made from `base` after this trouble, which becomes a fact once it is published.

    trouble: by kind, {"enterprise_id", "slots"}, {"table", "slots"}, {"request_id"} or nothing; once
    published also what it changed, so that it can be taken back.
    """

    __tablename__ = "timetable_repair"

    id: Mapped[Id]
    timetable_id: Mapped[int] = mapped_column(ForeignKey("timetable_version.id"), unique=True)
    base_id: Mapped[int] = mapped_column(ForeignKey("timetable_version.id"), index=True)
    kind: Mapped[TroubleKind]
    trouble: Mapped[dict[str, Any]] = mapped_column(default=dict)

    timetable: Mapped[TimetableVersion] = relationship(back_populates="repair", foreign_keys=timetable_id)
    base: Mapped[TimetableVersion] = relationship(foreign_keys=base_id)


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
    is_locked: Mapped[bool] = mapped_column(default=False)  # stays in its slot and at its table when computed anew
    version: Mapped[Version]

    timetable: Mapped[TimetableVersion] = relationship(back_populates="meetings")
    request: Mapped[MeetingRequest] = relationship()
    slot: Mapped[Slot] = relationship()
    table: Mapped[Table] = relationship()
    appointments: Mapped[list[Appointment]] = relationship(back_populates="meeting", cascade="all, delete-orphan")

    @property
    def is_over(self) -> bool:
        """Whether it was recorded what became of it."""
        return self.state is not MeetingState.SCHEDULED


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
