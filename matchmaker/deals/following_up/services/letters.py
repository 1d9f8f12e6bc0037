"""The letter that asks: written when it is sent, of what is still open then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import utcnow
from matchmaker.deals.following_up import queries
from matchmaker.deals.following_up.models import FollowUp
from matchmaker.deals.following_up.services.linking import open_link
from matchmaker.deals.models import Party
from matchmaker.i18n import gettext as _
from matchmaker.matching.queries.rounds import membership_eyes
from matchmaker.matching.services import open_stop_link
from matchmaker.money import wan
from matchmaker.notices.letters import Letter, paper

LETTER: Final = "follow-ups"


@dataclass(frozen=True, slots=True)
class Line:
    """One question in words, with the address at which it is answered."""

    number: str
    subject: str
    other: str
    amount: str
    days: int
    url: str


def write_letter(session: Session, payload: dict[str, Any], *, secret: str, public_url: str) -> Letter | None:
    """The letter for a membership about what it was asked, or None when nothing of it is open now."""
    membership_id, now = payload["membership"], utcnow()
    user = membership_eyes(session, membership_id, now=now)
    if user is None or not user.email or user.mail_stopped_at is not None:
        return None
    follow_ups = queries.open_among(session, payload["follow_ups"])
    if not follow_ups:
        return None

    def line(follow_up: FollowUp) -> Line:
        token = open_link(session, follow_up=follow_up, membership_id=membership_id, now=now, secret=secret)
        return _line(follow_up, f"{public_url}/deals/follow-up/{token}", now)

    stop = open_stop_link(session, membership_id=membership_id, watch=None, secret=secret)
    return _letter(user, [line(each) for each in follow_ups], stop_url=f"{public_url}/alerts/out/{stop}")


def _line(follow_up: FollowUp, url: str, now: datetime) -> Line:
    deal = follow_up.deal
    other = deal.seller if follow_up.party is Party.BUYER else deal.buyer
    days = (now - (deal.standing.confirmed_at or now)).days
    return Line(deal.number, deal.subject, other.name, wan(deal.standing.amount), days, url)


def _letter(user: User, lines: list[Line], *, stop_url: str) -> Letter:
    one = len(lines) == 1
    subject = (
        _("供应链对接：意向 %(number)s 进展如何？", number=lines[0].number)
        if one
        else _("供应链对接：%(count)s 笔意向进展如何？", count=len(lines))
    )
    words = {"subject": subject, "lines": lines, "stop_url": stop_url}
    return Letter(
        to=user.email or "",
        subject=subject,
        text=paper(autoescape=False).get_template("deals/follow_up_letter_text.html").render(words),
        html=paper(autoescape=True).get_template("deals/follow_up_letter.html").render(words),
        stop_url=stop_url,
    )
