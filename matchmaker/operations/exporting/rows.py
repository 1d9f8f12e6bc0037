"""The ledger, the audit record, the deals and the snapshots as rows of an export, read a little at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload, undefer

from matchmaker.accounts.models import ChainHead
from matchmaker.accounts.queries import audit_links
from matchmaker.audit import GENESIS
from matchmaker.chains.models import Segment
from matchmaker.deals.models import Deal
from matchmaker.deals.queries import entry_links
from matchmaker.deals.recounting.firms import read_register
from matchmaker.events.models import MatchmakingEvent
from matchmaker.operations.verifying.layout import CHAINS, row
from matchmaker.programmes.models import Programme
from matchmaker.progress.closing.models import Snapshot
from matchmaker.progress.closing.queries import snapshot_content
from matchmaker.web.visibility import everyones

BECAUSE = "the proof of a total needs every row of the ledger; only who sees them all may export"
_AT_ONCE = 1_000


def ledger_rows(session: Session) -> Iterator[bytes]:
    """Every entry as it was sealed, the oldest first."""
    for link in entry_links(session):
        yield row({"id": link.key, "content": link.content, "seal": link.seal})


def audit_rows(session: Session) -> Iterator[bytes]:
    """Every entry of the audit record as it was sealed, the oldest first."""
    for link in audit_links(session):
        yield row({"id": link.key, "content": link.content, "seal": link.seal})


def heads_of(session: Session) -> dict[str, dict[str, Any]]:
    """The last seal of each chain and how many entries lead to it."""
    heads = {name: session.get(ChainHead, name) for name in CHAINS}
    return {
        name: {"count": head.count if head else 0, "seal": head.seal if head else GENESIS}
        for name, head in heads.items()
    }


def deal_rows(session: Session) -> Iterator[bytes]:
    """What of a deal is counted and not said by an entry; the keys tie it to what its declaration sealed.

    A party is named by the code it counts under: that of the survivor, where its registration was a duplicate.
    """
    codes, repeated = read_register(session).codes, aliased(Deal)
    statement = (
        select(
            Deal.id.label("key"),
            Deal.public_id.label("id"),
            Deal.number,
            Deal.buyer_id.label("buyer_key"),
            Deal.seller_id.label("seller_key"),
            Deal.kind,
            Deal.months,
            Deal.event_id.label("event_key"),
            MatchmakingEvent.public_id.label("event"),
            Programme.year.label("event_year"),
            Deal.amount_high.label("amount_max"),
            Deal.currency,
            Deal.rate,
            Deal.is_renewal,
            Deal.former_amount,
            Segment.code.label("segment"),
            repeated.public_id.label("duplicate_of"),
        )
        .join(MatchmakingEvent, MatchmakingEvent.id == Deal.event_id, isouter=True)
        .join(Programme, Programme.id == MatchmakingEvent.programme_id, isouter=True)
        .join(Segment, Segment.id == Deal.segment_id, isouter=True)
        .join(repeated, repeated.id == Deal.duplicate_of_id, isouter=True)
        .order_by(Deal.id)
    )
    for found in session.execute(everyones(statement, because=BECAUSE).execution_options(yield_per=_AT_ONCE)):
        parties = {"buyer": codes[found.buyer_key], "seller": codes[found.seller_key]}
        yield row({**found._mapping, **parties, "kind": found.kind.value})


def snapshots_of(session: Session) -> list[Snapshot]:
    """Every month as published, in the order of freezing, with its content and its files."""
    statement = select(Snapshot).order_by(Snapshot.id)
    loaded = statement.options(
        undefer(Snapshot.withdrawals), selectinload(Snapshot.files), joinedload(Snapshot.programme)
    )
    return list(session.scalars(everyones(loaded, because=BECAUSE)))


def snapshot_row(snapshot: Snapshot) -> bytes:
    """A published month as it was sealed, with the files issued for it; its content is a member of its own."""
    files = [
        {"name": file.name, "media_type": file.media_type, "digest": file.digest, "size": file.size}
        for file in snapshot.files
    ]
    content = snapshot_content(snapshot, snapshot.programme, snapshot.withdrawals)
    return row(
        {
            "id": snapshot.public_id,
            "year": snapshot.programme.year,
            "content": content,
            "seal": snapshot.seal,
            "files": files,
        }
    )
