"""The queue of deals that may be one, and what was merged."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import User
from matchmaker.deals.duplicates import scopes  # noqa: F401 -- registers who sees the pairs
from matchmaker.deals.duplicates.clustering import Trace, clusters_of
from matchmaker.deals.duplicates.finding import FIND_REPEATED
from matchmaker.deals.duplicates.models import DealLikeness, Judgement
from matchmaker.deals.duplicates.reading import traces_among
from matchmaker.deals.models import Deal
from matchmaker.deals.queries import LedgerFilters, ledger_rows, with_history
from matchmaker.jobs.models import Job
from matchmaker.web.pagination import Page, paginate
from matchmaker.web.visibility import everyones, visible

MOST_SIDE_BY_SIDE = 8
_PER_PAGE = 20
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Deals that hang together as likely one, the earliest first, by pairs found or judged."""

    deals: tuple[Deal, ...]
    pairs: tuple[DealLikeness, ...]

    @property
    def proposed(self) -> Deal:
        """The one that stays unless a person says otherwise: the earliest confirmed (R6), else declared."""
        return min(
            self.deals, key=lambda deal: (deal.standing.confirmed_at or _NEVER, deal.standing.declared_at, deal.id)
        )

    @property
    def judgement(self) -> Judgement:
        """Where its pairs stand: all alike."""
        return self.pairs[0].judgement

    @property
    def seen(self) -> str:
        """What a reader of this cluster has seen; it differs once anything in it changed."""
        state = [(pair.id, pair.version) for pair in self.pairs] + [(deal.id, deal.version) for deal in self.deals]
        return hashlib.sha256(repr(state).encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many clusters wait, how many were told apart, and how many deals were merged."""

    open: int
    distinct: int
    merged: int


def clusters(
    session: Session, user: User, judgement: Judgement, filters: LedgerFilters, *, number: int = 1
) -> Page[Cluster]:
    """One page of the clusters this person sees, those that agree most first."""
    found = _ordered(session, user, judgement)
    if filters.are_any:
        fitting = set(session.scalars(_ids(user, filters)))
        found = [members for members in found if not fitting.isdisjoint(members)]
    number = min(number, max(1, -(-len(found) // _PER_PAGE)))
    shown = found[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    return Page(_read(session, user, shown, judgement), number, _PER_PAGE, len(found))


def find_cluster(session: Session, user: User, deal: Deal) -> Cluster | None:
    """The cluster one deal is in: of what waits, else of what was told apart; with the histories of its deals."""
    for judgement in Judgement:
        members = _around(session, user, deal.id, judgement)
        if len(members) > 1:
            (cluster,) = _read(session, user, [tuple(sorted(members))], judgement, with_histories=True)
            return cluster
    return None


def traces_of(session: Session, clusters: Collection[Cluster]) -> dict[int, list[Trace]]:
    """By the id of each cluster's first deal, its deals as they are compared."""
    known = {trace.id: trace for trace in traces_among(session, {deal.id for each in clusters for deal in each.deals})}
    return {each.deals[0].id: [known[deal.id] for deal in each.deals if deal.id in known] for each in clusters}


def merged_deals(session: Session, user: User, filters: LedgerFilters, *, number: int = 1) -> Page[Deal]:
    """One page of the deals that were put behind another, the latest change first."""
    return paginate(session, _merged(user, filters).options(joinedload(Deal.duplicate_of)), number=number)


def merged_into(session: Session, user: User, deal: Deal) -> list[Deal]:
    """What was put behind one deal, in the order of declaration."""
    statement = visible(Deal, user).where(Deal.duplicate_of_id == deal.id).options(joinedload(Deal.standing))
    return list(session.scalars(statement.order_by(Deal.id)))


def is_waiting(session: Session, user: User, deal: Deal) -> bool:
    """Whether this person sees that a deal may be one with another."""
    return bool(_pairs(session, user, {deal.id}, Judgement.OPEN))


def find_survivor(session: Session, user: User, public_id: str) -> Deal | None:
    """The deal that another is to be put behind, if this person sees it."""
    return session.scalar(with_history(visible(Deal, user)).where(Deal.public_id == public_id))


def tally(session: Session, user: User) -> Tally:
    """How much of everything this person sees."""
    merged = visible(Deal, user).where(Deal.duplicate_of_id.is_not(None)).with_only_columns(func.count(Deal.id))
    return Tally(
        open=len(_ordered(session, user, Judgement.OPEN)),
        distinct=len(_ordered(session, user, Judgement.DISTINCT)),
        merged=session.scalar(merged) or 0,
    )


def last_search(session: Session) -> Job | None:
    """The latest search of the whole ledger."""
    statement = select(Job).where(Job.kind == FIND_REPEATED).order_by(Job.id.desc()).limit(1)
    return session.scalar(everyones(statement, because="when the ledger was last looked through is no secret here"))


def _ordered(session: Session, user: User, judgement: Judgement) -> list[tuple[int, ...]]:
    """The clusters by the ids of their deals: by the strongest pair in each, then the earliest."""
    statement = (
        visible(DealLikeness, user)
        .where(DealLikeness.judgement == judgement)
        .with_only_columns(DealLikeness.first_id, DealLikeness.second_id, DealLikeness.strength)
    )
    rows = session.execute(statement).all()
    strongest: dict[int, int] = {}
    for first, second, strength in rows:
        for deal in (first, second):
            strongest[deal] = max(strength, strongest.get(deal, 0))
    found = clusters_of((first, second) for first, second, _strength in rows)
    return sorted(found, key=lambda members: (-max(strongest[deal] for deal in members), members[0]))


def _around(session: Session, user: User, deal_id: int, judgement: Judgement) -> set[int]:
    """A deal and all that hang together with it."""
    found, newest = {deal_id}, {deal_id}
    while newest:
        beside = {deal for pair in _pairs(session, user, newest, judgement) for deal in (pair.first_id, pair.second_id)}
        newest = beside - found
        found |= newest
    return found


def _pairs(session: Session, user: User, deals: Collection[int], judgement: Judgement) -> list[DealLikeness]:
    """The pairs in which any of these deals is."""
    ids = sorted(deals)
    statement = (
        visible(DealLikeness, user)
        .where(
            DealLikeness.judgement == judgement, or_(DealLikeness.first_id.in_(ids), DealLikeness.second_id.in_(ids))
        )
        .options(joinedload(DealLikeness.user))
        .order_by(DealLikeness.strength.desc(), DealLikeness.id)
    )
    return list(session.scalars(statement))


def _read(
    session: Session,
    user: User,
    wanted: Sequence[tuple[int, ...]],
    judgement: Judgement,
    *,
    with_histories: bool = False,
) -> list[Cluster]:
    ids = {deal for members in wanted for deal in members}
    statement = ledger_rows(user, LedgerFilters()).where(Deal.id.in_(ids))
    deals = {deal.id: deal for deal in session.scalars(with_history(statement) if with_histories else statement)}
    pairs = _pairs(session, user, ids, judgement)
    return [
        Cluster(
            tuple(deals[deal] for deal in members if deal in deals),
            tuple(pair for pair in pairs if pair.first_id in members),
        )
        for members in wanted
    ]


def _ids(user: User, filters: LedgerFilters) -> Select[int]:
    return ledger_rows(user, filters).with_only_columns(Deal.id).order_by(None)


def _merged(user: User, filters: LedgerFilters) -> Select[Deal]:
    return ledger_rows(user, filters).where(Deal.duplicate_of_id.is_not(None))
