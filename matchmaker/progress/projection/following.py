"""The projections brought up to the ledger: what changed is judged again, the rest stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.collecting import uncollected
from matchmaker.deals.models import Deal
from matchmaker.deals.recounting import Frame, Judged, judge_some, judged, read_frame, recounted
from matchmaker.programmes.models import Programme
from matchmaker.progress.models import ProjectedDeal, ProjectedSum, Projection
from matchmaker.progress.projection.grounds import BECAUSE, BLOCK, blocks, changed_deals, grounds_of, newest_entry
from matchmaker.progress.projection.reading import kept_parts, kept_sums
from matchmaker.progress.projection.sheets import Sum, add, headline, parts_of
from matchmaker.web.visibility import everyones


def follow(session: Session, programme: Programme, *, today: date | None = None) -> int:
    """Bring the projections of today and of the end of last month up to the ledger; how many deals were judged.

    Everything happens in the caller's transaction: either all of it holds or nothing has changed. Two who do it
    at once cannot both commit (the version of the projection tells), and doing it again changes nothing.
    """
    today = today or shanghai_day(utcnow())
    over = today.replace(day=1) - timedelta(days=1)
    count = _bring_up(session, programme, today, is_live=True)
    if over.year == programme.year:
        count += _bring_up(session, programme, over, is_live=False)
    for kept in projections(session, programme):
        if not kept.is_live and kept.as_of != over:
            _drop(session, kept)
    return count


def rebuild(session: Session, programme: Programme, *, today: date | None = None) -> int:
    """Make the projections anew from the whole ledger; how many deals were judged."""
    for kept in projections(session, programme):
        _drop(session, kept)
    return follow(session, programme, today=today)


def projections(session: Session, programme: Programme) -> list[Projection]:
    """What is kept of a programme, today's first."""
    statement = select(Projection).where(Projection.programme_id == programme.id)
    return list(session.scalars(statement.order_by(Projection.is_live.desc(), Projection.as_of)))


def _bring_up(session: Session, programme: Programme, as_of: date, *, is_live: bool) -> int:
    """Bring one projection to a day, or make it.

    What it was judged by is read before the deals are: whatever comes in between is judged once more next time.
    """
    kept = next((each for each in projections(session, programme) if _serves(each, as_of, is_live)), None)
    frame = read_frame(session, programme)
    grounds, entry_id, judged_at = grounds_of(session, frame), newest_entry(session), utcnow()
    changed = None if kept is None else changed_deals(session, kept, grounds, as_of=as_of)
    if kept is None or changed is None:
        if kept is not None:
            _drop(session, kept)
        return _make(
            session,
            programme,
            Projection(
                programme_id=programme.id,
                is_live=is_live,
                as_of=as_of,
                grounds=grounds,
                entry_id=entry_id,
                judged_at=judged_at,
            ),
        )
    if changed or (kept.as_of, kept.entry_id, kept.grounds) != (as_of, entry_id, grounds):
        kept.as_of, kept.entry_id, kept.grounds, kept.judged_at = as_of, entry_id, grounds, judged_at
        session.flush()
        _replace(session, kept, frame, changed)
    return len(changed)


def _serves(kept: Projection, as_of: date, is_live: bool) -> bool:
    """Time does not run backwards: one that follows today never goes back to an earlier day."""
    return kept.is_live is is_live and (kept.as_of <= as_of if is_live else kept.as_of == as_of)


def _make(session: Session, programme: Programme, kept: Projection) -> int:
    session.add(kept)
    session.flush()
    sums: dict[str, Sum] = {}
    count = 0
    with uncollected():
        ids = _ids(session)
        every = ((ids[each.deal.id], each) for each in judged(recounted(session, programme, kept.as_of)))
        while portion := list(islice(every, BLOCK)):
            _put(session, kept, portion, sums)
            count += len(portion)
    _write_sums(session, kept, sums)
    return count


def _replace(session: Session, kept: Projection, frame: Frame, changed: set[int]) -> None:
    sums = kept_sums(session, kept)
    for block in blocks(changed):
        for parts in kept_parts(session, kept, block).values():
            add(sums, parts, sign=-1)
        session.execute(
            delete(ProjectedDeal).where(ProjectedDeal.projection_id == kept.id, ProjectedDeal.deal_id.in_(block))
        )
        now = judge_some(session, frame, block, kept.as_of)
        _put(session, kept, [(key, each) for key, each in now.items() if each is not None], sums)
    _write_sums(session, kept, sums)


def _put(session: Session, kept: Projection, portion: Iterable[tuple[int, Judged]], sums: dict[str, Sum]) -> None:
    rows = list(_rows(kept, portion))
    for row in rows:
        add(sums, row["parts"])
    if rows:
        session.execute(insert(ProjectedDeal), rows)


def _rows(kept: Projection, portion: Iterable[tuple[int, Judged]]) -> Iterator[dict[str, Any]]:
    for key, each in portion:
        parts = parts_of(each)
        yield {
            "projection_id": kept.id,
            "deal_id": key,
            "parts": parts,
            "figure": headline(parts),
            "due_on": each.due if kept.is_live else None,
        }


def _write_sums(session: Session, kept: Projection, sums: dict[str, Sum]) -> None:
    session.execute(delete(ProjectedSum).where(ProjectedSum.projection_id == kept.id))
    rows = [{"projection_id": kept.id, "key": key, **each._asdict()} for key, each in sorted(sums.items())]
    if rows:
        session.execute(insert(ProjectedSum), rows)


def _ids(session: Session) -> dict[str, int]:
    rows = session.execute(everyones(select(Deal.public_id, Deal.id), because=BECAUSE))
    return {row.public_id: row.id for row in rows}


def _drop(session: Session, kept: Projection) -> None:
    for table in (ProjectedDeal, ProjectedSum):
        session.execute(delete(table).where(table.projection_id == kept.id))
    session.delete(kept)
    session.flush()
