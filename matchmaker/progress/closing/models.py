"""What was counted when a month froze, and the files issued for it; both only ever grow."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.db import Base, Id, PublicId
from matchmaker.programmes.models import Programme

_DIGEST = 64  # SHA-256 in hexadecimal


class Snapshot(Base):
    """The whole answer of the count at the moment a month froze: the month as published (R16).

    content: the canonical bytes of the result, as `matchmaker count --json` lays it out; digest: their SHA-256.
    withdrawals: by deal the month its withdrawal was booked to, purchases only; the result does not name it.
    by_month: the result's own, for pages that list months without opening the whole.
    entry_count, entry_seal: the head of the deal ledger that was counted. seal: onto the chain of snapshots.
    """

    __tablename__ = "snapshot"
    __table_args__ = (
        UniqueConstraint("programme_id", "month"),
        UniqueConstraint("programme_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    month: Mapped[str] = mapped_column(String(7))  # "2026-03"
    number: Mapped[int]  # from 1 within the programme, in the order of freezing
    taken_at: Mapped[datetime]  # when the month froze
    as_of: Mapped[date]
    rule_version: Mapped[int]
    entry_count: Mapped[int] = mapped_column(BigInteger)
    entry_seal: Mapped[str] = mapped_column(String(_DIGEST))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    withdrawals: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    by_month: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(_DIGEST))
    previous_digest: Mapped[str] = mapped_column(String(_DIGEST))  # of the snapshot before it; zeros for the first
    seal: Mapped[str] = mapped_column(String(_DIGEST))

    programme: Mapped[Programme] = relationship()
    files: Mapped[list[IssuedFile]] = relationship(back_populates="snapshot", order_by="IssuedFile.id")


class IssuedFile(Base):
    """A file issued for a frozen month; its bytes lie under its digest in `DATA_DIR/issued` and never change."""

    __tablename__ = "issued_file"
    __table_args__ = (
        UniqueConstraint("snapshot_id", "name"),
        CheckConstraint("size > 0", name="size_positive"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    digest: Mapped[str] = mapped_column(String(_DIGEST))
    size: Mapped[int] = mapped_column(BigInteger)

    snapshot: Mapped[Snapshot] = relationship(back_populates="files")
