"""Which roles read the totals: offices and auditors, never a firm."""

from __future__ import annotations

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.scopes import sees_everything
from matchmaker.web.policies import allow

readers = allow(Role.ORGANISER, Role.OFFICIAL, Role.COUNTY_OFFICER, Role.AUDITOR)
recounters = allow(Role.OFFICIAL, Role.AUDITOR)


def may_recount(user: User) -> bool:
    """Whether somebody may take all the facts home: they already see every row."""
    return sees_everything(user)
