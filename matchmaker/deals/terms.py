"""What the terms of a deal must be like, whoever says them: checked before anything is written."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from matchmaker.db import utcnow
from matchmaker.deals import queries, refusals
from matchmaker.deals.models import Deal
from matchmaker.deals.scale import LARGE, is_suspicious
from matchmaker.deals.standing import yuan_of
from matchmaker.events.models import EventState, MatchmakingEvent
from matchmaker.i18n import gettext as _
from matchmaker.money import MOST

YUAN: Final = "CNY"
CURRENCIES: Final = (YUAN, "USD", "EUR", "HKD", "JPY", "GBP", "KRW", "SGD", "AUD", "CAD", "CHF", "TWD", "RUB")
_LONGEST_TERM: Final = 1200
_RATES: Final = (Decimal("0.000001"), Decimal(10_000))
_AHEAD: Final = (EventState.OPEN, EventState.TIMETABLING, EventState.TIMETABLED)


def check_terms(deal: Deal, amount: int) -> None:
    """What a deal is about can be so: a subject, a term, a currency with its rate, an amount. Raises what is wrong."""
    if not deal.subject:
        raise refusals.SubjectMissing
    if not _is_whole(deal.months) or not 1 <= deal.months <= _LONGEST_TERM:
        raise refusals.TermOutOfRange
    if deal.currency not in CURRENCIES:
        raise refusals.UnknownCurrency(currency=deal.currency[:8])
    if (deal.currency == YUAN) != (deal.rate is None) or not _is_rate(deal.rate):
        raise refusals.RateMissing
    check_amount(amount, deal.rate)
    if deal.amount_high is not None:
        check_amount(deal.amount_high, deal.rate)
        if deal.amount_high < amount:
            raise refusals.RangeReversed
    _check_former(deal)


def _check_former(deal: Deal) -> None:
    """A renewal, and nothing else, says what a year of the cooperation it renews came to (R13)."""
    former = deal.former_amount
    if not deal.is_renewal:
        if former is not None:
            raise refusals.FormerOfNoRenewal
    elif former is None:
        raise refusals.FormerMissing
    elif not _is_whole(former) or not 0 <= former <= MOST:
        raise refusals.FormerOutOfRange


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_rate(rate: str | None) -> bool:
    """Whether a rate is a plain decimal within bounds; the absence of one is not judged here."""
    try:
        value = Decimal(1 if rate is None else rate)
    except InvalidOperation:
        return False
    return value.is_finite() and _RATES[0] <= value <= _RATES[1]


def check_amount(amount: int, rate: str | None) -> None:
    """A positive whole amount of at most 10^15, in its currency and in yuan."""
    if not _is_whole(amount) or not 0 < amount <= MOST:
        raise refusals.AmountOutOfRange
    if not 0 < yuan_of(amount, rate) <= MOST:
        raise refusals.AmountOutOfRange


def check_occasion(deal: Deal) -> None:
    """The event is running or over, and the meeting was these two firms' at that event."""
    if deal.event is not None and not _has_begun(deal.event):
        raise refusals.EventNotHeld
    if deal.meeting is None:
        return
    request = deal.meeting.request
    talked = {request.asker_id, request.asked_id}
    if talked != {deal.buyer.id, deal.seller.id} or deal.event is None or request.event_id != deal.event.id:
        raise refusals.MeetingOfOthers


def _has_begun(event: MatchmakingEvent) -> bool:
    return event.state in queries.BEGUN or (event.state in _AHEAD and event.starts_at <= utcnow())


def check_scale(deal: Deal, amount: int, *, unit_checked: bool) -> None:
    """Never take an amount of suspicious size in silence. Raises AmountLooksWrong."""
    yuan = yuan_of(amount, deal.rate)
    if unit_checked or not is_suspicious(deal, yuan):
        return
    large = yuan >= LARGE
    why = _("金额达到 10 亿元。") if large else _("金额超过其中一方上年营业收入的 3 倍。")
    raise refusals.AmountLooksWrong(why=why)


def check_reason(reason: str) -> None:
    """A reason is words. Raises ReasonMissing."""
    if not reason.strip():
        raise refusals.ReasonMissing
