"""Who sees that two deals were found alike."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, select, true

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.scopes import sees_everything
from matchmaker.deals import scopes as _deals  # noqa: F401 -- whoever sees a pair sees its deals
from matchmaker.deals.duplicates.models import DealLikeness
from matchmaker.deals.models import Deal
from matchmaker.web.visibility import may_see, scope

_READERS = (Role.OFFICIAL, Role.COUNTY_OFFICER, Role.AUDITOR)


@scope(DealLikeness)
def _likenesses(user: User | None) -> ColumnElement[bool]:
    """Offices that decide or check, of deals they see both of."""
    if user is None or user.role not in _READERS:
        return false()
    if sees_everything(user):
        return true()
    seen = select(Deal.id).where(may_see(Deal, user))
    return DealLikeness.first_id.in_(seen) & DealLikeness.second_id.in_(seen)
