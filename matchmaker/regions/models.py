"""Places: the province with its prefectures and counties, other provinces and abroad."""

from __future__ import annotations

import enum
from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.db import Base, Id


class RegionLevel(enum.Enum):
    """How a place stands to the province."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    OUTSIDE = "outside"


class Region(Base):
    """One place, by its GB/T 2260 code; everywhere outside the province is a single row."""

    __tablename__ = "region"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str] = mapped_column(index=True)
    name_en: Mapped[str]
    pinyin: Mapped[str]
    level: Mapped[RegionLevel] = mapped_column(index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    seat_longitude: Mapped[float | None]
    seat_latitude: Mapped[float | None]
    tile_column: Mapped[int | None]
    tile_row: Mapped[int | None]

    parent: Mapped[Region | None] = relationship(remote_side="Region.id", lazy="joined", join_depth=1)

    @property
    def is_inside(self) -> bool:
        """Whether the place lies in the province."""
        return self.level is not RegionLevel.OUTSIDE

    @property
    def prefecture(self) -> Region | None:
        """The prefecture a count is attributed to, or None outside one."""
        if self.level is RegionLevel.PREFECTURE:
            return self
        return self.parent if self.level is RegionLevel.COUNTY else None


class RegionGroup(Base):
    """A named circle of prefectures, such as a metropolitan circle."""

    __tablename__ = "region_group"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)

    members: Mapped[list[RegionGroupMember]] = relationship(back_populates="group")


class RegionGroupMember(Base):
    """A prefecture's dated place in a circle."""

    __tablename__ = "region_group_member"
    __table_args__ = (UniqueConstraint("group_id", "region_id", "starts_on"),)

    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(ForeignKey("region_group.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    role: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    group: Mapped[RegionGroup] = relationship(back_populates="members")
    region: Mapped[Region] = relationship()
