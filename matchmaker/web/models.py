"""Requests that were answered once and must not act twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.db import Base, Id, utcnow


class IdempotencyKey(Base):
    """A person's key for one write, stored in the transaction of that write with its answer."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    key: Mapped[str]
    body_hash: Mapped[str]
    answer: Mapped[dict[str, Any] | None]  # status, headers, body
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
