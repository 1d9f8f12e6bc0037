"""Who sees which deals."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select, true

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.scopes import in_region_of, is_office, sees_everything
from matchmaker.deals.models import Deal, DealEntry, DealStanding
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import MatchmakingEvent
from matchmaker.web.visibility import scope


@scope(Deal)
def _deals(user: User | None) -> ColumnElement[bool]:
    """Both parties see a deal; so do offices where either party sits, or that ran its event."""
    if user is None or user.role is Role.ADMINISTRATOR:
        return false()
    if sees_everything(user):
        return true()
    if is_office(user) and user.office is not None:
        near = select(Enterprise.id).where(in_region_of(user, Enterprise.region_id))
        own = select(MatchmakingEvent.id).where(MatchmakingEvent.organiser_id == user.office.id)
        return or_(Deal.buyer_id.in_(near), Deal.seller_id.in_(near), Deal.event_id.in_(own))
    return or_(Deal.buyer_id == user.enterprise_id, Deal.seller_id == user.enterprise_id)


@scope(DealEntry)
def _entries(user: User | None) -> ColumnElement[bool]:
    """An entry is seen by those who see its deal."""
    return true() if sees_everything(user) else DealEntry.deal_id.in_(select(Deal.id).where(_deals(user)))


@scope(DealStanding)
def _standings(user: User | None) -> ColumnElement[bool]:
    """A standing is seen by those who see its deal."""
    return true() if sees_everything(user) else DealStanding.deal_id.in_(select(Deal.id).where(_deals(user)))
