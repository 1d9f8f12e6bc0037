"""A day's sheet for a page: from the projection and what happened since, or from the whole ledger."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from heapq import nlargest

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.recounting import Frame, attended, judge_some, read_frame, recounted
from matchmaker.deals.recounting.memory import memory_for, snapshot
from matchmaker.programmes.models import Programme
from matchmaker.progress.models import ProjectedDeal, ProjectedSum, Projection
from matchmaker.progress.projection.grounds import blocks, changed_deals, grounds_of
from matchmaker.progress.projection.sheets import LARGEST, Sheet, Sum, add, headline, parts_of, sheet_of

MOST_LAID_OVER = 2_000  # deals judged within a request


def sheet_for(session: Session, programme: Programme, as_of: date) -> Sheet:
    """The sheet of a programme as of the end of a day, exact to this moment, whichever way is quicker."""
    return find_sheet(session, programme, as_of) or _counted(session, programme, as_of)


def _counted(session: Session, programme: Programme, as_of: date) -> Sheet:
    recount = recounted(session, programme, as_of)
    place = ("sheet", programme.id, as_of)
    return memory_for(session).recall(place, (recount,), lambda: sheet_of(recount))


def find_sheet(session: Session, programme: Programme, as_of: date) -> Sheet | None:
    """The sheet from the projection of that day; None where there is none, or too much happened since."""
    with snapshot(session) as reader:
        kept = find_projection(reader, programme, as_of)
        if kept is None:
            return None
        frame = read_frame(reader, programme)
        changed = changed_deals(reader, kept, grounds_of(reader, frame), as_of=as_of)
        if changed is None or len(changed) > MOST_LAID_OVER:
            return None
        sums = kept_sums(reader, kept)
        figures = _largest(reader, kept, but_for=changed)
        if changed:
            figures += _lay_over(reader, kept, frame, changed, as_of, sums)
        return Sheet(as_of, attended(reader, frame, as_of), sums, nlargest(LARGEST, filter(None, figures)))


def find_projection(session: Session, programme: Programme, as_of: date) -> Projection | None:
    """The projection of that very day, or the one that follows today and was last judged on that day or before."""
    statement = select(Projection).where(Projection.programme_id == programme.id)
    over = session.scalar(statement.where(Projection.is_live.is_(False), Projection.as_of == as_of))
    if over is not None or as_of < _today():
        return over
    return session.scalar(statement.where(Projection.is_live.is_(True), Projection.as_of <= as_of))


def kept_sums(session: Session, kept: Projection) -> dict[str, Sum]:
    """The sums as they are kept."""
    rows = session.execute(
        select(ProjectedSum.key, ProjectedSum.amount, ProjectedSum.deals).where(ProjectedSum.projection_id == kept.id)
    )
    return {row.key: Sum(row.amount, row.deals) for row in rows}


def kept_parts(session: Session, kept: Projection, ids: Collection[int]) -> dict[int, Mapping[str, int]]:
    """What these deals brought to the sums when they were last judged."""
    return {
        row.deal_id: row.parts
        for block in blocks(ids)
        for row in session.execute(
            select(ProjectedDeal.deal_id, ProjectedDeal.parts).where(
                ProjectedDeal.projection_id == kept.id, ProjectedDeal.deal_id.in_(block)
            )
        )
    }


def _largest(session: Session, kept: Projection, *, but_for: set[int]) -> list[int]:
    """The largest figures kept: as many as are asked for, although some of them may have changed."""
    statement = (
        select(ProjectedDeal.deal_id, ProjectedDeal.figure)
        .where(ProjectedDeal.projection_id == kept.id)
        .order_by(ProjectedDeal.figure.desc())
        .limit(LARGEST + len(but_for))
    )
    return [row.figure for row in session.execute(statement) if row.deal_id not in but_for]


def _lay_over(
    session: Session, kept: Projection, frame: Frame, changed: set[int], as_of: date, sums: dict[str, Sum]
) -> list[int]:
    """Replace the changed deals' parts in the sums, and give back what these deals count for now."""
    for parts in kept_parts(session, kept, changed).values():
        add(sums, parts, sign=-1)
    now = [parts_of(each) for each in judge_some(session, frame, changed, as_of).values() if each is not None]
    for parts in now:
        add(sums, parts)
    return [headline(parts) for parts in now]


def _today() -> date:
    return shanghai_day(utcnow())
