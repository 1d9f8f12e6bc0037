"""Draws of the audit sample, their picks, and the findings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.db import Base, Id, PublicId, Yuan, utcnow
from matchmaker.deals.models import Deal
from matchmaker.programmes.models import Programme

SEED_LENGTH = 40


class AuditDraw(Base):
    """One drawing of a sample from the deals that count; every draw keeps its number and stays listed.

    The seed, the size and the digest of what was drawn from (see `sampling.draw`) let anybody draw it again.
    """

    __tablename__ = "audit_draw"
    __table_args__ = (
        UniqueConstraint("programme_id", "number"),
        CheckConstraint("size >= 0", name="size_not_negative"),
        CheckConstraint("seed <> ''", name="a_seed"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    number: Mapped[int]  # from 1 within the programme
    seed: Mapped[str] = mapped_column(String(SEED_LENGTH))
    size: Mapped[int]
    as_of: Mapped[date]
    rule_version: Mapped[int]
    frame_count: Mapped[int]
    frame_amount: Mapped[Yuan]
    sampled_from: Mapped[Yuan]
    digest: Mapped[str] = mapped_column(String(64))
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    drawn_at: Mapped[datetime] = mapped_column(default=utcnow)

    programme: Mapped[Programme] = relationship()
    drawn_by: Mapped[User] = relationship()
    picks: Mapped[list[AuditPick]] = relationship(back_populates="draw", order_by="AuditPick.position")


class AuditPick(Base):
    """A deal picked in a draw, with its amount in the books at that moment."""

    __tablename__ = "audit_pick"
    __table_args__ = (
        UniqueConstraint("draw_id", "deal_id"),
        UniqueConstraint("draw_id", "position"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("stratum IN ('certain', 'sampled')", name="known_stratum"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    draw_id: Mapped[int] = mapped_column(ForeignKey("audit_draw.id"))
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    position: Mapped[int]  # from 1 within the draw
    stratum: Mapped[str] = mapped_column(String(12))
    amount: Mapped[Yuan]

    draw: Mapped[AuditDraw] = relationship(back_populates="picks")
    deal: Mapped[Deal] = relationship()
    findings: Mapped[list[AuditFinding]] = relationship(back_populates="pick", order_by="AuditFinding.number")

    @property
    def finding(self) -> AuditFinding | None:
        """The finding that holds: the last one."""
        return self.findings[-1] if self.findings else None


class AuditFinding(Base):
    """What an auditor found to be true of a pick; a correction is a further finding."""

    __tablename__ = "audit_finding"
    __table_args__ = (
        UniqueConstraint("pick_id", "number"),
        CheckConstraint("true_amount >= 0", name="true_amount_not_negative"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    pick_id: Mapped[int] = mapped_column(ForeignKey("audit_pick.id"))
    number: Mapped[int]  # from 1 within the pick
    true_amount: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)

    pick: Mapped[AuditPick] = relationship(back_populates="findings")
    user: Mapped[User] = relationship()
