"""Who may answer a suggestion, and watch for new ones."""

from __future__ import annotations

from matchmaker.accounts.models import Role, User
from matchmaker.enterprises.models import Capability, Need
from matchmaker.matching.models import MatchRun


def may_answer(user: User, run: MatchRun) -> bool:
    """Only the firm the list was made for says what it thinks of it."""
    return user.role is Role.ENTERPRISE and user.enterprise_id == run.enterprise_id


def may_watch(user: User, line: Need | Capability) -> bool:
    """Whom a firm's line is suggested is that firm's to know."""
    return user.role is Role.ENTERPRISE and user.enterprise_id == line.enterprise_id
