"""Two deals that may be one, and what a person said of them."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.db import Base, Id, Version, utcnow
from matchmaker.deals.models import Deal


class Judgement(enum.Enum):
    """Where a pair stands; that they are one deal is said on the ledger, not here."""

    OPEN = "open"
    DISTINCT = "distinct"


class DealLikeness(Base):
    """Two deals found alike; a judgement stays until something they are compared in changes (`key`).

    An open pair with a person was told apart before, and something changed since.
    """

    __tablename__ = "deal_likeness"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="in_order"),
        CheckConstraint("judgement <> 'distinct' OR note <> ''", name="told_apart_in_words"),
        UniqueConstraint("first_id", "second_id"),
        Index("ix_deal_likeness_queue", "judgement", "strength", "id"),
    )

    id: Mapped[Id]
    first_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    key: Mapped[str] = mapped_column(String(20))
    strength: Mapped[int]
    judgement: Mapped[Judgement] = mapped_column(default=Judgement.OPEN)
    note: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    version: Mapped[Version]

    first: Mapped[Deal] = relationship(foreign_keys=first_id)
    second: Mapped[Deal] = relationship(foreign_keys=second_id)
    user: Mapped[User | None] = relationship()
