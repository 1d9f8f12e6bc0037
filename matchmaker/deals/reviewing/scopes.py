"""Who sees what was said of a finding."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, true

from matchmaker.accounts.models import User
from matchmaker.deals.reviewing.models import SignalMark
from matchmaker.deals.reviewing.policies import is_reviewer
from matchmaker.web.visibility import scope


@scope(SignalMark)
def _marks(user: User | None) -> ColumnElement[bool]:
    """Officials and auditors; a mark is only ever looked up by a finding its reader can see."""
    return true() if is_reviewer(user) else false()
