"""The list of enterprises: searched, filtered, counted, exported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.accounts.models import User
from matchmaker.chains.models import Chain, Segment
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import (
    PUBLISHED_CAPABILITIES,
    Badge,
    Capability,
    Enterprise,
    EnterpriseKind,
    EnterpriseSize,
    EnterpriseState,
)
from matchmaker.enterprises.naming import word_patterns
from matchmaker.enterprises.queries.paging import page_by_ids
from matchmaker.enterprises.queries.picking import closeness, matches
from matchmaker.regions.models import Region
from matchmaker.web.pagination import Page
from matchmaker.web.visibility import everyones, may_see, visible

MOST_EXPORTED = 10_000
SORTS = {
    "updated": (Enterprise.updated_at.asc(), Enterprise.id.asc()),
    "-updated": (Enterprise.updated_at.desc(), Enterprise.id.desc()),
    "revenue": (Enterprise.last_year_revenue.is_(None), Enterprise.last_year_revenue.asc(), Enterprise.id.asc()),
    "-revenue": (Enterprise.last_year_revenue.is_(None), Enterprise.last_year_revenue.desc(), Enterprise.id.asc()),
}
_SHOWN = (joinedload(Enterprise.region), selectinload(Enterprise.badges))
REVEALING = frozenset({"revenue", "-revenue"})  # an order tells what the page does not show


@dataclass(frozen=True, slots=True)
class RegisterFilters:
    """What the register is asked for; empty asks nothing. Chain, segment and prefecture are codes."""

    q: str = ""
    chain: str = ""
    segment: str = ""
    prefecture: str = ""
    badge: str = ""
    size: EnterpriseSize | None = None
    state: EnterpriseState | None = None
    kind: EnterpriseKind | None = None
    sort: str = ""

    @property
    def are_any(self) -> bool:
        """Whether anything but the order is asked."""
        return any(getattr(self, each.name) for each in fields(self) if each.name != "sort")


def enterprises_of(session: Session, user: User, filters: RegisterFilters, *, number: int) -> Page[Enterprise]:
    """One page of the enterprises this person sees, with region and badges."""
    return page_by_ids(session, register_rows(user, filters), _order(user, filters), *_SHOWN, number=number)


def all_enterprises_of(session: Session, user: User, filters: RegisterFilters) -> list[Enterprise]:
    """The same rows at once, as many as an export may hold and one more."""
    statement = register_rows(user, filters).options(*_SHOWN)
    return list(session.scalars(statement.order_by(*_order(user, filters)).limit(MOST_EXPORTED + 1)))


def state_counts(session: Session, user: User) -> dict[EnterpriseState, int]:
    """How many of the enterprises this person sees stand in each state."""
    statement = select(Enterprise.state, func.count()).where(may_see(Enterprise, user)).group_by(Enterprise.state)
    return dict(session.execute(everyones(statement, because="the condition scopes it")).all())


def badge_names(session: Session) -> list[str]:
    """Every distinction given so far, by name."""
    return list(session.scalars(select(Badge.name).distinct().order_by(Badge.name)))


def main_segments(session: Session, enterprises: Iterable[Enterprise]) -> dict[int, str]:
    """For each of these enterprises the segment most of its published capabilities belong to."""
    ids = [enterprise.id for enterprise in enterprises]
    lines = func.count(Capability.id)
    statement = (
        select(Capability.enterprise_id, Segment.name)
        .join(Segment, Segment.id == Capability.segment_id)
        .where(Capability.enterprise_id.in_(ids), Capability.state.in_(PUBLISHED_CAPABILITIES))
        .group_by(Capability.enterprise_id, Segment.id, Segment.name)
        .order_by(lines, Segment.id.desc())
    )
    return dict(session.execute(everyones(statement, because="published lines of rows already scoped")).all())


def _order(user: User, filters: RegisterFilters) -> tuple[Any, ...]:
    if filters.sort in SORTS and (user.office is not None or filters.sort not in REVEALING):
        return SORTS[filters.sort]
    newest = SORTS["-updated"]
    return (closeness(filters.q), *newest) if word_patterns(filters.q) else newest


def register_rows(user: User, filters: RegisterFilters) -> Select[Enterprise]:
    """The enterprises this person sees that fit, in no order."""
    statement = visible(Enterprise, user)
    if word_patterns(filters.q):
        statement = statement.where(matches(filters.q))
    for column, value in (
        (Enterprise.size, filters.size),
        (Enterprise.state, filters.state),
        (Enterprise.kind, filters.kind),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if filters.prefecture:
        statement = statement.where(Enterprise.region_id.in_(within(filters.prefecture)))
    if filters.badge:
        statement = statement.where(Enterprise.id.in_(_wearing(filters.badge)))
    if filters.chain or filters.segment:
        statement = statement.where(Enterprise.id.in_(_supplying(filters)))
    return statement


def within(code: str) -> Select[int]:
    """The ids of a place and of the places directly in it."""
    own = select(Region.id).where(Region.code == code).scalar_subquery()
    return select(Region.id).where(or_(Region.id == own, Region.parent_id == own))


def _wearing(badge: str) -> Select[int]:
    today = shanghai_day(utcnow())
    in_force = or_(Badge.ends_on.is_(None), Badge.ends_on >= today)
    return select(Badge.enterprise_id).where(Badge.name == badge, Badge.starts_on <= today, in_force)


def _supplying(filters: RegisterFilters) -> Select[int]:
    """The firms with a published capability in the chain or segment."""
    statement = select(Capability.enterprise_id).where(Capability.state.in_(PUBLISHED_CAPABILITIES))
    return statement.where(Capability.segment_id.in_(segments_in(filters.chain, filters.segment)))


def segments_in(chain: str, segment: str) -> Select[int]:
    """The ids of one segment, or of all of a chain."""
    statement = select(Segment.id)
    if segment:
        return statement.where(Segment.code == segment)
    return statement.where(Segment.chain_id == select(Chain.id).where(Chain.code == chain).scalar_subquery())
