"""What came after the intents: who stewards which deal, and what the sides answered when they were asked."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from matchmaker.accounts.models import OfficeLevel
from matchmaker.db import shanghai_day
from matchmaker.deals.following_up.models import Answer, FollowUp, FollowUpAnswer, OffReason
from matchmaker.deals.following_up.schedule import STEPS, start_of
from matchmaker.deals.models import Assurance, Deal, DealKind, DealStage, DealStanding, Party
from matchmaker.deals.stewardship.levels import Thresholds, level_of
from matchmaker.deals.stewardship.models import Stewardship
from matchmaker.demo import stories
from matchmaker.demo.offices import PROVINCE_OFFICE
from matchmaker.demo.records import Province
from matchmaker.demo.settling.rows import Rows
from matchmaker.enterprises.models import Enterprise
from matchmaker.regions.models import Region, RegionLevel

_ANSWERS = 0.55  # of those asked
_OFF = 0.3  # of the answers
_OTHERWISE = 0.06  # of the second sides say another thing than the first


class _Agreed(NamedTuple):
    """A deal both sides confirmed, as far as what follows depends on it."""

    id: int
    kind: DealKind
    duplicate_of: int | None
    buyer: int
    seller: int
    place: int
    amount: int
    stage: DealStage
    is_disputed: bool
    confirmed_at: datetime


def settle_aftermath(rows: Rows, province: Province) -> None:
    """Write the stewards and the follow-ups of the deals both sides confirmed."""
    agreed, places = _agreed(rows), _places(rows)
    rows.add(Stewardship, [row for deal in agreed if (row := _stewardship(rows, deal, places))])
    rng, today = random.Random(f"{province.seed}/aftermath"), start_of(province.today)
    silent = rows.of("enterprise", stories.MOULD_MAKER_CODE)
    asked = [row for deal in agreed for row in _questions(rows, deal, today)]
    rows.add(FollowUp, [question for _deal, question in asked])
    rows.add(FollowUpAnswer, list(_answers(rng, rows, asked, today, silent)))


def _agreed(rows: Rows) -> list[_Agreed]:
    buyer, seller, place = aliased(Enterprise), aliased(Enterprise), aliased(Region)
    statement = (
        select(
            Deal.id, Deal.kind, Deal.duplicate_of_id, Deal.buyer_id, Deal.seller_id, buyer.region_id, seller.region_id,
            place.level, DealStanding.amount, DealStanding.stage, DealStanding.is_disputed, DealStanding.confirmed_at,
        )
        .join(DealStanding, DealStanding.deal_id == Deal.id)
        .join(buyer, buyer.id == Deal.buyer_id)
        .join(seller, seller.id == Deal.seller_id)
        .join(place, place.id == buyer.region_id)
        .where(DealStanding.assurance != Assurance.DECLARED, DealStanding.stage != DealStage.WITHDRAWN)
        .order_by(Deal.id)
    )  # fmt: skip
    return [
        _Agreed._make([*row[:5], row[6] if row[7] is RegionLevel.OUTSIDE else row[5], *row[8:]])
        for row in rows.session.execute(statement)
    ]


def _places(rows: Rows) -> dict[int, tuple[str, RegionLevel, str]]:
    """By the id of a place its code, its level and the code of what it lies in."""
    above = aliased(Region)
    statement = select(Region.id, Region.code, Region.level, above.code).outerjoin(above, above.id == Region.parent_id)
    return {key: (code, level, parent or "") for key, code, level, parent in rows.session.execute(statement)}


def _stewardship(rows: Rows, deal: _Agreed, places: dict[int, tuple[str, RegionLevel, str]]) -> dict[str, Any] | None:
    level = level_of(deal.amount, Thresholds()) if deal.kind is DealKind.PURCHASE else None
    if level is None:
        return None
    code, place, above = places[deal.place]
    prefecture = code if place is RegionLevel.PREFECTURE else above
    office = {OfficeLevel.PROVINCE: PROVINCE_OFFICE, OfficeLevel.PREFECTURE: prefecture, OfficeLevel.COUNTY: code}
    is_inside = place in (RegionLevel.PREFECTURE, RegionLevel.COUNTY)
    return {
        "id": rows.key(Stewardship),
        "public_id": rows.address(),
        "deal_id": deal.id,
        "number": 1,
        "level": level,
        "office_id": rows.of("office", office[level] if is_inside else PROVINCE_OFFICE),
        "amount": deal.amount,
        "why": "",
        "starts_at": deal.confirmed_at,
    }


def _questions(rows: Rows, deal: _Agreed, today: datetime) -> Iterator[tuple[_Agreed, dict[str, Any]]]:
    """Both sides of an intent were asked for the last step it reached."""
    confirmed = shanghai_day(deal.confirmed_at)
    step = max((days for days in STEPS if start_of(confirmed + timedelta(days=days)) < today), default=None)
    if step is None or deal.stage is not DealStage.INTENT or deal.is_disputed or deal.duplicate_of is not None:
        return
    due_on = confirmed + timedelta(days=step)
    for party in (Party.BUYER, Party.SELLER):
        yield (
            deal,
            {
                "id": rows.key(FollowUp),
                "public_id": rows.address(),
                "deal_id": deal.id,
                "party": party,
                "day": step,
                "due_on": due_on,
                "asked_at": start_of(due_on) + timedelta(hours=3),
                "told_at": start_of(due_on) + timedelta(hours=3),
                "version": 1,
            },
        )


def _answers(
    rng: random.Random,
    rows: Rows,
    asked: Sequence[tuple[_Agreed, dict[str, Any]]],
    today: datetime,
    silent: int,
) -> Iterator[dict[str, Any]]:
    """What the sides said; those of one deal mostly the same, those of the demo's own firm nothing yet."""
    said: dict[int, Answer] = {}
    for deal, question in asked:
        firm = deal.buyer if question["party"] is Party.BUYER else deal.seller
        at = question["asked_at"] + timedelta(days=rng.randint(0, 9), hours=rng.randint(6, 14))
        answer = Answer.OFF if rng.random() < _OFF else Answer.TALKING
        is_silent = rng.random() >= _ANSWERS
        if deal.id in said and rng.random() >= _OTHERWISE:
            answer = said[deal.id]
        reason = rng.choice(list(OffReason))
        if is_silent or at >= today or firm == silent:
            continue
        said[deal.id] = answer
        yield {
            "id": rows.key(FollowUpAnswer),
            "public_id": rows.address(),
            "follow_up_id": question["id"],
            "number": 1,
            "answer": answer,
            "reason": reason if answer is Answer.OFF else None,
            "by_link": rng.random() < 0.6,  # noqa: PLR2004 -- most answer from their mail
            "at": at,
        }
