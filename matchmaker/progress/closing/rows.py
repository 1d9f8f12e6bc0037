"""The rows behind the figures of a month that closes, as far as their reader may see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.deals.models import Deal, DealEntry, EntryType
from matchmaker.deals.recounting import Recount
from matchmaker.progress.closing.checklist import own_months
from matchmaker.progress.closing.reckoning import differences
from matchmaker.progress.closing.statements import Cause, Correction, Statement, late_in
from matchmaker.progress.queries.rows import Opened, page_of, seen_among, visible_deals
from matchmaker.web.pagination import Page
from matchmaker.web.visibility import everyones

# By cause, the entries of which the last one made the difference; edits of firms and events leave none.
_SAID = {
    Cause.WITHDRAWN: (EntryType.WITHDRAW,),
    Cause.AMENDED: (EntryType.DECLARE, EntryType.CONFIRM, EntryType.AMEND),
    Cause.DISPUTED: (EntryType.DISPUTE,),
    Cause.DUPLICATE: (EntryType.MERGE,),
    Cause.HELD: (EntryType.DECLARE, EntryType.CONFIRM, EntryType.AMEND),
    Cause.RETURNED: (EntryType.CONFIRM, EntryType.RESOLVE, EntryType.VERIFY, EntryType.UNMERGE),
}


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A reversing line with its deal, and when it became so, where an entry says."""

    deal: Deal
    line: Correction
    at: datetime | None


@dataclass(frozen=True, slots=True)
class LateRow:
    """A late deal with what it brings to the month that took it in, and the month it belongs to."""

    deal: Deal
    amount: int
    own: str


def opened_corrections(
    session: Session, user: User, lines: Sequence[Correction], *, until: datetime, number: int
) -> Opened[CorrectionRow]:
    """One page of reversing lines as they stood at a moment; their total is told to every reader anyway."""
    seen = seen_among(session, user, lines, lambda line: line.deal)
    page = page_of(seen, number)
    rows = all_corrections(session, user, page.rows, until=until)
    return Opened(
        page=Page(rows, page.number, page.size, page.total),
        figure=differences(lines),
        count=len(lines),
        seen_figure=differences(seen),
        hidden=len(lines) - len(seen),
    )


def all_corrections(
    session: Session, user: User, lines: Sequence[Correction], *, until: datetime
) -> list[CorrectionRow]:
    """These lines as far as their deals are visible."""
    deals = visible_deals(session, user, {line.deal for line in lines})
    moments = _moments(session, {deal.id for deal in deals.values()}, until)
    return [
        CorrectionRow(deals[line.deal], line, _last(moments, deals[line.deal].id, line.cause))
        for line in lines
        if line.deal in deals
    ]


def opened_late(
    session: Session, user: User, month: str, said: Statement, recount: Recount, *, number: int
) -> Opened[LateRow]:
    """One page of the deals a month took in late, the largest first."""
    late = late_in(month, said)
    seen = seen_among(session, user, late, str)
    page = page_of(seen, number)
    deals, own = visible_deals(session, user, page.rows), own_months(recount, set(page.rows))
    rows = [LateRow(deals[key], said[key].amount, own.get(key, "")) for key in page.rows if key in deals]
    return Opened(
        page=Page(rows, page.number, page.size, page.total),
        figure=sum(said[key].amount for key in late),
        count=len(late),
        seen_figure=sum(said[key].amount for key in seen),
        hidden=len(late) - len(seen),
    )


def _moments(session: Session, deal_ids: Collection[int], until: datetime) -> dict[tuple[int, EntryType], datetime]:
    """When each thing was last said of each of these deals, up to a moment."""
    statement = (
        select(DealEntry.deal_id, DealEntry.type, DealEntry.at)
        .where(DealEntry.deal_id.in_(deal_ids), DealEntry.at <= until)
        .order_by(DealEntry.id)
    )
    rows = session.execute(everyones(statement, because="the deals were found visible"))
    return {(row.deal_id, row.type): row.at for row in rows}


def _last(moments: dict[tuple[int, EntryType], datetime], deal_id: int, cause: Cause) -> datetime | None:
    found = [moments[deal_id, said] for said in _SAID.get(cause, ()) if (deal_id, said) in moments]
    return max(found, default=None)
