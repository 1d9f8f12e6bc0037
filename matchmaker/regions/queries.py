"""Places, read."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.regions.models import Region, RegionLevel


def all_regions(session: Session) -> list[Region]:
    """Every place, by code; the province first."""
    return list(session.scalars(select(Region).order_by(Region.level == RegionLevel.OUTSIDE, Region.code)))


def prefectures(session: Session) -> list[Region]:
    """The 17 prefectures, by code."""
    return list(session.scalars(select(Region).where(Region.level == RegionLevel.PREFECTURE).order_by(Region.code)))


def find_region(session: Session, code: str) -> Region | None:
    """The place with this GB/T 2260 code."""
    return session.scalar(select(Region).where(Region.code == code))


def ids_within(session: Session, region: Region) -> list[int]:
    """The ids of a place and of the places directly in it."""
    statement = select(Region.id).where((Region.id == region.id) | (Region.parent_id == region.id))
    return list(session.scalars(statement))
