"""Matchmaking events, who registered and who came."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import Office
from matchmaker.chains.models import Chain
from matchmaker.db import Base, Id, PublicId, Version, utcnow
from matchmaker.enterprises.models import Enterprise
from matchmaker.programmes.models import Programme
from matchmaker.regions.models import Region


class EventState(enum.Enum):
    """From an idea to a close-out another office has approved; only then does it count."""

    PLANNED = "planned"
    SUBMITTED = "submitted"
    PREPARING = "preparing"
    OPEN = "open"
    TIMETABLING = "timetabling"
    TIMETABLED = "timetabled"
    RUNNING = "running"
    HELD = "held"
    CLOSING = "closing"
    APPROVED = "approved"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


PUBLISHED_STATES = (
    EventState.OPEN,
    EventState.TIMETABLING,
    EventState.TIMETABLED,
    EventState.RUNNING,
    EventState.HELD,
    EventState.CLOSING,
    EventState.APPROVED,
)


class Side(enum.Enum):
    """Which side of a deal a party stands on."""

    BUYER = "buyer"
    SELLER = "seller"


class MatchmakingEvent(Base):
    """One matchmaking event (对接场次) with its place, its day and its tables."""

    __tablename__ = "matchmaking_event"
    __table_args__ = (
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("taken >= 0 AND taken <= capacity", name="no_more_than_fit"),
        CheckConstraint("slot_count >= 0 AND table_count >= 0 AND slot_minutes > 0", name="a_timetable"),
        CheckConstraint(
            "(lunch_starts_at IS NULL) = (lunch_ends_at IS NULL) AND lunch_ends_at > lunch_starts_at",
            name="a_lunch_break",
        ),
        CheckConstraint("approving_office_id IS NULL OR approving_office_id <> organiser_id", name="other_office"),
        Index("ix_matchmaking_event_listing", "state", "starts_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("matchmaking_event.id"), index=True)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(Text, default="")
    organiser_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    chain_id: Mapped[int | None] = mapped_column(ForeignKey("chain.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    venue: Mapped[str]
    held_on: Mapped[date] = mapped_column(index=True)  # the Shanghai date of record
    starts_at: Mapped[datetime]
    slot_minutes: Mapped[int] = mapped_column(default=20)
    slot_count: Mapped[int] = mapped_column(default=12)
    lunch_starts_at: Mapped[datetime | None]  # nobody meets from here
    lunch_ends_at: Mapped[datetime | None]  # until here; the slots are laid around it by hours.py
    table_count: Mapped[int] = mapped_column(default=10)
    capacity: Mapped[int] = mapped_column(default=120)  # enterprises
    taken: Mapped[int] = mapped_column(default=0)
    own_matching: Mapped[bool] = mapped_column(default=True)
    state: Mapped[EventState] = mapped_column(default=EventState.PREPARING)
    closeout: Mapped[str] = mapped_column(Text, default="")
    approving_office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    approved_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    version: Mapped[Version]

    programme: Mapped[Programme] = relationship()
    parent: Mapped[MatchmakingEvent | None] = relationship(remote_side="MatchmakingEvent.id")
    organiser: Mapped[Office] = relationship(foreign_keys=organiser_id)
    approving_office: Mapped[Office | None] = relationship(foreign_keys=approving_office_id)
    chain: Mapped[Chain | None] = relationship()
    region: Mapped[Region] = relationship()
    registrations: Mapped[list[Registration]] = relationship(back_populates="event")
    check_ins: Mapped[list[CheckIn]] = relationship(back_populates="event")

    @property
    def seats_left(self) -> int:
        """How many more enterprises fit."""
        return self.capacity - self.taken


class RegistrationState(enum.Enum):
    """From invited to checked in; the waiting list is not the review queue."""

    INVITED = "invited"
    APPLIED = "applied"
    REVIEW = "review"
    APPROVED = "approved"
    WAITING = "waiting"
    REFUSED = "refused"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    ABSENT = "absent"
    CANCELLED = "cancelled"


SEATED = (
    RegistrationState.APPROVED,
    RegistrationState.CONFIRMED,
    RegistrationState.CHECKED_IN,
    RegistrationState.ABSENT,
)


class Registration(Base):
    """One enterprise's place at one event."""

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("event_id", "enterprise_id"),
        Index("ix_registration_queue", "event_id", "state", "applied_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("matchmaking_event.id"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    side: Mapped[Side]
    state: Mapped[RegistrationState] = mapped_column(default=RegistrationState.APPLIED)
    note: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")  # why it was refused
    applied_at: Mapped[datetime] = mapped_column(default=utcnow)
    decided_at: Mapped[datetime | None]
    version: Mapped[Version]

    event: Mapped[MatchmakingEvent] = relationship(back_populates="registrations")
    enterprise: Mapped[Enterprise] = relationship()


class CheckIn(Base):
    """An enterprise was there (R4): the first check-in stays, a second adds nothing."""

    __tablename__ = "check_in"
    __table_args__ = (UniqueConstraint("event_id", "enterprise_id"),)

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("matchmaking_event.id"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    side: Mapped[Side]
    at: Mapped[datetime]  # the device's time
    received_at: Mapped[datetime] = mapped_column(default=utcnow)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    event: Mapped[MatchmakingEvent] = relationship(back_populates="check_ins")
    enterprise: Mapped[Enterprise] = relationship()
