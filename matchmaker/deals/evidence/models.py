"""Files attached to deals, sealed papers and their checks. Nothing here is ever changed or removed."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import Office, User
from matchmaker.db import Base, Id, Key, PublicId, utcnow
from matchmaker.deals.models import Deal, DealEntry, Party

NAME_LENGTH = 120
DIGEST_LENGTH = 64


class Purpose(enum.Enum):
    """What a file is to show."""

    PAPER = "paper"  # the sealed paper a deal was recorded from
    CONTRACT = "contract"
    DELIVERY = "delivery"
    INVOICE = "invoice"
    PAYMENT = "payment"
    STATEMENT = "statement"
    OTHER = "other"


class EvidenceFile(Base):
    """One file attached to a deal, by whom and what for; its bytes lie in the data directory by their digest."""

    __tablename__ = "evidence_file"
    __table_args__ = (
        CheckConstraint("size > 0", name="not_empty"),
        CheckConstraint("name <> ''", name="a_name"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("deal_entry.id"))  # the statement it came with
    purpose: Mapped[Purpose]
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), index=True)  # SHA-256
    tells_place: Mapped[bool]  # the picture carries the position it was taken at
    note: Mapped[str] = mapped_column(default="")
    party: Mapped[Party]  # as whom it was attached
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)

    deal: Mapped[Deal] = relationship()
    entry: Mapped[DealEntry | None] = relationship()
    office: Mapped[Office | None] = relationship()
    user: Mapped[User] = relationship()
    withdrawal: Mapped[EvidenceWithdrawal | None] = relationship(back_populates="file")


class EvidenceWithdrawal(Base):
    """A file taken from view by the side that attached it; the bytes and the row stay for the auditor."""

    __tablename__ = "evidence_withdrawal"
    __table_args__ = (CheckConstraint("reason <> ''", name="a_reason"),)

    id: Mapped[Id]
    file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"), unique=True)
    reason: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)

    file: Mapped[EvidenceFile] = relationship(back_populates="withdrawal")
    user: Mapped[User] = relationship()


class SealedPaper(Base):
    """An officer's statement that a scanned paper bears the seals of both sides for one version of the amount."""

    __tablename__ = "sealed_paper"
    __table_args__ = (
        CheckConstraint("round > 0", name="round_positive"),
        UniqueConstraint("id", "stated_by_id"),  # what a check refers to
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"), unique=True)
    round: Mapped[int]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    stated_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)

    deal: Mapped[Deal] = relationship()
    file: Mapped[EvidenceFile] = relationship()
    office: Mapped[Office] = relationship()
    stated_by: Mapped[User] = relationship()
    check: Mapped[PaperCheck | None] = relationship(back_populates="paper")


class PaperCheck(Base):
    """What another person found when they held a sealed paper against the record; the database insists on another."""

    __tablename__ = "paper_check"
    __table_args__ = (
        CheckConstraint("checked_by_id <> stated_by_id", name="another_person"),
        CheckConstraint("agrees OR note <> ''", name="returned_with_reason"),
        ForeignKeyConstraint(["paper_id", "stated_by_id"], ["sealed_paper.id", "sealed_paper.stated_by_id"]),
    )

    id: Mapped[Id]
    paper_id: Mapped[int] = mapped_column(Key, unique=True)  # of a key of two columns, so neither takes its type
    stated_by_id: Mapped[int] = mapped_column(Key)
    agrees: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)

    paper: Mapped[SealedPaper] = relationship(back_populates="check")
    office: Mapped[Office] = relationship()
    checked_by: Mapped[User] = relationship()
