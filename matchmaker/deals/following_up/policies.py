"""Who answers, and who asks out of turn."""

from __future__ import annotations

from matchmaker.accounts.models import Role, User
from matchmaker.deals.models import Deal
from matchmaker.deals.obstacles import sits_in
from matchmaker.web.policies import allow

_ASKING = (Role.OFFICIAL, Role.COUNTY_OFFICER)
answerers = allow(Role.ENTERPRISE)
askers = allow(*_ASKING)


def may_ask(user: User, deal: Deal) -> bool:
    """Whether somebody may have both sides asked now: an officer of a party's region."""
    if user.office is None or user.role not in _ASKING:
        return False
    return sits_in(user.office, deal.buyer) or sits_in(user.office, deal.seller)
