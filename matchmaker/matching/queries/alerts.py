"""Watches as their person meets them: the list, one of a line or a search, and the way out of a letter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import token_digest
from matchmaker.enterprises.models import (
    GOODS,
    OPEN_NEEDS,
    PUBLISHED_CAPABILITIES,
    Capability,
    Need,
)
from matchmaker.matching.models import StopLink, Watch, WatchFind, WatchKind, WatchSides
from matchmaker.matching.queries.indexable import line_of
from matchmaker.matching.queries.runs import Showable, showable
from matchmaker.web.visibility import everyones, visible


@dataclass(frozen=True, slots=True)
class Listed:
    """A watch as its person sees it, with the best of what it last told that may still be shown."""

    watch: Watch
    best: str
    count: int


def watches(user: User) -> Select[Watch]:
    """The watches of this person's membership; those of lines that are not out are left aside."""
    lines = (joinedload(Watch.need), joinedload(Watch.capability))
    return visible(Watch, user).where(has_subject()).options(*lines).order_by(Watch.id.desc())


def listed_watches(session: Session, user: User) -> list[Listed]:
    """All of them, newest first, each with what it last told."""
    found = list(session.scalars(watches(user)))
    told = _last_told(session, [watch.id for watch in found])
    rows = shown_finds(session, user, told)
    return [_listed(watch, [each for each in told if each.watch_id == watch.id], rows) for watch in found]


def _listed(watch: Watch, told: list[WatchFind], rows: Showable) -> Listed:
    still = [each for each in told if is_shown(each, rows)]
    best = rows.firms[still[0].enterprise_id].name if still else ""
    return Listed(watch, best, len(still))


def _last_told(session: Session, watch_ids: list[int]) -> list[WatchFind]:
    statement = (
        select(WatchFind)
        .join(WatchFind.watch)
        .where(WatchFind.watch_id.in_(watch_ids), WatchFind.told_at == Watch.told_at)
        .order_by(WatchFind.score.desc(), WatchFind.id)
    )
    return list(session.scalars(everyones(statement, because="the watches it reads are the reader's own")))


def line_watch(session: Session, user: User, line: Need | Capability | None) -> Watch | None:
    """This person's watch of a line, running or stopped."""
    if line is None:
        return None
    subject = Watch.need_id == line.id if isinstance(line, Need) else Watch.capability_id == line.id
    return session.scalar(visible(Watch, user).where(subject))


def open_line(
    session: Session, user: User, *, need_id: str | None, capability_id: str | None
) -> Need | Capability | None:
    """The open line a program names, if this person may see it."""
    if need_id is not None:
        return session.scalar(visible(Need, user).where(Need.public_id == need_id, Need.state.in_(OPEN_NEEDS)))
    published = visible(Capability, user).where(Capability.state.in_(PUBLISHED_CAPABILITIES))
    return session.scalar(published.where(Capability.public_id == capability_id))


def search_watch(session: Session, user: User, text: str) -> Watch | None:
    """This person's running watch of a text."""
    statement = visible(Watch, user).where(Watch.text == text, Watch.stopped_at.is_(None))
    return session.scalar(statement.order_by(Watch.id).limit(1))


def saved_search(session: Session, user: User, text: str, sides: WatchSides) -> Watch | None:
    """This person's watch of exactly this search, running or stopped."""
    return session.scalar(visible(Watch, user).where(Watch.text == text, Watch.sides == sides))


def saved_count(session: Session, user: User) -> int:
    """How many searches this person has running."""
    own = visible(Watch, user).where(Watch.kind == WatchKind.TEXT, Watch.stopped_at.is_(None))
    counted = select(func.count()).select_from(own.subquery())
    return session.scalar(everyones(counted, because="the list it counts is scoped")) or 0


def shown_finds(session: Session, user: User, finds: Iterable[WatchFind]) -> Showable:
    """What of the found a reader may be shown now."""
    every = list(finds)
    return showable(
        session, user, [each.enterprise_id for each in every], [line_of(each.line_number) for each in every]
    )


def is_shown(find: WatchFind, rows: Showable) -> bool:
    """Whether a found answer may still be shown: its firm and its line."""
    return find.enterprise_id in rows.firms and line_of(find.line_number) in rows.lines


def has_subject() -> ColumnElement[bool]:
    """Whether there is something to look out for: a text, or a line that is out."""
    needs = select(Need.id).where(Need.state.in_(OPEN_NEEDS), Need.kind.in_(GOODS))
    capabilities = select(Capability.id).where(Capability.state.in_(PUBLISHED_CAPABILITIES))
    return or_(Watch.kind == WatchKind.TEXT, Watch.need_id.in_(needs), Watch.capability_id.in_(capabilities))


def stop_link(session: Session, token: str) -> StopLink | None:
    """The way out that a token opens."""
    statement = select(StopLink).where(StopLink.token_hash == token_digest(token))
    return session.scalar(everyones(statement, because="whoever holds a token of 192 bits was sent it"))
