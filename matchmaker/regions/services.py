"""Bring the shipped regions into the database, as often as wanted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.reference import RegionRow, circles, regions, tiles
from matchmaker.regions.models import Region, RegionGroup, RegionGroupMember, RegionLevel

_SINCE = date(2000, 1, 1)  # membership before the shipped edition is not recorded


def load_regions(session: Session) -> int:
    """Add or renew every shipped region and circle; returns how many regions there are."""
    known = {region.code: region for region in session.scalars(select(Region))}
    cells = {tile.region: tile for tile in tiles()}
    for row in regions():
        region = known.setdefault(row.code, Region(code=row.code))
        _renew(region, row, known)
        cell = cells.get(row.code)
        region.tile_column, region.tile_row = (cell.column, cell.row) if cell else (None, None)
        session.add(region)
    session.flush()
    _load_circles(session, known)
    return len(known)


def _renew(region: Region, row: RegionRow, known: dict[str, Region]) -> None:
    region.name, region.short_name, region.name_en, region.pinyin = row.name, row.short, row.name_en, row.pinyin
    region.level = RegionLevel(row.level)
    region.parent = known[row.parent] if row.parent else None
    region.seat_longitude, region.seat_latitude = row.seat_longitude, row.seat_latitude


def _load_circles(session: Session, known: dict[str, Region]) -> None:
    groups = {group.name: group for group in session.scalars(select(RegionGroup))}
    for row in circles():
        group = groups.setdefault(row.name, RegionGroup(name=row.name))
        session.add(group)
        members = {member.region_id: member for member in group.members}
        for each in row.members:
            region = known[each.region]
            member = members.get(region.id)
            if member is None:
                group.members.append(RegionGroupMember(region=region, role=each.role, starts_on=_SINCE))
            else:
                member.role = each.role
