"""One enterprise out of the register: by code or by what a person typed."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, select
from sqlalchemy.orm import Session, joinedload

import matchmaker.enterprises.scopes  # noqa: F401 -- registers what visible() asks below
from matchmaker.accounts.models import Office, User
from matchmaker.enterprises.models import Enterprise
from matchmaker.enterprises.naming import search_pattern, word_patterns
from matchmaker.regions.models import Region
from matchmaker.web.visibility import everyones, visible


def find_enterprise_by_code(session: Session, code: str) -> Enterprise | None:
    """The enterprise with this normalised credit code, whoever asks: a code is taken once."""
    statement = select(Enterprise).where(Enterprise.credit_code == code)
    return session.scalar(everyones(statement, because="a credit code is unique in the whole register"))


def own_enterprise(session: Session, user: User) -> Enterprise | None:
    """The enterprise a person speaks for."""
    return session.scalar(
        visible(Enterprise, user)
        .where(Enterprise.id == user.enterprise_id)
        .options(joinedload(Enterprise.region), joinedload(Enterprise.badges))
    )


def matches(text: str) -> ColumnElement[bool]:
    """Whether every word typed is found in an enterprise's names, their pinyin or initials, or its code."""
    return and_(*(Enterprise.search_text.like(pattern, escape="\\") for pattern in word_patterns(text)))


def closeness(text: str) -> ColumnElement[int]:
    """An order that brings names beginning with the text first."""
    pattern = search_pattern(text).removeprefix("%")
    return case((Enterprise.search_text.like(pattern, escape="\\"), 0), else_=1)


def search_enterprises(session: Session, user: User, q: str, limit: int = 10) -> list[Enterprise]:
    """The visible enterprises a typed text may mean: by name, short or former name, pinyin, initials or code."""
    if not word_patterns(q):
        return []
    statement = visible(Enterprise, user).where(matches(q)).options(joinedload(Enterprise.region))
    return list(session.scalars(statement.order_by(closeness(q), Enterprise.updated_at.desc()).limit(limit)))


def office_over(session: Session, region: Region) -> Office | None:
    """The office nearest to a place: its own, else that of the places around it."""
    around = [region.id, region.parent_id, region.parent.parent_id if region.parent else None]
    offices = session.scalars(select(Office).where(Office.region_id.in_([each for each in around if each])))
    by_region = {office.region_id: office for office in sorted(offices, key=lambda office: -office.id)}
    return next((by_region[each] for each in around if each in by_region), None)
