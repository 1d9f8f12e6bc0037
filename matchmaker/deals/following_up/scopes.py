"""Who sees what a side was asked and answered: itself and the offices that see the deal, not the other side."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from matchmaker.accounts.models import User
from matchmaker.accounts.scopes import is_office, sees_everything
from matchmaker.deals import scopes as _deals  # noqa: F401 -- registers who sees the deals
from matchmaker.deals.following_up.models import FollowUp, FollowUpAnswer, FollowUpLink
from matchmaker.deals.models import Deal, Party
from matchmaker.web.visibility import may_see, scope


@scope(FollowUp)
def _follow_ups(user: User | None) -> ColumnElement[bool]:
    if user is None:
        return false()
    if sees_everything(user):
        return true()
    if is_office(user):
        return FollowUp.deal_id.in_(select(Deal.id).where(may_see(Deal, user)))
    bought = select(Deal.id).where(Deal.buyer_id == user.enterprise_id)
    sold = select(Deal.id).where(Deal.seller_id == user.enterprise_id)
    return or_(
        and_(FollowUp.party == Party.BUYER, FollowUp.deal_id.in_(bought)),
        and_(FollowUp.party == Party.SELLER, FollowUp.deal_id.in_(sold)),
    )


@scope(FollowUpAnswer)
def _answers(user: User | None) -> ColumnElement[bool]:
    """An answer is seen by those who see its question."""
    return FollowUpAnswer.follow_up_id.in_(select(FollowUp.id).where(_follow_ups(user)))


@scope(FollowUpLink)
def _links(user: User | None) -> ColumnElement[bool]:
    """A link is opened by its token alone."""
    return false()
