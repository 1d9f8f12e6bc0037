"""Who looks at stewardships, hands them over, and sets the thresholds."""

from __future__ import annotations

from matchmaker.accounts.models import Office, OfficeLevel, Role, User
from matchmaker.deals.models import Deal
from matchmaker.deals.obstacles import sits_in
from matchmaker.deals.stewardship.models import Stewardship
from matchmaker.web.policies import allow

_DECIDING = (Role.OFFICIAL, Role.COUNTY_OFFICER)
readers = allow(Role.ORGANISER, Role.OFFICIAL, Role.COUNTY_OFFICER, Role.AUDITOR)
stewards = allow(*_DECIDING)
rule_readers = allow(Role.OFFICIAL, Role.COUNTY_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)
rule_setters = allow(Role.OFFICIAL, Role.ADMINISTRATOR)


def may_hand_over(user: User, deal: Deal, holding: Stewardship | None) -> bool:
    """Whether somebody may put another office or officer in charge: the office in charge itself, and those above it."""
    if user.office is None or user.role not in _DECIDING:
        return False
    if holding is None:
        return sits_in(user.office, deal.buyer) or sits_in(user.office, deal.seller)
    return _is_at_or_above(user.office, holding.office)


def may_set_rules(user: User) -> bool:
    """Whether somebody may set the thresholds: officials and administrators of the province."""
    is_setter = user.role in (Role.OFFICIAL, Role.ADMINISTRATOR)
    return is_setter and user.office is not None and user.office.level is OfficeLevel.PROVINCE


def _is_at_or_above(office: Office, other: Office) -> bool:
    if office.level is OfficeLevel.PROVINCE:
        return True
    return office.id == other.id or office.region_id == other.region.parent_id
