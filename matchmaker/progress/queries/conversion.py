"""What became of a programme's intents, and the deals of a region of which nothing was heard for long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
from matchmaker.deals.following_up.models import Answer
from matchmaker.deals.following_up.queries import Word, heard_since, words_before
from matchmaker.deals.following_up.schedule import contradict
from matchmaker.deals.models import Assurance, Deal, DealStage, DealStanding
from matchmaker.deals.models import DealKind as Kind
from matchmaker.deals.recounting import Recount
from matchmaker.deals.stewardship.queries import mine
from matchmaker.enterprises.models import Enterprise
from matchmaker.progress.conversion import (
    SILENT_DAYS,
    Cohort,
    Intent,
    Waiting,
    Whole,
    cohorts_of,
    reasons_of,
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
    reasons: Mapping[str, int]
    at_odds: int


def conversion_of(session: Session, recount: Recount) -> Conversion:
    """What became of the purchases both sides confirmed, without linked duplicates and related parties."""
    as_of = recount.count.as_of
    said = _words_by_deal(words_before(session, end_of_day(as_of)))
    intents = list(_intents(recount, as_of, said))
    return Conversion(
        whole_of(intents, as_of),
        cohorts_of(intents, as_of),
        waiting_of(intents, as_of),
        reasons_of(intents, as_of),
        sum(intent.at_odds for intent in intents),
    )


def _words_by_deal(words: Sequence[Word]) -> dict[str, list[Word]]:
    """The last word of each side, by the deal."""
    last = {(word.deal, word.party): word for word in words}
    found: dict[str, list[Word]] = defaultdict(list)
    for word in last.values():
        found[word.deal].append(word)
    return found


def _intents(recount: Recount, as_of: date, said: Mapping[str, list[Word]]) -> Iterator[Intent]:
    before = end_of_day(as_of)
    for deal in recount.books.facts.deals:
        counted = recount.count.deals[deal.id]
        if deal.kind is DealKind.PURCHASE and counted.reason in _FOLLOWED:
            yield _intent(deal, before, counted.full_amount, said.get(deal.id, []))


def _intent(deal: DealFacts, before: datetime, amount: int, words: Sequence[Word]) -> Intent:
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
        news_on=shanghai_day(max([*(entry.at for entry in said), *(word.at for word in words)])),
        contracted_on=shanghai_day(min(contracts)) if contracts else None,
        withdrawn_on=shanghai_day(ended) if ended else None,
        off_for=_reason(words),
        at_odds=ended is None and not contracts and contradict(word.answer for word in words),
    )


def _reason(words: Sequence[Word]) -> str | None:
    """Why the side that said so last calls it off."""
    off = [word for word in words if word.answer is Answer.OFF]
    last = max(off, key=lambda word: word.at, default=None)
    return last.reason.value if last is not None and last.reason is not None else None


def stuck_deals(session: Session, user: User, now: datetime, *, number: int, only_own: bool = False) -> Page[Deal]:
    """Confirmed purchases of the reader's region without a contract or a word for SILENT_DAYS, the largest first.

    A word is an entry, or an answer of either side. only_own: those the reader stewards.
    """
    since = now - timedelta(days=SILENT_DAYS)
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
            DealStanding.changed_at <= since,
            ~heard_since(since),
            *([Deal.id.in_(mine(user))] if only_own else []),
        )
        .options(
            joinedload(Deal.standing),
            joinedload(Deal.buyer).joinedload(Enterprise.region),
            joinedload(Deal.seller).joinedload(Enterprise.region),
        )
        .order_by(DealStanding.amount.desc(), Deal.id)
    )
    return paginate(session, statement, number=number)
