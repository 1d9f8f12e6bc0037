"""The queue of pairs that may be one firm, and which registration stands behind which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

import matchmaker.enterprises.scopes  # noqa: F401 -- registers what visible() asks below
from matchmaker.accounts.models import User
from matchmaker.enterprises.models import Enterprise, EnterpriseState, LikenessVerdict, Merger, Verdict
from matchmaker.enterprises.naming import word_patterns
from matchmaker.enterprises.queries.picking import matches
from matchmaker.enterprises.queries.register import MOST_EXPORTED, within
from matchmaker.jobs.models import Job
from matchmaker.regions.models import Region
from matchmaker.web.pagination import Page, paginate
from matchmaker.web.visibility import everyones, may_see, visible

FIND_DUPLICATES: Final = "find duplicates"
_SHOWN = (
    joinedload(LikenessVerdict.first).joinedload(Enterprise.region).joinedload(Region.parent),
    joinedload(LikenessVerdict.second).joinedload(Enterprise.region).joinedload(Region.parent),
    joinedload(LikenessVerdict.user),
)


@dataclass(frozen=True, slots=True)
class DuplicateFilters:
    """What the queue is asked for; `prefecture` is the code of a place one of the two lies in."""

    verdict: Verdict = Verdict.OPEN
    q: str = ""
    prefecture: str = ""

    @property
    def are_any(self) -> bool:
        """Whether anything but the state is asked."""
        return bool(self.q or self.prefecture)


def duplicates_of(session: Session, user: User, filters: DuplicateFilters, *, number: int) -> Page[LikenessVerdict]:
    """One page of the pairs this person may judge, those with the nearest names first."""
    return paginate(session, _pairs(user, filters), number=number)


def all_duplicates(session: Session, user: User, filters: DuplicateFilters) -> list[LikenessVerdict]:
    """The same rows at once, as many as an export may hold and one more."""
    return list(session.scalars(_pairs(user, filters).limit(MOST_EXPORTED + 1)))


def mergers_in_force(session: Session) -> dict[int, int]:
    """The id of every registration that stands behind another, and that of the other."""
    statement = select(Merger.duplicate_id, Merger.survivor_id).where(Merger.ended_at.is_(None))
    return {row.duplicate_id: row.survivor_id for row in session.execute(statement)}


def _pairs(user: User, filters: DuplicateFilters) -> Select[LikenessVerdict]:
    statement = visible(LikenessVerdict, user).where(_stands(filters.verdict)).options(*_SHOWN)
    firms = select(Enterprise.id)
    for asked in (
        firms.where(matches(filters.q)) if word_patterns(filters.q) else None,
        firms.where(Enterprise.region_id.in_(within(filters.prefecture))) if filters.prefecture else None,
    ):
        if asked is not None:
            statement = statement.where(or_(LikenessVerdict.first_id.in_(asked), LikenessVerdict.second_id.in_(asked)))
    if filters.verdict in (Verdict.OPEN, Verdict.LATER):
        return statement.order_by(LikenessVerdict.distance, LikenessVerdict.id)
    return statement.order_by(LikenessVerdict.at.desc(), LikenessVerdict.id.desc())


def _stands(verdict: Verdict) -> ColumnElement[bool]:
    """Pairs found so; nobody needs to judge a pair of which one already stands behind a third."""
    if verdict in (Verdict.SAME, Verdict.DIFFERENT):
        return LikenessVerdict.verdict == verdict
    merged = select(Enterprise.id).where(Enterprise.state == EnterpriseState.MERGED)
    return and_(
        LikenessVerdict.verdict == verdict,
        LikenessVerdict.first_id.not_in(merged),
        LikenessVerdict.second_id.not_in(merged),
    )


def duplicate_counts(session: Session, user: User) -> dict[Verdict, int]:
    """How many of the pairs this person may judge stand how."""
    return {verdict: _count(session, user, verdict) for verdict in Verdict}


def _count(session: Session, user: User, verdict: Verdict) -> int:
    statement = select(func.count(LikenessVerdict.id)).where(may_see(LikenessVerdict, user), _stands(verdict))
    return session.scalar(everyones(statement, because="the condition scopes it")) or 0


def merger_of(session: Session, firm: Enterprise) -> Merger | None:
    """The merger in force that put this firm behind another."""
    statement = select(Merger).where(Merger.duplicate_id == firm.id, Merger.ended_at.is_(None))
    return session.scalar(statement.options(joinedload(Merger.survivor), joinedload(Merger.user)))


def duplicates_behind(session: Session, firm: Enterprise) -> list[Merger]:
    """The mergers in force that put other registrations behind this firm, oldest first."""
    statement = select(Merger).where(Merger.survivor_id == firm.id, Merger.ended_at.is_(None))
    return list(session.scalars(statement.options(joinedload(Merger.duplicate)).order_by(Merger.id)))


def last_search(session: Session) -> Job | None:
    """The newest search for duplicates, whatever became of it."""
    newest = select(Job).where(Job.kind == FIND_DUPLICATES).order_by(Job.id.desc()).limit(1)
    return session.scalar(everyones(newest, because="that the register is searched is no secret of who asked"))
