"""Who stewards which deal, and from which amount on which level does."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import Office, OfficeLevel, User
from matchmaker.db import Base, Id, PublicId, Yuan, utcnow
from matchmaker.deals.models import Deal

_HOLDS = "ended_at IS NULL"


class Stewardship(Base):
    """One office's care for one deal, from one moment to another; the row without an end holds.

    amount: what was in force when it began, by which its level was found. why: empty where that was automatic.
    """

    __tablename__ = "stewardship"
    __table_args__ = (
        UniqueConstraint("deal_id", "number"),
        CheckConstraint("ended_at IS NULL OR ended_at >= starts_at", name="ends_after_start"),
        CheckConstraint("(actor_id IS NULL) = (why = '')", name="by_hand_for_a_reason"),
        Index(
            "uq_stewardship_holding", "deal_id", unique=True, sqlite_where=text(_HOLDS), postgresql_where=text(_HOLDS)
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    number: Mapped[int]  # from 1 within the deal
    level: Mapped[OfficeLevel]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    amount: Mapped[Yuan]
    why: Mapped[str] = mapped_column(default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    starts_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]

    deal: Mapped[Deal] = relationship()
    office: Mapped[Office] = relationship()
    officer: Mapped[User | None] = relationship(foreign_keys=officer_id)
    actor: Mapped[User | None] = relationship(foreign_keys=actor_id)


class StewardshipRule(Base):
    """From which amounts on the province, a city and a county steward a deal; the last rule holds, none is changed."""

    __tablename__ = "stewardship_rule"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("county_from > 0 AND county_from < city_from AND city_from < province_from", name="ascending"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    number: Mapped[int]  # from 1
    province_from: Mapped[Yuan]
    city_from: Mapped[Yuan]
    county_from: Mapped[Yuan]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)

    user: Mapped[User] = relationship()
