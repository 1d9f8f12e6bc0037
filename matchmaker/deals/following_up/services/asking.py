"""Sides are asked when it is time, or out of turn by an officer; firms are told of it once a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.following_up import policies, queries, refusals
from matchmaker.deals.following_up.models import FollowUp
from matchmaker.deals.following_up.schedule import mail_from
from matchmaker.deals.following_up.services.letters import LETTER
from matchmaker.deals.models import Assurance, Deal, DealStage, Party
from matchmaker.deals.refusals import OutOfRegion
from matchmaker.i18n import gettext as _
from matchmaker.notices.delivering import MAIL
from matchmaker.notices.services import post, tell

_SIDES: Final = (Party.BUYER, Party.SELLER)
_NAMED: Final = 5  # numbers of deals a notice names


def ask_due(session: Session, *, now: datetime, limit: int) -> int:
    """Ask both sides of the intents that reached a step, and return how many intents that were.

    Done twice it asks nobody twice; an intent is asked only for the last step it has reached.
    """
    found = queries.deals_to_ask(session, shanghai_day(now), limit=limit)
    for deal, days in found:
        for party in _SIDES:
            session.add(_question(deal, party, days, now))
    session.flush()
    return len(found)


def ask_again(session: Session, *, deal: Deal, actor: User) -> list[FollowUp]:
    """Ask both sides of an intent today, though it is not their turn; they are told with the next round.

    Raises OutOfRegion, NothingToFollow, and AskedToday when both were asked today already.
    """
    if not policies.may_ask(actor, deal):
        raise OutOfRegion
    if not _is_followed(deal):
        raise refusals.NothingToFollow
    now = utcnow()
    days = _days(deal, now)
    asked = queries.parties_asked_on(session, deal, days)
    fresh = [_question(deal, party, days, now, asked_by=actor) for party in _SIDES if party not in asked]
    if not fresh:
        raise refusals.AskedToday
    session.add_all(fresh)
    session.flush()
    record(session, actor=actor, action="follow-up asked", subject=deal, detail={"day": days})
    return fresh


def tell_firms(session: Session, *, now: datetime, limit: int, has_mail: bool) -> int:
    """Leave each firm one notice, and each of its people who want mail one letter, of all it was newly asked.

    Returns how many firms were looked at; nobody is told twice on a day.
    """
    today = shanghai_day(now)
    firms = queries.firms_to_tell(session, today, limit=limit)
    asked = queries.untold(session, firms)
    waiting = _still_waiting(session, asked.values())
    for firm, follow_ups in asked.items():
        _tell(session, firm, [each for each in follow_ups if each.id in waiting])
        for each in follow_ups:
            each.told_at = now
    if has_mail:
        for membership in queries.people_to_write(session, firms, today):
            ids = [each.id for each in asked[membership.enterprise_id or 0] if each.id in waiting]
            if ids:
                payload = {"letter": LETTER, "membership": membership.id, "follow_ups": ids}
                message = post(session, kind=MAIL, dedup=f"{LETTER}:{membership.id}:{today}", payload=payload)
                message.not_before = mail_from(today)
    session.flush()
    return len(firms)


def _still_waiting(session: Session, asked: Iterable[list[FollowUp]]) -> set[int]:
    ids = [each.id for group in asked for each in group]
    return {each.id for each in queries.open_among(session, ids)}


def _tell(session: Session, firm: int, waiting: list[FollowUp]) -> None:
    """One notice; of one question it leads to that, of more to their list."""
    if not waiting:
        return
    first, named = waiting[0].deal, _("、").join(each.deal.number for each in waiting[:_NAMED])
    if len(waiting) == 1:
        title = _("意向 %(number)s 进展如何？点一下即可答复", number=first.number)
        path, body = f"/deals/{first.public_id}/follow-up", first.subject
    else:
        title = _("%(count)s 笔意向进展如何？每笔点一下即可答复", count=len(waiting))
        path, body = "/deals/follow-ups", named if len(waiting) <= _NAMED else _("%(named)s 等", named=named)
    tell(session, title=title, body=body, path=path, enterprise_id=firm)


def _question(deal: Deal, party: Party, days: int, now: datetime, *, asked_by: User | None = None) -> FollowUp:
    due_on = shanghai_day(_confirmed_at(deal)) + timedelta(days=days)
    return FollowUp(deal=deal, party=party, day=days, due_on=due_on, asked_at=now, asked_by=asked_by)


def _is_followed(deal: Deal) -> bool:
    standing = deal.standing
    is_agreed = standing.assurance is not Assurance.DECLARED and standing.confirmed_at is not None
    is_open = standing.stage is DealStage.INTENT and not standing.is_disputed
    return is_agreed and is_open and deal.duplicate_of_id is None


def _days(deal: Deal, now: datetime) -> int:
    return (shanghai_day(now) - shanghai_day(_confirmed_at(deal))).days


def _confirmed_at(deal: Deal) -> datetime:
    if deal.standing.confirmed_at is None:
        raise ValueError("only what both sides confirmed is followed up")
    return deal.standing.confirmed_at
