"""What became of a programme's intents, and the deals of a region of which nothing was heard for long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import User
from matchmaker.accounts.scopes import in_region_of
from matchmaker.db import shanghai_day
from matchmaker.deals import counting
from matchmaker.deals.counting import DealFacts, DealKind, DealReason, EntryType
from matchmaker.deals.counting.months import end_of_day
from matchmaker.deals.models import Assurance, Deal, DealStage, DealStanding
from matchmaker.deals.models import DealKind as Kind
from matchmaker.deals.recounting import Recount
from matchmaker.enterprises.models import Enterprise
from matchmaker.progress.conversion import (
    SILENT_DAYS,
    Cohort,
    Intent,
    Waiting,
    Whole,
    cohorts_of,
    waiting_of,
    whole_of,
)
from matchmaker.web.pagination import Page, paginate
from matchmaker.web.visibility import visible

_FOLLOWED = (DealReason.COUNTED, DealReason.HELD, DealReason.DISPUTED, DealReason.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Conversion:
    """Everything the page on conversion says of a programme as of a day."""

    whole: Whole
    cohorts: list[Cohort]
    waiting: Waiting | None


def conversion_of(recount: Recount) -> Conversion:
    """What became of the purchases both sides confirmed, without linked duplicates and related parties."""
    as_of = recount.count.as_of
    intents = list(_intents(recount, as_of))
    return Conversion(whole_of(intents, as_of), cohorts_of(intents, as_of), waiting_of(intents, as_of))


def _intents(recount: Recount, as_of: date) -> Iterator[Intent]:
    before = end_of_day(as_of)
    for deal in recount.books.facts.deals:
        counted = recount.count.deals[deal.id]
        if deal.kind is DealKind.PURCHASE and counted.reason in _FOLLOWED:
            yield _intent(deal, before, counted.full_amount)


def _intent(deal: DealFacts, before: datetime, amount: int) -> Intent:
    standing = counting.standing(deal, before)
    if standing.agreed_at is None:
        raise ValueError("a deal that is confirmed was confirmed at some moment")
    ended = standing.withdrawn_at
    said = [entry for entry in deal.entries if entry.at < before and (ended is None or entry.at <= ended)]
    contracts = [entry.at for entry in said if entry.type in (EntryType.CONTRACT, EntryType.DELIVER)]
    return Intent(
        id=deal.id,
        amount=amount,
        agreed_on=shanghai_day(standing.agreed_at),
        news_on=shanghai_day(max(entry.at for entry in said)),
        contracted_on=shanghai_day(min(contracts)) if contracts else None,
        withdrawn_on=shanghai_day(ended) if ended else None,
    )


def stuck_deals(session: Session, user: User, now: datetime, *, number: int) -> Page[Deal]:
    """Confirmed purchases of the reader's region without a contract or a word for SILENT_DAYS, the largest first."""
    near = select(Enterprise.id).where(in_region_of(user, Enterprise.region_id))
    statement = (
        visible(Deal, user)
        .join(DealStanding)
        .where(
            or_(Deal.buyer_id.in_(near), Deal.seller_id.in_(near)),
            Deal.kind == Kind.PURCHASE,
            Deal.duplicate_of_id.is_(None),
            DealStanding.stage == DealStage.INTENT,
            DealStanding.assurance != Assurance.DECLARED,
            DealStanding.changed_at <= now - timedelta(days=SILENT_DAYS),
        )
        .options(
            joinedload(Deal.standing),
            joinedload(Deal.buyer).joinedload(Enterprise.region),
            joinedload(Deal.seller).joinedload(Enterprise.region),
        )
        .order_by(DealStanding.amount.desc(), Deal.id)
    )
    return paginate(session, statement, number=number)
