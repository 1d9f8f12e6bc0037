"""What a search finds: firms by any name, and the lines that answer a text, each only if its reader may see it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import User
from matchmaker.enterprises.models import (
    GOODS,
    LISTED_STATES,
    OPEN_NEEDS,
    PUBLISHED_CAPABILITIES,
    Capability,
    Enterprise,
    Need,
)
from matchmaker.enterprises.naming import SEPARATOR, search_pattern
from matchmaker.matching.engine import LinePair, Match
from matchmaker.matching.queries.indexable import line_of
from matchmaker.matching.queries.runs import showable
from matchmaker.web.visibility import visible

_OWN_LINES = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """One line that answers a searched text, with its firm and the words in common."""

    enterprise: Enterprise
    line: Capability | Need
    score: int
    pair: LinePair


def firms_named(session: Session, user: User, text: str, *, limit: int) -> list[Enterprise]:
    """Firms with the text in any of their names, in pinyin or code; names that begin with it first."""
    pattern = search_pattern(text)
    found = Enterprise.search_text.like(pattern, escape="\\")
    begins = Enterprise.search_text.like(pattern[1:], escape="\\")
    line_begins = Enterprise.search_text.like(f"%{SEPARATOR}{pattern[1:]}", escape="\\")
    statement = (
        visible(Enterprise, user)
        .where(found, or_(Enterprise.state.in_(LISTED_STATES), Enterprise.id == user.enterprise_id))
        .options(joinedload(Enterprise.region))
        .order_by(or_(begins, line_begins).desc(), Enterprise.name, Enterprise.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def hits(session: Session, user: User, matches: list[Match], *, limit: int) -> list[Hit]:
    """The best line of each match that the reader may see, in the order of the matches."""
    told = [(match, match.evidence.pairs[0]) for match in matches if match.evidence.pairs]
    lines = [line_of(pair.their_line_id) for _, pair in told]
    rows = showable(session, user, [match.firm_id for match, _ in told], lines)
    return [
        Hit(rows.firms[match.firm_id], rows.lines[line], match.score, pair)
        for (match, pair), line in zip(told, lines, strict=True)
        if match.firm_id in rows.firms and line in rows.lines
    ][:limit]


def find_firm(session: Session, user: User, public_id: str) -> Enterprise | None:
    """One enterprise this reader may see, with its place."""
    statement = visible(Enterprise, user).where(Enterprise.public_id == public_id)
    return session.scalar(statement.options(joinedload(Enterprise.region)))


def firm_of(session: Session, user: User, enterprise_id: int | None) -> Enterprise | None:
    """The enterprise a person or a list belongs to, if this reader may see it."""
    statement = visible(Enterprise, user).where(Enterprise.id == enterprise_id)
    return session.scalar(statement.options(joinedload(Enterprise.region)))


def open_needs_of(session: Session, user: User, enterprise: Enterprise) -> list[Need]:
    """A firm's open needs that suppliers can be sought for, newest first."""
    statement = (
        visible(Need, user)
        .where(Need.enterprise_id == enterprise.id, Need.state.in_(OPEN_NEEDS), Need.kind.in_(GOODS))
        .options(joinedload(Need.segment), joinedload(Need.enterprise).joinedload(Enterprise.region))
        .order_by(Need.updated_at.desc(), Need.id.desc())
        .limit(_OWN_LINES)
    )
    return list(session.scalars(statement))


def published_capabilities_of(session: Session, user: User, enterprise: Enterprise) -> list[Capability]:
    """A firm's published capabilities, newest first."""
    statement = (
        visible(Capability, user)
        .where(Capability.enterprise_id == enterprise.id, Capability.state.in_(PUBLISHED_CAPABILITIES))
        .options(joinedload(Capability.segment), joinedload(Capability.enterprise).joinedload(Enterprise.region))
        .order_by(Capability.updated_at.desc(), Capability.id.desc())
        .limit(_OWN_LINES)
    )
    return list(session.scalars(statement))
