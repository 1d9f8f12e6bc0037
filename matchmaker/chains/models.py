"""Key industry chains: their segments, what is made in each, and who feeds whom."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.db import Base, Id, utcnow


class Stage(enum.Enum):
    """Where in its chain a segment stands."""

    UPSTREAM = "up"
    MIDSTREAM = "mid"
    DOWNSTREAM = "down"
    SUPPORT = "support"


class Chain(Base):
    """One key industry chain; how many there are is data."""

    __tablename__ = "chain"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int]

    segments: Mapped[list[Segment]] = relationship(back_populates="chain", order_by="Segment.position")


class Segment(Base):
    """A link of a chain: a family of products made by the same kind of firm."""

    __tablename__ = "segment"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"), index=True)
    name: Mapped[str] = mapped_column(index=True)
    name_en: Mapped[str]
    stage: Mapped[Stage]
    position: Mapped[int]
    is_watched: Mapped[bool] = mapped_column(default=False)
    products: Mapped[list[Any]]  # [{"name": …, "synonyms": […]}, …]
    industry_codes: Mapped[list[str]]  # GB/T 4754-2017

    chain: Mapped[Chain] = relationship(back_populates="segments", lazy="joined", innerjoin=True)


class SegmentLink(Base):
    """One segment feeds another; `item` is what flows."""

    __tablename__ = "segment_link"
    __table_args__ = (
        UniqueConstraint("supplier_id", "buyer_id", "item"),
        CheckConstraint("supplier_id <> buyer_id", name="two_segments"),
    )

    id: Mapped[Id]
    supplier_id: Mapped[int] = mapped_column(ForeignKey("segment.id"), index=True)
    buyer_id: Mapped[int] = mapped_column(ForeignKey("segment.id"), index=True)
    item: Mapped[str]

    supplier: Mapped[Segment] = relationship(foreign_keys=supplier_id)
    buyer: Mapped[Segment] = relationship(foreign_keys=buyer_id)


class Industry(Base):
    """One class of the national industry classification, GB/T 4754-2017."""

    __tablename__ = "industry"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    level: Mapped[str]
    parent_code: Mapped[str | None]


class ReferenceRelease(Base):
    """Which edition of the shipped reference data this database holds."""

    __tablename__ = "reference_release"

    version: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    loaded_at: Mapped[datetime] = mapped_column(default=utcnow)
