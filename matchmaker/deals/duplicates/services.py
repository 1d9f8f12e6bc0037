"""What a person says of deals that may be one; that they are is said on the ledger (`deals.services.merge_deal`)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.db import utcnow
from matchmaker.deals import obstacles
from matchmaker.deals import services as ledger
from matchmaker.deals.duplicates import refusals
from matchmaker.deals.duplicates.models import Judgement
from matchmaker.deals.duplicates.queries import Cluster
from matchmaker.deals.models import Deal, DealEntry
from matchmaker.deals.refusals import ReasonMissing


def merge_cluster(
    session: Session, *, cluster: Cluster, survivor: Deal, merged: Collection[Deal], actor: User, reason: str
) -> list[DealEntry]:
    """Put some deals of a cluster behind the one that stays. Raises NothingToMerge without any."""
    behind = [deal for deal in cluster.deals if deal in merged and deal is not survivor]
    if not behind or survivor not in cluster.deals:
        raise refusals.NothingToMerge
    return [ledger.merge_deal(session, deal=deal, into=survivor, actor=actor, reason=reason) for deal in behind]


def tell_apart(session: Session, *, cluster: Cluster, actor: User, reason: str) -> None:
    """Say that the deals of a cluster are several; they are not proposed again until something in them changes."""
    if not reason.strip():
        raise ReasonMissing
    _judge(session, cluster, actor, Judgement.DISTINCT, reason.strip())


def reconsider(session: Session, *, cluster: Cluster, actor: User) -> None:
    """Put deals that were told apart back into the queue; what was said of them is kept."""
    _judge(session, cluster, actor, Judgement.OPEN, None)


def _judge(session: Session, cluster: Cluster, actor: User, judgement: Judgement, note: str | None) -> None:
    if obstacle := obstacles.to_judging(cluster.deals, actor):
        raise obstacle
    for pair in cluster.pairs:
        if pair.judgement is judgement:
            raise refusals.NothingToJudge
        pair.judgement = judgement
        if note is not None:
            pair.note, pair.user, pair.at = note, actor, utcnow()
    session.flush()
    for deal in cluster.deals:
        detail: dict[str, object] = {"among": [each.id for each in cluster.deals]}
        record(session, actor=actor, action=f"deals {judgement.value}", subject=deal, detail=detail)
