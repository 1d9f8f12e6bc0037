"""People, the scopes they act in, their sign-ins, and the record of who did what."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.db import Base, Id, PublicId, Version, utcnow
from matchmaker.regions.models import Region


class Role(enum.Enum):
    """What a person is here for; it belongs to a membership, not to the person."""

    ENTERPRISE = "enterprise"
    ORGANISER = "organiser"
    OFFICIAL = "official"
    COUNTY_OFFICER = "county_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class OfficeLevel(enum.Enum):
    """Province, prefecture or county."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


class Office(Base):
    """A bureau that organises, approves or watches; it sees by its region."""

    __tablename__ = "office"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(unique=True)
    level: Mapped[OfficeLevel]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)

    region: Mapped[Region] = relationship(lazy="joined")


class User(Base):
    """A person who signs in. People leave; what they did stays."""

    __tablename__ = "user"
    __allow_unmapped__ = True  # the three request-bound attributes below are no columns

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    sign_in_name: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    is_listed: Mapped[bool] = mapped_column(default=False)  # shown on the sign-in page, demo mode only
    locale: Mapped[str] = mapped_column(default="zh")
    theme: Mapped[str] = mapped_column(default="auto")
    email: Mapped[str | None]  # where mail goes, confirmed by whoever reads it; nobody else sets or sees it
    email_asked: Mapped[str | None]  # where the person wants it to go, once its reader has confirmed
    mail_stopped_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    version: Mapped[Version]

    memberships: Mapped[list[Membership]] = relationship(back_populates="user", order_by="Membership.id")

    # The membership a request acts under; set when the sign-in is read, never stored here.
    acting_as: Membership | None = None
    scope_name: str = ""
    sign_in: SignIn | None = None
    is_authenticated = True  # what Flask-Login asks

    @property
    def role(self) -> Role | None:
        """The role this request acts in."""
        return self.acting_as.role if self.acting_as else None

    @property
    def enterprise_id(self) -> int | None:
        """The enterprise this request speaks for, if any."""
        return self.acting_as.enterprise_id if self.acting_as else None

    @property
    def office(self) -> Office | None:
        """The office this request speaks for, if any."""
        return self.acting_as.office if self.acting_as else None


class Membership(Base):
    """A person's role in one scope, from one day to another."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("(enterprise_id IS NULL) <> (office_id IS NULL)", name="one_scope"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    role: Mapped[Role]
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), index=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    user: Mapped[User] = relationship(back_populates="memberships")
    office: Mapped[Office | None] = relationship(lazy="joined")

    def holds_on(self, day: date) -> bool:
        """Whether the membership is in force on that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class SignIn(Base):
    """One sign-in of one person; ending the row ends the cookie or token everywhere."""

    __tablename__ = "sign_in"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    is_api: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    membership: Mapped[Membership] = relationship(lazy="joined", innerjoin=True)


class SignInAttempt(Base):
    """A refused sign-in, kept as digests, so that guessing slows down across all workers."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_recent", "subject", "at"),)

    id: Mapped[Id]
    subject: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utcnow)


class MailConfirmation(Base):
    """One letter that asks whoever reads a mail address to confirm it; the address is kept as a digest of its own."""

    __tablename__ = "mail_confirmation"
    __table_args__ = (
        CheckConstraint("confirmed_at IS NULL OR ended_at IS NULL", name="one_end"),
        Index("ix_mail_confirmation_recent", "user_id", "asked_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    address_hash: Mapped[str]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # when another address, or none, was wanted before it was confirmed

    user: Mapped[User] = relationship()


class AuditEntry(Base):
    """Who did what to which thing, sealed to the entry before it; never changed or removed."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_type", "subject_id"),)

    id: Mapped[Id]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    detail: Mapped[dict[str, Any]]
    seal: Mapped[str]


class ChainHead(Base):
    """The last seal of each append-only table; its row is the lock that orders writers."""

    __tablename__ = "chain_head"

    name: Mapped[str] = mapped_column(primary_key=True)
    seal: Mapped[str]
    count: Mapped[int]
