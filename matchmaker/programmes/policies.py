"""Which roles set a programme up."""

from __future__ import annotations

from matchmaker.accounts.models import OfficeLevel, Role, User
from matchmaker.web.policies import allow

planners = allow(Role.OFFICIAL)


def may_plan(user: User) -> bool:
    """Whether somebody speaks for the province's own office, which alone sets targets and freezes months."""
    return user.role is Role.OFFICIAL and user.office is not None and user.office.level is OfficeLevel.PROVINCE
