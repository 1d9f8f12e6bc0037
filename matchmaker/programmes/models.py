"""The year's programme, its targets, its plan and its months."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.chains.models import Chain
from matchmaker.db import Base, Id, PublicId, Version, Yuan
from matchmaker.regions.models import Region


class Programme(Base):
    """One year's 十百万: so many chains, events, enterprises, and so much intended."""

    __tablename__ = "programme"
    __table_args__ = (
        CheckConstraint("event_target > 0 AND enterprise_target > 0 AND amount_target > 0", name="targets_positive"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    year: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]
    event_target: Mapped[int]
    enterprise_target: Mapped[int]
    amount_target: Mapped[Yuan]
    rule_version: Mapped[int] = mapped_column(default=1)
    min_enterprises: Mapped[int] = mapped_column(default=10)  # R1
    annualise: Mapped[bool] = mapped_column(default=True)  # R9
    hold_amount: Mapped[Yuan] = mapped_column(default=1_000_000_000)  # R14
    hold_revenue_multiple: Mapped[int] = mapped_column(default=3)
    version: Mapped[Version]

    chains: Mapped[list[ProgrammeChain]] = relationship(back_populates="programme")
    targets: Mapped[list[Target]] = relationship(back_populates="programme")
    plan: Mapped[list[PlanPoint]] = relationship(back_populates="programme", order_by="PlanPoint.month")
    periods: Mapped[list[Period]] = relationship(back_populates="programme", order_by="Period.month")


class ProgrammeChain(Base):
    """A chain that is a key chain in this programme."""

    __tablename__ = "programme_chain"
    __table_args__ = (UniqueConstraint("programme_id", "chain_id"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"))

    programme: Mapped[Programme] = relationship(back_populates="chains")
    chain: Mapped[Chain] = relationship()


class Target(Base):
    """What one prefecture is to reach in the year."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("programme_id", "region_id"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    event_count: Mapped[int]
    enterprise_count: Mapped[int]
    amount: Mapped[Yuan]

    programme: Mapped[Programme] = relationship(back_populates="targets")
    region: Mapped[Region] = relationship()


class PlanPoint(Base):
    """The share of the year's target planned by the end of a month, in ten-thousandths."""

    __tablename__ = "plan_point"
    __table_args__ = (
        UniqueConstraint("programme_id", "month"),
        CheckConstraint("month BETWEEN 1 AND 12", name="a_month"),
        CheckConstraint("share BETWEEN 0 AND 10000", name="a_share"),
    )

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    month: Mapped[int]
    share: Mapped[int]

    programme: Mapped[Programme] = relationship(back_populates="plan")


class PeriodState(enum.Enum):
    """Open, being closed, frozen."""

    OPEN = "open"
    CLOSING = "closing"
    FROZEN = "frozen"


class Period(Base):
    """One month of the programme; once frozen, changes are new dated entries (R16).

    One person proposes that it close and another freezes it; months frozen before two were asked for name neither.
    """

    __tablename__ = "period"
    __table_args__ = (
        UniqueConstraint("programme_id", "month"),
        CheckConstraint("(state = 'frozen') = (frozen_at IS NOT NULL)", name="frozen_has_moment"),
        CheckConstraint("closed_by_id <> frozen_by_id", name="two_persons"),
        CheckConstraint("state <> 'frozen' OR (closed_by_id IS NULL) = (frozen_by_id IS NULL)", name="frozen_by_both"),
        CheckConstraint(
            "state <> 'closing' OR (closed_by_id IS NOT NULL AND closed_at IS NOT NULL)", name="closing_by_somebody"
        ),
    )

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    month: Mapped[str]  # "2024-03"
    state: Mapped[PeriodState] = mapped_column(default=PeriodState.OPEN)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    frozen_at: Mapped[datetime | None]
    version: Mapped[Version]

    programme: Mapped[Programme] = relationship(back_populates="periods")
    closed_by: Mapped[User | None] = relationship(foreign_keys=closed_by_id)
    frozen_by: Mapped[User | None] = relationship(foreign_keys=frozen_by_id)
