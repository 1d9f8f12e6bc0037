"""One deal on its page: its facts, its three axes and its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import offices
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import wording
from matchmaker.deals.duplicates import queries as duplicates
from matchmaker.deals.following_up import policies as following_policies
from matchmaker.deals.following_up import queries as following_up
from matchmaker.deals.following_up import wording as following_words
from matchmaker.deals.fulfilment import goes_beyond
from matchmaker.deals.judging import counted_answer
from matchmaker.deals.models import Deal, DealEntry, DealKind, DealStage, EntryType, Party
from matchmaker.deals.obstacles import open_steps, party_of
from matchmaker.deals.standing import contract_amount, delivered_amount, newest_amount
from matchmaker.deals.stewardship import policies as steward_policies
from matchmaker.deals.stewardship import queries as stewardship
from matchmaker.deals.stewardship import wording as steward_words
from matchmaker.money import wan
from matchmaker.web.formats import moment

_ON_THE_WAY = (DealStage.INTENT, DealStage.CONTRACT, DealStage.DELIVERING, DealStage.DELIVERED)


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry as the history shows it."""

    at: str
    what: str
    who: str
    note: str


def deal_page(session: Session, user: User, deal: Deal) -> str:
    """The page of one deal for one reader."""
    stage = deal.standing.stage
    return render_template(
        "deals/show.html",
        deal=deal,
        party=party_of(deal, user),
        steps=[step.value for step in open_steps(deal, user)],
        history=_history(session, deal),
        answer=counted_answer(session, deal, shanghai_day(utcnow())),
        stages=[wording.STAGES[each] for each in _ON_THE_WAY],
        reached=_ON_THE_WAY.index(stage) if stage in _ON_THE_WAY else None,
        newest=newest_amount(deal.entries),
        contract=contract_amount(deal.entries),
        delivered=delivered_amount(deal.entries),
        is_beyond=goes_beyond(contract_amount(deal.entries), delivered_amount(deal.entries)),
        merged=duplicates.merged_into(session, user, deal),
        repeated=duplicates.is_waiting(session, user, deal),
        wording=wording,
        follow=_followed(session, user, deal),
        stewarded=_stewarded(session, user, deal),
    )


def _followed(session: Session, user: User, deal: Deal) -> dict[str, Any]:
    """What the sides were asked and said, as far as this reader may know."""
    asked = following_up.follow_ups_of(session, user, deal)
    is_open = deal.standing.stage is DealStage.INTENT
    is_office = user.office is not None
    latest = following_up.last_answers(session, user, [deal]).get(deal.id, {}) if is_office else {}
    return {
        "follow_ups": asked,
        "at_odds": is_open and following_up.are_at_odds(latest),
        "may_answer": bool(asked) and is_open and not is_office,
        "may_ask": is_open and deal.standing.confirmed_at is not None and following_policies.may_ask(user, deal),
        "words": following_words,
    }


def _stewarded(session: Session, user: User, deal: Deal) -> dict[str, Any]:
    """Who is in charge of the deal, and for an office who was."""
    holding = stewardship.holding(session, deal)
    history = [
        Happening(moment(row.starts_at), steward_words.happened(row), row.actor.name if row.actor else "", row.why)
        for row in stewardship.history_of(session, user, deal)
    ]
    is_agreed = deal.kind is DealKind.PURCHASE and deal.standing.confirmed_at is not None
    return {
        "holding": holding,
        "history": history,
        "may_hand_over": is_agreed and steward_policies.may_hand_over(user, deal, holding),
        "words": steward_words,
    }


def _history(session: Session, deal: Deal) -> list[Happening]:
    """Newest first, as histories are read."""
    names = {office.id: office.name for office in offices(session)} if _by_offices(deal) else {}
    return [
        Happening(moment(entry.at), _what(deal, entry), _who(deal, entry, names), entry.note)
        for entry in reversed(deal.entries)
    ]


def _by_offices(deal: Deal) -> bool:
    return any(entry.office_id is not None for entry in deal.entries)


def _what(deal: Deal, entry: DealEntry) -> str:
    words = str(wording.ENTRIES[entry.type])
    if entry.other is not None:
        return f"{words} {entry.other.number}"
    if entry.amount is None:
        return words
    return f"{words} {in_its_currency(deal, entry.amount)}"


def _who(deal: Deal, entry: DealEntry, names: dict[int, str]) -> str:
    party = str(wording.PARTIES[entry.party])
    if entry.party is Party.OFFICE:
        return names.get(entry.office_id or 0, party)
    firm = deal.buyer if entry.party is Party.BUYER else deal.seller
    return f"{party}·{firm.display_name}"


def in_its_currency(deal: Deal, amount: int) -> str:
    """An amount of an entry as people read it: 3,000 万元, or 1,000,000 USD."""
    return f"{wan(amount)} 万元" if deal.rate is None else f"{amount:,d} {deal.currency}"


def last_stated(deal: Deal) -> DealEntry:
    """The entry that put the newest amount forward."""
    return next(entry for entry in reversed(deal.entries) if entry.type in (EntryType.DECLARE, EntryType.AMEND))
