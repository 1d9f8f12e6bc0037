"""Who may answer a suggestion."""

from __future__ import annotations

from matchmaker.accounts.models import Role, User
from matchmaker.matching.models import MatchRun


def may_answer(user: User, run: MatchRun) -> bool:
    """Only the firm the list was made for says what it thinks of it."""
    return user.role is Role.ENTERPRISE and user.enterprise_id == run.enterprise_id
