"""The pairs that may be one deal, kept in step with the ledger; what was judged stays until something changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.duplicates.clustering import Pair, Trace, likely_pairs, may_be_one
from matchmaker.deals.duplicates.models import DealLikeness, Judgement
from matchmaker.deals.duplicates.reading import BECAUSE, every_trace, standins, traces_between
from matchmaker.deals.models import Deal, DealStanding, EntryType, Party
from matchmaker.deals.standing import yuan_of
from matchmaker.jobs.models import Job, JobState
from matchmaker.jobs.services import Progress, promise, release
from matchmaker.web.visibility import everyones

FIND_REPEATED: Final = "find repeated deals"
BEARING = frozenset(
    {
        EntryType.DECLARE,
        EntryType.CONFIRM,
        EntryType.AMEND,
        EntryType.CONTRACT,
        EntryType.WITHDRAW,
        EntryType.MERGE,
        EntryType.UNMERGE,
    }
)  # what is said that changes whether a deal may be one with another
_BLOCK: Final = 500


@dataclass(frozen=True, slots=True)
class Found:
    """How many deals were compared, and how the pairs that wait changed."""

    compared: int
    added: int
    reopened: int
    dropped: int


@dataclass(frozen=True, slots=True)
class _Held:
    id: int
    key: str
    is_open: bool


def find_everywhere(session: Session) -> Found:
    """Compare all deals. The session is released while it computes, so that nobody waits for it."""
    traces = every_trace(session)
    release(session)
    return _settle(session, len(traces), likely_pairs(traces), _held(session, None))


def find_beside(session: Session, deal: Deal) -> Found:
    """Compare the deals between the two firms of one deal; cheap enough to be done whenever something is said of it."""
    traces = traces_between(session, (deal.buyer_id, deal.seller_id))
    return _settle(session, len(traces), likely_pairs(traces), _held(session, {*(each.id for each in traces), deal.id}))


def unanswered_report(session: Session, deal: Deal, *, amount: int, by: Party) -> Deal | None:
    """Of the other side's reports that wait for this side, the one most like a deal about to be declared, if any."""
    known = standins(session)
    new = Trace(
        id=0,
        buyer=known.get(deal.buyer.id, deal.buyer.id),
        seller=known.get(deal.seller.id, deal.seller.id),
        kind=deal.kind.value,
        amount=yuan_of(amount, deal.rate),
        months=deal.months,
        begins_on=shanghai_day(utcnow()),
        segment=deal.segment.id if deal.segment else None,
        contract=deal.contract_number,
        is_renewal=deal.is_renewal,
    )
    alike = [
        each
        for each in traces_between(session, (deal.buyer.id, deal.seller.id))
        if (each.buyer, each.seller) == (new.buyer, new.seller) and may_be_one(each, new)
    ]
    waiting = _waiting(session, [each.id for each in alike], by)
    nearest = min(
        (each for each in alike if each.id in waiting), key=lambda each: (abs(each.amount - new.amount), each.id),
        default=None,
    )  # fmt: skip
    return None if nearest is None else waiting[nearest.id]


def promise_search(session: Session, *, user_id: int | None = None) -> Job | None:
    """Promise a search of the whole ledger, unless one is waiting already."""
    waiting = select(Job.id).where(Job.kind == FIND_REPEATED, Job.state == JobState.QUEUED).limit(1)
    is_waiting = session.scalar(everyones(waiting, because="one search serves whoever asks")) is not None
    return None if is_waiting else promise(session, FIND_REPEATED, payload={}, user_id=user_id)


def search_repeated(session: Session, job: Job, progress: Progress) -> dict[str, Any]:
    """The background work of `promise_search`."""
    found = find_everywhere(session)
    return {
        "compared": found.compared,
        "added": found.added,
        "reopened": found.reopened,
        "dropped": found.dropped,
    }


def _waiting(session: Session, ids: Sequence[int], by: Party) -> dict[int, Deal]:
    consents = DealStanding.buyer_consents if by is Party.BUYER else DealStanding.seller_consents
    statement = (
        select(Deal)
        .join(DealStanding)
        .where(Deal.id.in_(ids), consents.is_(False), DealStanding.is_disputed.is_(False))
    )
    found = session.scalars(everyones(statement, because="its parties are the ones who ask"))
    return {deal.id: deal for deal in found}


def _held(session: Session, among: Iterable[int] | None) -> dict[tuple[int, int], _Held]:
    """The pairs kept, all of them or those of some deals."""
    statement = select(
        DealLikeness.first_id, DealLikeness.second_id, DealLikeness.id, DealLikeness.key, DealLikeness.judgement
    )
    if among is not None:
        ids = sorted(among)
        statement = statement.where(or_(DealLikeness.first_id.in_(ids), DealLikeness.second_id.in_(ids)))
    rows = session.execute(everyones(statement, because=BECAUSE))
    return {(row.first_id, row.second_id): _Held(row.id, row.key, row.judgement is Judgement.OPEN) for row in rows}


def _settle(session: Session, compared: int, pairs: Iterable[Pair], held: dict[tuple[int, int], _Held]) -> Found:
    """Keep what was found, reopen what changed, and drop what nobody judged and is no longer alike."""
    new: list[Pair] = []
    changed: list[tuple[Pair, _Held]] = []
    for pair in pairs:
        known = held.pop((pair.first, pair.second), None)
        if known is None:
            new.append(pair)
        elif known.key != pair.key:
            changed.append((pair, known))
    gone = [each.id for each in held.values() if each.is_open]
    _put(session, new)
    for pair, known in changed:
        session.execute(
            update(DealLikeness)
            .where(DealLikeness.id == known.id)
            .values(key=pair.key, strength=pair.strength, judgement=Judgement.OPEN, version=DealLikeness.version + 1)
        )
    for block in _blocks(gone):
        session.execute(
            delete(DealLikeness).where(DealLikeness.id.in_(block), DealLikeness.judgement == Judgement.OPEN)
        )
    return Found(compared, len(new), sum(not known.is_open for _pair, known in changed), len(gone))


def _put(session: Session, pairs: Sequence[Pair]) -> None:
    """Add pairs; one that somebody else found at the same moment is there already, which is as good."""
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    at = utcnow()
    for block in _blocks(pairs):
        rows = [
            {
                "first_id": pair.first,
                "second_id": pair.second,
                "key": pair.key,
                "strength": pair.strength,
                "judgement": Judgement.OPEN,
                "note": "",
                "at": at,
            }
            for pair in block
        ]
        session.execute(insert(DealLikeness).values(rows).on_conflict_do_nothing())


def _blocks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _BLOCK):
        yield rows[start : start + _BLOCK]
