"""Capabilities and needs, read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import User
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import (
    OPEN_NEEDS,
    PUBLISHED_CAPABILITIES,
    Capability,
    CapabilityState,
    Enterprise,
    Need,
    NeedKind,
    NeedState,
)
from matchmaker.enterprises.naming import word_patterns
from matchmaker.enterprises.queries.paging import page_by_ids
from matchmaker.enterprises.queries.picking import matches
from matchmaker.enterprises.queries.register import MOST_EXPORTED, segments_in, within
from matchmaker.enterprises.scopes import unlisted
from matchmaker.text import fold
from matchmaker.web.pagination import Page
from matchmaker.web.visibility import everyones, visible

NEED_SORTS = {
    "-updated": (Need.updated_at.desc(), Need.id.desc()),
    "updated": (Need.updated_at.asc(), Need.id.asc()),
    "deliver": (Need.deliver_by.is_(None), Need.deliver_by.asc(), Need.id.asc()),
    "-deliver": (Need.deliver_by.is_(None), Need.deliver_by.desc(), Need.id.desc()),
}

_WITH_FIRM = (joinedload(Need.enterprise).joinedload(Enterprise.region), joinedload(Need.segment))


@dataclass(frozen=True, slots=True)
class NeedFilters:
    """What the list of needs is asked for; without a state it holds the open ones."""

    q: str = ""
    kind: NeedKind | None = None
    chain: str = ""
    segment: str = ""
    prefecture: str = ""
    state: NeedState | None = None
    sort: str = ""

    @property
    def are_any(self) -> bool:
        """Whether anything but the order is asked."""
        return any(getattr(self, each.name) for each in fields(self) if each.name != "sort")


def is_open(today: date | None = None) -> ColumnElement[bool]:
    """Whether a need is before other firms and still valid."""
    today = today or shanghai_day(utcnow())
    return and_(Need.state.in_(OPEN_NEEDS), or_(Need.valid_until.is_(None), Need.valid_until >= today))


def needs_list(session: Session, user: User, filters: NeedFilters, *, number: int) -> Page[Need]:
    """One page of the needs this person sees, with firm, place and segment."""
    return page_by_ids(session, need_rows(user, filters), _order(filters), *_WITH_FIRM, number=number)


def all_needs(session: Session, user: User, filters: NeedFilters) -> list[Need]:
    """The same rows at once, as many as an export may hold and one more."""
    statement = need_rows(user, filters).options(*_WITH_FIRM).order_by(*_order(filters))
    return list(session.scalars(statement.limit(MOST_EXPORTED + 1)))


def _order(filters: NeedFilters) -> tuple[Any, ...]:
    return NEED_SORTS.get(filters.sort, NEED_SORTS["-updated"])


def need_rows(user: User, filters: NeedFilters) -> Select[Need]:
    """The needs this person sees that fit, in no order."""
    statement = visible(Need, user).where(Need.enterprise_id.not_in(unlisted()))
    statement = statement.where(Need.state == filters.state if filters.state else is_open())
    for condition in _need_conditions(filters):
        statement = statement.where(condition)
    return statement


def _need_conditions(filters: NeedFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if patterns := word_patterns(filters.q):
        text = and_(*(Need.text.ilike(pattern, escape="\\") for pattern in patterns))
        conditions.append(or_(text, Need.enterprise_id.in_(select(Enterprise.id).where(matches(filters.q)))))
    if filters.kind is not None:
        conditions.append(Need.kind == filters.kind)
    if filters.prefecture:
        near = select(Enterprise.id).where(Enterprise.region_id.in_(within(filters.prefecture)))
        conditions.append(Need.enterprise_id.in_(near))
    if filters.chain or filters.segment:
        conditions.append(Need.segment_id.in_(segments_in(filters.chain, filters.segment)))
    return conditions


def published_capabilities(session: Session, user: User, enterprise: Enterprise) -> list[Capability]:
    """What a firm has published, newest first, as this person sees it."""
    statement = visible(Capability, user).where(
        Capability.enterprise_id == enterprise.id, Capability.state.in_(PUBLISHED_CAPABILITIES)
    )
    return _lines(session, statement, Capability)


def shown_needs(session: Session, user: User, enterprise: Enterprise) -> list[Need]:
    """A firm's open needs, newest first, as this person sees them."""
    return _lines(session, visible(Need, user).where(Need.enterprise_id == enterprise.id, is_open()), Need)


def capabilities_of(session: Session, user: User, enterprise: Enterprise) -> list[Capability]:
    """Every capability of a firm in whatever state, newest first."""
    return _lines(session, visible(Capability, user).where(Capability.enterprise_id == enterprise.id), Capability)


def needs_of(session: Session, user: User, enterprise: Enterprise) -> list[Need]:
    """Every need of a firm in whatever state, newest first."""
    return _lines(session, visible(Need, user).where(Need.enterprise_id == enterprise.id), Need)


def _lines(session: Session, statement: Select[Any], model: type[Capability] | type[Need]) -> list[Any]:
    newest = (model.updated_at.desc(), model.id.desc())
    return list(session.scalars(statement.options(joinedload(model.segment)).order_by(*newest)))


def same_capability(session: Session, enterprise: Enterprise, *, product: str, spec: str) -> Capability | None:
    """The firm's capability with this product and spec, however they are written, unless it was withdrawn."""
    statement = select(Capability).where(
        Capability.enterprise_id == enterprise.id, Capability.state != CapabilityState.WITHDRAWN
    )
    asked = (fold(product), fold(spec))
    rows = session.scalars(everyones(statement, because="a firm is compared with its own lines"))
    return next((row for row in rows if (fold(row.product), fold(row.spec)) == asked), None)
