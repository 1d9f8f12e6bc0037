"""The totals of a programme kept up to date beside its ledger, so that a page need not read the ledger."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.db import Base, Id, Version, Yuan


class Projection(Base):
    """A programme as it is counted on one day: today, or a day that is over.

    It is never the truth: whatever is in it can be made again from the ledger, and a check compares.
    entry_id: the last entry it has taken in. grounds: what else the deals were judged by.
    """

    __tablename__ = "projection"
    __table_args__ = (UniqueConstraint("programme_id", "is_live", "as_of"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    is_live: Mapped[bool]  # follows today
    as_of: Mapped[date]
    entry_id: Mapped[int] = mapped_column(BigInteger)
    judged_at: Mapped[datetime]
    grounds: Mapped[dict[str, Any]]
    version: Mapped[Version]


class ProjectedSum(Base):
    """One sum of a projection: so many yuan from so many deals."""

    __tablename__ = "projected_sum"
    __table_args__ = (CheckConstraint("deals > 0", name="of_deals"),)

    projection_id: Mapped[int] = mapped_column(ForeignKey("projection.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[Yuan]
    deals: Mapped[int]


class ProjectedDeal(Base):
    """What one deal brings to each sum of a projection, so that it can be taken out again when it changes."""

    __tablename__ = "projected_deal"
    __table_args__ = (
        Index("ix_projected_deal_largest", "projection_id", "figure"),
        Index("ix_projected_deal_due", "projection_id", "due_on"),
    )

    projection_id: Mapped[int] = mapped_column(ForeignKey("projection.id"), primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), primary_key=True)
    parts: Mapped[dict[str, Any]]
    figure: Mapped[Yuan]  # what it counts for in the headline
    due_on: Mapped[date | None]  # when the day itself will change how it is judged
