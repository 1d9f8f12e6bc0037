"""Questions to the sides of an intent, what they answered, and the links by which they may."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import Membership, User
from matchmaker.db import Base, Id, PublicId, Version, utcnow
from matchmaker.deals.models import Deal, DealEntry, Party


class Answer(enum.Enum):
    """What a side says of its intent."""

    SIGNED = "signed"
    TALKING = "talking"
    OFF = "off"


class OffReason(enum.Enum):
    """Why an intent came to nothing."""

    PRICE = "price"
    DELIVERY = "delivery"
    QUALITY = "quality"
    FUNDS = "funds"
    PARTNER = "partner"


class FollowUp(Base):
    """One question to one side: what became of the intent, so many days after both confirmed it.

    A side is asked once on a day. asked_by: the officer who asked out of turn. told_at: when a notice of it was left.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("deal_id", "party", "day"),
        CheckConstraint("day >= 0", name="day_not_before_confirmation"),
        CheckConstraint("party <> 'office'", name="of_a_side"),
        Index("ix_follow_up_told_at", "told_at", "id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    party: Mapped[Party]
    day: Mapped[int]
    due_on: Mapped[date]
    asked_at: Mapped[datetime] = mapped_column(default=utcnow)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    told_at: Mapped[datetime | None]
    version: Mapped[Version]

    deal: Mapped[Deal] = relationship()
    asked_by: Mapped[User | None] = relationship()
    answers: Mapped[list[FollowUpAnswer]] = relationship(back_populates="follow_up", order_by="FollowUpAnswer.number")


class FollowUpAnswer(Base):
    """What a side said on a day; a change of mind is a further answer, and the last one holds."""

    __tablename__ = "follow_up_answer"
    __table_args__ = (
        UniqueConstraint("follow_up_id", "number"),
        CheckConstraint("(answer = 'off') = (reason IS NOT NULL)", name="off_for_a_reason"),
        CheckConstraint("(answer = 'signed') = (entry_id IS NOT NULL)", name="signed_on_the_ledger"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id"))
    number: Mapped[int]  # from 1 within the follow-up
    answer: Mapped[Answer]
    reason: Mapped[OffReason | None]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("deal_entry.id"))  # the contract it was said with
    by_link: Mapped[bool] = mapped_column(default=False)  # given without signing in
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)

    follow_up: Mapped[FollowUp] = relationship(back_populates="answers")
    entry: Mapped[DealEntry | None] = relationship()
    user: Mapped[User | None] = relationship()


class FollowUpLink(Base):
    """A way to answer one question without signing in, for the person it was sent to, kept as a digest."""

    __tablename__ = "follow_up_link"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    follow_up: Mapped[FollowUp] = relationship()
    membership: Mapped[Membership] = relationship()
