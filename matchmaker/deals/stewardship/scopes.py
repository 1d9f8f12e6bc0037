"""Who sees who stewards a deal: the offices that see the deal; a firm is told by its own page who to turn to."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, select, true

from matchmaker.accounts.models import User
from matchmaker.accounts.scopes import is_office, sees_everything
from matchmaker.deals import scopes as _deals  # noqa: F401 -- registers who sees the deals
from matchmaker.deals.models import Deal
from matchmaker.deals.stewardship.models import Stewardship
from matchmaker.web.visibility import may_see, scope


@scope(Stewardship)
def _stewardships(user: User | None) -> ColumnElement[bool]:
    if not is_office(user):
        return false()
    return true() if sees_everything(user) else Stewardship.deal_id.in_(select(Deal.id).where(may_see(Deal, user)))
