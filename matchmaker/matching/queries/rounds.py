"""Watches as the worker meets them: which are due, with whose eyes they look, and what they know."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import Membership, Role, User
from matchmaker.db import shanghai_day
from matchmaker.enterprises.models import (
    GOODS,
    LISTED_STATES,
    OPEN_NEEDS,
    PUBLISHED_CAPABILITIES,
    Capability,
    Enterprise,
    LineChange,
    Need,
)
from matchmaker.matching.alerting import Mark, last_round
from matchmaker.matching.models import Frequency, Watch, WatchFind
from matchmaker.matching.queries.alerts import has_subject
from matchmaker.web.visibility import everyones

_WHY = "a watch looks with the eyes of its own membership, and what it finds passes visible()"


def is_any_due(session: Session, *, last_change: int, now: datetime) -> bool:
    """Whether some watch should look now into an index that speaks for the registers up to a change."""
    statement = select(Watch.id).where(_is_due(last_change, now), has_subject()).limit(1)
    return session.scalar(everyones(statement, because=_WHY)) is not None


def due_memberships(session: Session, *, last_change: int, now: datetime) -> list[int]:
    """Whose watches should look now, in order."""
    statement = select(Watch.membership_id).where(_is_due(last_change, now), has_subject()).distinct()
    return list(session.scalars(everyones(statement.order_by(Watch.membership_id), because=_WHY)))


def due_watches(session: Session, *, membership_id: int, last_change: int, now: datetime) -> list[Watch]:
    """The watches of a membership that should look now, with their lines, in order."""
    needs, capabilities = joinedload(Watch.need), joinedload(Watch.capability)
    statement = (
        select(Watch)
        .where(Watch.membership_id == membership_id, _is_due(last_change, now), has_subject())
        .options(
            needs.joinedload(Need.segment),
            needs.joinedload(Need.enterprise).joinedload(Enterprise.region),
            capabilities.joinedload(Capability.segment),
            capabilities.joinedload(Capability.enterprise).joinedload(Enterprise.region),
        )
        .order_by(Watch.id)
    )
    return list(session.scalars(everyones(statement, because=_WHY)))


def _is_due(last_change: int, now: datetime) -> ColumnElement[bool]:
    at_once = and_(Watch.frequency == Frequency.AT_ONCE, Watch.last_change < last_change)
    rounds = [
        and_(Watch.frequency == frequency, Watch.looked_at < last_round(frequency, now))
        for frequency in (Frequency.DAILY, Frequency.WEEKLY)
    ]
    return and_(Watch.stopped_at.is_(None), or_(Watch.looked_at.is_(None), at_once, *rounds))


def membership_eyes(session: Session, membership_id: int, *, now: datetime) -> User | None:
    """The person of a membership acting under it, or None when it has ended or the person has left."""
    membership = session.get_one(Membership, membership_id)
    if membership.user.left_at is not None or not membership.holds_on(shanghai_day(now)):
        return None
    membership.user.acting_as = membership
    return membership.user


def known_keys(session: Session, watch: Watch) -> set[str]:
    """What a watch knows of already."""
    statement = select(WatchFind.key).where(WatchFind.watch_id == watch.id)
    return set(session.scalars(everyones(statement, because=_WHY)))


def changes_after(session: Session, change: int) -> dict[Mark, int]:
    """The last change of each row that changed after a certain one."""
    statement = select(LineChange.kind, LineChange.line_id, func.max(LineChange.id)).where(LineChange.id > change)
    return {
        (kind, line_id): last
        for kind, line_id, last in session.execute(statement.group_by(LineChange.kind, LineChange.line_id))
    }


def unwatched_needs(session: Session, *, today: date, limit: int) -> list[tuple[int, int]]:
    """Open needs (membership, need) that a person of their firm neither watches nor has stopped watching."""
    watched = exists().where(Watch.membership_id == Membership.id, Watch.need_id == Need.id)
    is_out = (Need.state.in_(OPEN_NEEDS), Need.kind.in_(GOODS))
    statement = (
        select(Membership.id, Need.id)
        .join(Need, Need.enterprise_id == Membership.enterprise_id)
        .where(*is_out, ~watched)
        .order_by(Need.id)
    )
    return _of_present_members(session, statement, today, limit)


def unwatched_capabilities(session: Session, *, today: date, limit: int) -> list[tuple[int, int]]:
    """Published capabilities, likewise."""
    watched = exists().where(Watch.membership_id == Membership.id, Watch.capability_id == Capability.id)
    statement = (
        select(Membership.id, Capability.id)
        .join(Capability, Capability.enterprise_id == Membership.enterprise_id)
        .where(Capability.state.in_(PUBLISHED_CAPABILITIES), ~watched)
        .order_by(Capability.id)
    )
    return _of_present_members(session, statement, today, limit)


def _of_present_members(
    session: Session, statement: Select[int, int], today: date, limit: int
) -> list[tuple[int, int]]:
    present = (
        statement.join(Enterprise, Enterprise.id == Membership.enterprise_id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.role == Role.ENTERPRISE,
            Membership.starts_on <= today,
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
            User.left_at.is_(None),
            Enterprise.state.in_(LISTED_STATES),
        )
        .order_by(Membership.id)
        .limit(limit)
    )
    rows = session.execute(everyones(present, because=_WHY))
    return [(membership_id, line_id) for membership_id, line_id in rows]


def finds_to_write(session: Session, *, membership_id: int, find_ids: list[int]) -> list[WatchFind]:
    """What a letter is to tell, by watch and best first; watches stopped meanwhile are left out."""
    statement = (
        select(WatchFind)
        .join(WatchFind.watch)
        .where(
            WatchFind.id.in_(find_ids), Watch.membership_id == membership_id, Watch.stopped_at.is_(None), has_subject()
        )
        .options(
            joinedload(WatchFind.watch).joinedload(Watch.need), joinedload(WatchFind.watch).joinedload(Watch.capability)
        )
        .order_by(WatchFind.watch_id, WatchFind.score.desc(), WatchFind.id)
    )
    return list(session.scalars(everyones(statement, because=_WHY)))
