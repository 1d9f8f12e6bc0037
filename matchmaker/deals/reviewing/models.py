"""What people said of a finding."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.db import Base, Id, PublicId, utcnow

KEY_LENGTH = 20


class Verdict(enum.Enum):
    """What a person says of a finding; the last word holds, and `open` takes back the words before it."""

    OPEN = "open"
    SEEN = "seen"
    EXPLAINED = "explained"


class SignalMark(Base):
    """One dated word about one finding; words are only ever added."""

    __tablename__ = "signal_mark"
    __table_args__ = (
        CheckConstraint("verdict <> 'explained' OR note <> ''", name="explained_in_words"),
        Index("ix_signal_mark_finding_key", "finding_key", "id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    finding_key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    rule: Mapped[str] = mapped_column(String(24))
    verdict: Mapped[Verdict]
    note: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)

    user: Mapped[User] = relationship()
