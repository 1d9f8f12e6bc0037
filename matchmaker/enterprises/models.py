"""Enterprises, what they can make and what they need."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.chains.models import Segment
from matchmaker.db import Base, Id, PublicId, Version, utcnow
from matchmaker.regions.models import Region


class Identity(enum.Enum):
    """What kind of code names the enterprise."""

    CREDIT_CODE = "uscc"
    FOREIGN = "foreign"
    SAMPLE = "sample"


class EnterpriseKind(enum.Enum):
    """Only `enterprise` is counted as 企业 (R5)."""

    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    UNIVERSITY = "university"
    BANK = "bank"
    ASSOCIATION = "association"


class EnterpriseSize(enum.Enum):
    """The statistical size classes."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"


class EnterpriseState(enum.Enum):
    """Where an enterprise stands in the register."""

    DRAFT = "draft"
    PENDING = "pending"
    VERIFIED = "verified"
    UNCLAIMED = "unclaimed"
    CORRECTING = "correcting"
    REVIEW = "review"
    SUSPENDED = "suspended"
    MERGED = "merged"


LISTED_STATES = (EnterpriseState.VERIFIED, EnterpriseState.UNCLAIMED, EnterpriseState.REVIEW, EnterpriseState.PENDING)


class Enterprise(Base):
    """One enterprise or institution of the register, known by its credit code."""

    __tablename__ = "enterprise"
    __table_args__ = (
        CheckConstraint("last_year_revenue IS NULL OR last_year_revenue >= 0", name="revenue_not_negative"),
        Index("ix_enterprise_listing", "state", "updated_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    identity: Mapped[Identity]
    credit_code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str] = mapped_column(default="")
    former_names: Mapped[list[str]] = mapped_column(default=list)
    search_text: Mapped[str] = mapped_column(Text, default="")  # folded names, pinyin, initials and code
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    industry_code: Mapped[str | None] = mapped_column(ForeignKey("industry.code"))
    kind: Mapped[EnterpriseKind] = mapped_column(default=EnterpriseKind.ENTERPRISE)
    size: Mapped[EnterpriseSize | None]
    last_year_revenue: Mapped[int | None] = mapped_column(BigInteger)  # yuan
    legal_representative: Mapped[str] = mapped_column(default="")
    parent_code: Mapped[str | None]  # credit code of the ultimate parent
    state: Mapped[EnterpriseState] = mapped_column(default=EnterpriseState.PENDING)
    state_reason: Mapped[str] = mapped_column(default="")  # what is to be corrected, or why it was suspended
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    version: Mapped[Version]

    region: Mapped[Region] = relationship()
    badges: Mapped[list[Badge]] = relationship(back_populates="enterprise", order_by="Badge.id")
    capabilities: Mapped[list[Capability]] = relationship(back_populates="enterprise", order_by="Capability.id")
    needs: Mapped[list[Need]] = relationship(back_populates="enterprise", order_by="Need.id")

    @property
    def is_sample(self) -> bool:
        """Whether the code belongs to nobody: demo and research rows."""
        return self.identity is Identity.SAMPLE

    @property
    def display_name(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


class Badge(Base):
    """A dated distinction, such as 专精特新 or 链主, and who gave it."""

    __tablename__ = "badge"
    __table_args__ = (UniqueConstraint("enterprise_id", "name", "starts_on"),)

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    name: Mapped[str] = mapped_column(index=True)
    issuer: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    enterprise: Mapped[Enterprise] = relationship(back_populates="badges")


class CapabilityState(enum.Enum):
    """How far a stated capability has been backed up."""

    DRAFT = "draft"
    STATED = "stated"
    EVIDENCED = "evidenced"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


PUBLISHED_CAPABILITIES = (CapabilityState.STATED, CapabilityState.EVIDENCED, CapabilityState.VERIFIED)


class Capability(Base):
    """One product or process an enterprise can supply."""

    __tablename__ = "capability"
    __table_args__ = (
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity_not_negative"),
        CheckConstraint("lead_days IS NULL OR lead_days >= 0", name="lead_not_negative"),
        Index("ix_capability_listing", "state", "updated_at"),
        Index("ix_capability_supply", "segment_id", "state", "enterprise_id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segment.id"))
    product: Mapped[str]
    material: Mapped[str] = mapped_column(default="")
    spec: Mapped[str] = mapped_column(default="")
    capacity: Mapped[Decimal | None] = mapped_column(Numeric(18, 3))
    capacity_unit: Mapped[str] = mapped_column(default="")
    capacity_period: Mapped[str] = mapped_column(default="")  # year, month or day
    spare: Mapped[Decimal | None] = mapped_column(Numeric(18, 3))
    lead_days: Mapped[int | None]
    certificates: Mapped[list[str]] = mapped_column(default=list)
    radius_km: Mapped[int | None]
    state: Mapped[CapabilityState] = mapped_column(default=CapabilityState.DRAFT)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    version: Mapped[Version]

    enterprise: Mapped[Enterprise] = relationship(back_populates="capabilities")
    segment: Mapped[Segment | None] = relationship()

    @property
    def text(self) -> str:
        """The line as it is matched: product, material and spec in one."""
        return " ".join(part for part in (self.product, self.material, self.spec) if part)


class NeedKind(enum.Enum):
    """What is being asked for."""

    PURCHASE = "purchase"
    OUTSOURCING = "outsourcing"
    TECHNOLOGY = "technology"
    EQUIPMENT = "equipment"
    FINANCING = "financing"
    TALENT = "talent"
    BY_PRODUCT = "by_product"


class NeedState(enum.Enum):
    """Where a need stands, from draft to met."""

    DRAFT = "draft"
    PENDING = "pending"
    PUBLISHED = "published"
    TALKING = "talking"
    INTENDED = "intended"
    MET = "met"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNMET = "unmet"


OPEN_NEEDS = (NeedState.PUBLISHED, NeedState.TALKING)
GOODS = (NeedKind.PURCHASE, NeedKind.OUTSOURCING, NeedKind.EQUIPMENT, NeedKind.TECHNOLOGY)  # what a supplier answers


class NeedVisibility(enum.Enum):
    """Who may read a published need."""

    PUBLIC = "public"
    MATCHED = "matched"
    ORGANISERS = "organisers"


class Need(Base):
    """One thing an enterprise wants to buy, have made, learn or be rid of."""

    __tablename__ = "need"
    __table_args__ = (
        CheckConstraint("quantity IS NULL OR quantity > 0", name="quantity_positive"),
        CheckConstraint("budget_low IS NULL OR budget_low >= 0", name="budget_not_negative"),
        CheckConstraint("budget_low IS NULL OR budget_high IS NULL OR budget_low <= budget_high", name="budget_range"),
        Index("ix_need_listing", "state", "updated_at"),
        Index("ix_need_demand", "segment_id", "state", "valid_until", "enterprise_id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    kind: Mapped[NeedKind] = mapped_column(default=NeedKind.PURCHASE)
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segment.id"))
    text: Mapped[str]
    quantity: Mapped[Decimal | None] = mapped_column(Numeric(18, 3))
    unit: Mapped[str] = mapped_column(default="")
    budget_low: Mapped[int | None] = mapped_column(BigInteger)  # yuan
    budget_high: Mapped[int | None] = mapped_column(BigInteger)
    deliver_by: Mapped[date | None]
    hard_conditions: Mapped[list[str]] = mapped_column(default=list)
    soft_conditions: Mapped[list[str]] = mapped_column(default=list)
    visibility: Mapped[NeedVisibility] = mapped_column(default=NeedVisibility.PUBLIC)
    valid_until: Mapped[date | None]
    state: Mapped[NeedState] = mapped_column(default=NeedState.DRAFT)
    reason: Mapped[str] = mapped_column(default="")  # why it was closed unmet
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    version: Mapped[Version]

    enterprise: Mapped[Enterprise] = relationship(back_populates="needs")
    segment: Mapped[Segment | None] = relationship()

    @property
    def is_for_suppliers(self) -> bool:
        """Whether suppliers are suggested for it; money and people are found elsewhere."""
        return self.kind in GOODS


class LineKind(enum.Enum):
    """Which register a changed line belongs to."""

    ENTERPRISE = "enterprise"
    CAPABILITY = "capability"
    NEED = "need"


class LineChange(Base):
    """A mark left behind when a line changes; matching reads on from its own cursor."""

    __tablename__ = "line_change"

    id: Mapped[Id]
    kind: Mapped[LineKind]
    line_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(default=utcnow)


class Verdict(enum.Enum):
    """What an officer found of two firms whose names are alike; `open` until somebody has looked."""

    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"
    LATER = "later"


class LikenessVerdict(Base):
    """Two firms that may be one by their names, and what an officer found of them."""

    __tablename__ = "likeness_verdict"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="each_pair_once"),
        Index("ix_likeness_verdict_queue", "verdict", "distance", "id"),
    )

    id: Mapped[Id]
    first_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    first_name: Mapped[str] = mapped_column(default="", server_default="")  # the names that are alike, empty when an
    second_name: Mapped[str] = mapped_column(default="", server_default="")  # officer brought the two together
    distance: Mapped[int] = mapped_column(default=0, server_default="0")  # how far the names differ, for the order
    verdict: Mapped[Verdict] = mapped_column(default=Verdict.OPEN)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    version: Mapped[Version]

    first: Mapped[Enterprise] = relationship(foreign_keys=first_id)
    second: Mapped[Enterprise] = relationship(foreign_keys=second_id)
    user: Mapped[User | None] = relationship()


class LikenessReading(Base):
    """By which names a firm was last compared with the register; other names now, and it is compared again."""

    __tablename__ = "likeness_reading"

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), primary_key=True)
    digest: Mapped[str]


class Merger(Base):
    """One registration put behind another as its duplicate by an officer; ending it restores the duplicate."""

    __tablename__ = "merger"
    __table_args__ = (
        CheckConstraint("duplicate_id <> survivor_id", name="two_firms"),
        Index(
            "uq_merger_one_in_force",
            "duplicate_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    duplicate_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    survivor_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    state_before: Mapped[EnterpriseState]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    version: Mapped[Version]

    duplicate: Mapped[Enterprise] = relationship(foreign_keys=duplicate_id)
    survivor: Mapped[Enterprise] = relationship(foreign_keys=survivor_id)
    user: Mapped[User | None] = relationship(foreign_keys=user_id)
