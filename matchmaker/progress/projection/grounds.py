"""What a projection's deals were judged by, and which deals a change since then bears on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matchmaker.deals.models import Deal, DealEntry
from matchmaker.deals.recounting import Frame, register_mark
from matchmaker.enterprises.models import Enterprise
from matchmaker.enterprises.queries.duplicates import mergers_in_force
from matchmaker.progress.models import ProjectedDeal, Projection
from matchmaker.progress.projection.sheets import PARTS
from matchmaker.web.visibility import everyones

BECAUSE = "a projection follows every deal; only totals are shown of it"
BLOCK = 5_000  # ids in one statement
_LONGEST_WRITE = timedelta(hours=1)  # an edit is dated when it is made and seen when it is committed, in a request


def grounds_of(session: Session, frame: Frame) -> dict[str, Any]:
    """The grounds as they are now, as they are kept."""
    return {
        "parts": PARTS,
        "rules": asdict(frame.rules),
        "frozen": {frozen.month: frozen.frozen_at.isoformat() for frozen in frame.frozen_months},
        "events": {str(line.id): [line.held_on.isoformat(), line.organiser_region_id] for line in frame.events},
        "register": [str(part) for part in register_mark(session)],
    }


def changed_deals(session: Session, kept: Projection, grounds: dict[str, Any], *, as_of: date) -> set[int] | None:
    """The deals to judge again for the projection to hold on a day; None when that would be all of them."""
    if not _still_holds(kept, grounds):
        return None
    changed = set(session.scalars(_entries_after(kept.entry_id)))
    changed.update(session.scalars(_due(kept, as_of)))
    changed.update(_of_events(session, kept.grounds["events"], grounds["events"]))
    if grounds["register"] != kept.grounds["register"]:
        changed.update(_of_firms(session, since=kept.judged_at - _LONGEST_WRITE))
    return changed | _repeating(session, changed)


def newest_entry(session: Session) -> int:
    """The id of the last entry of the ledger: they are written one at a time, so none before it is still to come."""
    statement = select(DealEntry.id).order_by(DealEntry.id.desc()).limit(1)
    return session.scalar(everyones(statement, because=BECAUSE)) or 0


def blocks(ids: Iterable[int]) -> Iterator[list[int]]:
    """Ids in portions that fit into a statement."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), BLOCK):
        yield ordered[start : start + BLOCK]


def _still_holds(kept: Projection, grounds: dict[str, Any]) -> bool:
    """Whether rules and parts are the same, and months were frozen at most after the deals were judged.

    A freeze keeps whatever stood in gross before it where it stands (R15), so one after the judging moves no deal
    but those that were said something of since, and these are judged again anyway.
    """
    if (kept.grounds.get("parts"), kept.grounds["rules"]) != (grounds["parts"], grounds["rules"]):
        return False
    before, now = kept.grounds["frozen"], grounds["frozen"]
    later = (datetime.fromisoformat(at) > kept.judged_at for month, at in now.items() if month not in before)
    return before.items() <= now.items() and all(later)


def _entries_after(entry_id: int) -> Any:
    # Not DISTINCT: SQLite would then read the whole ledger in the order of its deals.
    return everyones(select(DealEntry.deal_id).where(DealEntry.id > entry_id), because=BECAUSE)


def _due(kept: Projection, as_of: date) -> Any:
    return select(ProjectedDeal.deal_id).where(
        ProjectedDeal.projection_id == kept.id, ProjectedDeal.due_on.is_not(None), ProjectedDeal.due_on <= as_of
    )


def _of_events(session: Session, before: dict[str, Any], now: dict[str, Any]) -> set[int]:
    moved = [int(key) for key in before.keys() | now.keys() if before.get(key) != now.get(key)]
    return {deal for block in blocks(moved) for deal in _deals(session, Deal.event_id.in_(block))}


def _of_firms(session: Session, *, since: datetime) -> set[int]:
    """The deals of firms edited since, and of every firm below one of them or merged into one."""
    because = "whose place, revenue or relations changed bears on the count"
    edited = everyones(
        select(Enterprise.id, Enterprise.credit_code).where(Enterprise.updated_at >= since), because=because
    )
    found = {row.id: row.credit_code for row in session.execute(edited)}
    survivors = mergers_in_force(session)
    newest = list(found.items())
    while newest:
        edited_ids, codes = ({*part} for part in zip(*newest[:BLOCK], strict=True))
        merged = [duplicate for duplicate, survivor in survivors.items() if survivor in edited_ids]
        below = select(Enterprise.id, Enterprise.credit_code).where(
            or_(Enterprise.parent_code.in_(codes), Enterprise.id.in_(merged)), Enterprise.id.not_in(found)
        )
        rows = session.execute(everyones(below, because=because)).all()
        newest = [*newest[BLOCK:], *((row.id, row.credit_code) for row in rows)]
        found |= {row.id: row.credit_code for row in rows}
    return {
        deal
        for block in blocks(found)
        for deal in _deals(session, or_(Deal.buyer_id.in_(block), Deal.seller_id.in_(block)))
    }


def _repeating(session: Session, changed: set[int]) -> set[int]:
    """The deals that repeat a changed one, directly or by others: they go where it goes."""
    found: set[int] = set()
    newest = changed
    while newest:
        newest = {deal for block in blocks(newest) for deal in _deals(session, Deal.duplicate_of_id.in_(block))}
        newest -= found | changed
        found |= newest
    return found


def _deals(session: Session, which: Any) -> Iterable[int]:
    return session.scalars(everyones(select(Deal.id).where(which), because=BECAUSE))
