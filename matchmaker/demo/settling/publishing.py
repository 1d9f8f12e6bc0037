"""The frozen months as they were published at the time: counted from what the ledger held then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from msgspec import structs
from sqlalchemy import func, select

from matchmaker.audit import GENESIS
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.counting import Facts
from matchmaker.deals.models import DealEntry
from matchmaker.deals.recounting import recounted
from matchmaker.deals.recounting.books import Books, recount_of
from matchmaker.demo.settling.rows import Rows
from matchmaker.programmes.models import Programme
from matchmaker.programmes.queries import frozen_months
from matchmaker.progress.closing import queries, services
from matchmaker.progress.closing.statements import withdrawals_of


def settle_published(rows: Rows, data_dir: Path | None) -> None:
    """Keep the snapshot of every frozen month, and issue its files where there is a directory for them."""
    session = rows.session
    programme = session.get_one(Programme, rows.of("programme", "year"))
    books = recounted(session, programme, shanghai_day(utcnow())).books
    for period in frozen_months(session, programme):
        if period.frozen_at is None:
            continue
        found = recount_of(
            Books(_known(books.facts, period.frozen_at), books.stages, books.renewals), shanghai_day(period.frozen_at)
        )
        snapshot = services.keep_snapshot(
            session,
            programme=programme,
            period=period,
            count=found.count,
            withdrawals=withdrawals_of(found.count, found.books.facts.deals),
            head=_head(rows, period.frozen_at),
        )
        if data_dir is not None:
            reckoning = queries.reckoning_of(session, period.month, queries.snapshots_of(session, programme), found)
            services.issue(session, snapshot=snapshot, count=found.count, reckoning=reckoning, data_dir=data_dir)


def _known(facts: Facts, moment: datetime) -> Facts:
    """The facts without whatever was said later."""
    deals = [structs.replace(deal, entries=[each for each in deal.entries if each.at < moment]) for deal in facts.deals]
    return replace(facts, deals=[deal for deal in deals if deal.entries])


def _head(rows: Rows, moment: datetime) -> tuple[int, str]:
    """How many entries the ledger held then, and the last seal; they are sealed in the order of their moments."""
    known = select(func.count()).select_from(DealEntry).where(DealEntry.at < moment)
    last = select(DealEntry.seal).where(DealEntry.at < moment).order_by(DealEntry.id.desc()).limit(1)
    return rows.session.scalar(known) or 0, rows.session.scalar(last) or GENESIS
