"""What is to be told: rows written with the business fact, delivered afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.db import Base, Id, PublicId, utcnow


class Notice(Base):
    """One line in somebody's notices: addressed to a person, an enterprise or an office."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(
            "(user_id IS NOT NULL) OR (enterprise_id IS NOT NULL) OR (office_id IS NOT NULL)", name="has_addressee"
        ),
        Index("ix_notice_enterprise", "enterprise_id", "created_at"),
        Index("ix_notice_office", "office_id", "created_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    path: Mapped[str] = mapped_column(default="")
    stop_path: Mapped[str] = mapped_column(default="", server_default="")  # where one says: no more of these
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    read_at: Mapped[datetime | None]


class OutboxMessage(Base):
    """Something for the world outside the transaction: a mail, an index update.

    Delivered at least once; `dedup` lets the receiver recognise a repeat.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_open", "delivered_at", "id"),)

    id: Mapped[Id]
    dedup: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    delivered_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]  # when to try next, after an attempt has begun
    dropped_at: Mapped[datetime | None]  # given up, or no longer true by the time it was to be sent
