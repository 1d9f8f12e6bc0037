"""Who looks a second time: officials and auditors, and nobody else."""

from __future__ import annotations

from matchmaker.accounts.models import Role, User
from matchmaker.web.policies import allow

_REVIEWERS = (Role.OFFICIAL, Role.AUDITOR)
reviewers = allow(*_REVIEWERS)


def is_reviewer(user: User | None) -> bool:
    """Whether somebody acts as an official or an auditor."""
    return user is not None and user.role in _REVIEWERS
