"""One enterprise out of the register: by code, by what a person typed, or because it may be the same firm."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session, joinedload

import matchmaker.enterprises.scopes  # noqa: F401 -- registers what visible() asks below
from matchmaker.accounts.models import Office, User
from matchmaker.enterprises.models import Enterprise
from matchmaker.enterprises.naming import search_pattern, word_patterns
from matchmaker.enterprises.resolving import DUPLICATE_THRESHOLD, Names
from matchmaker.regions.models import Region
from matchmaker.text import fold, fold_name, pinyin
from matchmaker.web.visibility import everyones, visible

_MOST_CANDIDATES = 300
_WINDOW = 3


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


def likely_duplicates(session: Session, user: User, name: str) -> list[Enterprise]:
    """Visible enterprises whose name may mean the same firm, likeliest first; for a person to judge."""
    statement = visible(Enterprise, user).where(_shares_a_piece(name)).options(joinedload(Enterprise.region))
    candidates = {row.id: row for row in session.scalars(statement.limit(_MOST_CANDIDATES))}
    names = Names.build((row.id, row.name) for row in candidates.values())
    return [candidates[row_id] for row_id, score in names.resolve(name) if score >= DUPLICATE_THRESHOLD]


def _shares_a_piece(name: str) -> ColumnElement[bool]:
    """Whether a register name shares three characters in a row with this one, or sounds the same."""
    core = fold_name(name)
    windows = {core[start : start + _WINDOW] for start in range(max(1, len(core) - _WINDOW + 1))}
    pieces = sorted({*windows, pinyin(core), fold(name)} - {""})
    return or_(*(Enterprise.search_text.like(search_pattern(piece), escape="\\") for piece in pieces))


def office_over(session: Session, region: Region) -> Office | None:
    """The office nearest to a place: its own, else that of the places around it."""
    around = [region.id, region.parent_id, region.parent.parent_id if region.parent else None]
    offices = session.scalars(select(Office).where(Office.region_id.in_([each for each in around if each])))
    by_region = {office.region_id: office for office in sorted(offices, key=lambda office: -office.id)}
    return next((by_region[each] for each in around if each in by_region), None)
