"""Deals and the entries that are their only truth."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.chains.models import Segment
from matchmaker.db import Base, Id, PublicId, Version, Yuan, utcnow
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import MatchmakingEvent
from matchmaker.meetings.models import Meeting

_CONSENTS = "type IN ('declare', 'confirm', 'amend') AND party <> 'office'"


class DealKind(enum.Enum):
    """Kinds never mix: each has its own total (R7)."""

    PURCHASE = "purchase"
    TECHNOLOGY = "technology"
    INVESTMENT = "investment"
    CREDIT = "credit"
    FRAMEWORK = "framework"


class Deal(Base):
    """What two enterprises say they intend, agreed or delivered.

    A deal has no amount or stage of its own: both are read from its entries, which
    are only ever added. What the programme counts is decided in counting.
    """

    __tablename__ = "deal"
    __table_args__ = (
        CheckConstraint("buyer_id <> seller_id", name="two_parties"),
        CheckConstraint("months BETWEEN 1 AND 1200", name="a_term"),
        CheckConstraint("amount_high IS NULL OR amount_high >= 0", name="upper_not_negative"),
        CheckConstraint("(currency = 'CNY') = (rate IS NULL)", name="rate_for_foreign"),
        CheckConstraint(
            "former_amount IS NULL OR (is_renewal AND former_amount BETWEEN 0 AND 1000000000000000)",
            name="former_of_a_renewal",
        ),
        CheckConstraint("duplicate_of_id IS NULL OR duplicate_of_id <> id", name="not_its_own_duplicate"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    number: Mapped[str] = mapped_column(unique=True)  # what people quote: “YX-2026-00042”
    buyer_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    seller_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    kind: Mapped[DealKind] = mapped_column(default=DealKind.PURCHASE)
    subject: Mapped[str]
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segment.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("matchmaking_event.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    months: Mapped[int] = mapped_column(default=12)
    amount_high: Mapped[int | None] = mapped_column(BigInteger)  # upper bound, for display only (R10)
    currency: Mapped[str] = mapped_column(default="CNY")
    rate: Mapped[str | None]  # yuan a unit, as an exact decimal (R11)
    contract_number: Mapped[str] = mapped_column(default="")
    is_renewal: Mapped[bool] = mapped_column(default=False)
    former_amount: Mapped[int | None] = mapped_column(BigInteger)  # yuan a year of the cooperation renewed (R13)
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    version: Mapped[Version]

    buyer: Mapped[Enterprise] = relationship(foreign_keys=buyer_id)
    seller: Mapped[Enterprise] = relationship(foreign_keys=seller_id)
    segment: Mapped[Segment | None] = relationship()
    event: Mapped[MatchmakingEvent | None] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    duplicate_of: Mapped[Deal | None] = relationship(remote_side="Deal.id")
    entries: Mapped[list[DealEntry]] = relationship(
        back_populates="deal", order_by="DealEntry.id", foreign_keys="DealEntry.deal_id"
    )
    standing: Mapped[DealStanding] = relationship(back_populates="deal")


class EntryType(enum.Enum):
    """What can be said of a deal; nothing said is ever unsaid."""

    DECLARE = "declare"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    RESOLVE = "resolve"
    VERIFY = "verify"
    CONTRACT = "contract"
    DELIVER = "deliver"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    UNMERGE = "unmerge"


class Party(enum.Enum):
    """Who says it."""

    BUYER = "buyer"
    SELLER = "seller"
    OFFICE = "office"


class DealEntry(Base):
    """One dated statement about a deal; the database refuses to change or delete it.

    `round` is the version of the amount spoken of, counted from 1, so that one side
    can consent to one version only once.
    """

    __tablename__ = "deal_entry"
    __table_args__ = (
        CheckConstraint("amount IS NULL OR amount > 0", name="amount_positive"),
        CheckConstraint("round > 0", name="round_positive"),
        CheckConstraint(
            "amount IS NOT NULL OR type NOT IN ('declare', 'amend', 'contract', 'deliver')", name="amount_where_due"
        ),
        CheckConstraint("type <> 'confirm' OR party <> 'office'", name="only_a_side_confirms"),
        CheckConstraint("type <> 'verify' OR party = 'office'", name="only_an_office_verifies"),
        UniqueConstraint("deal_id", "number"),
        Index(
            "uq_deal_entry_consent",
            "deal_id",
            "party",
            "round",
            unique=True,
            sqlite_where=text(_CONSENTS),
            postgresql_where=text(_CONSENTS),
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    number: Mapped[int]  # from 1 within the deal
    type: Mapped[EntryType]
    party: Mapped[Party]
    round: Mapped[int]
    amount: Mapped[int | None] = mapped_column(BigInteger)  # yuan, or whole units of the deal's currency
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    note: Mapped[str] = mapped_column(default="")
    other_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))  # of a merge or unmerge: the one that stays
    seal: Mapped[str]

    deal: Mapped[Deal] = relationship(back_populates="entries", foreign_keys=deal_id)
    other: Mapped[Deal | None] = relationship(foreign_keys=other_id)
    actor: Mapped[User | None] = relationship()

    @property
    def is_from_paper(self) -> bool:
        """Whether an office entered a side's consent from a sealed paper."""
        return self.party is not Party.OFFICE and self.office_id is not None


class DealStage(enum.Enum):
    """How far the business itself has come."""

    INTENT = "intent"
    CONTRACT = "contract"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"


class Assurance(enum.Enum):
    """How far the statement can be relied on."""

    DECLARED = "V0"
    CONFIRMED = "V1"
    VERIFIED = "V2"
    REVIEWED = "V3"


class DealStanding(Base):
    """Where a deal stands now, projected from its entries for lists and filters.

    Written only together with an entry; a recount from the entries must always agree.
    """

    __tablename__ = "deal_standing"
    __table_args__ = (Index("ix_deal_standing_listing", "assurance", "stage"),)

    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), primary_key=True)
    amount: Mapped[Yuan]  # in force, in yuan
    stage: Mapped[DealStage]
    assurance: Mapped[Assurance]
    is_disputed: Mapped[bool] = mapped_column(default=False)
    buyer_consents: Mapped[bool] = mapped_column(default=False)  # to the newest version
    seller_consents: Mapped[bool] = mapped_column(default=False)
    round: Mapped[int] = mapped_column(default=1)
    declared_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    deal: Mapped[Deal] = relationship(back_populates="standing")
