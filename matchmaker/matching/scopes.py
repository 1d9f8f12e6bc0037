"""Whose suggestions are whose."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, select, true

from matchmaker.accounts.models import User
from matchmaker.accounts.scopes import is_office
from matchmaker.matching.models import MatchRun, Suggestion
from matchmaker.web.visibility import scope


@scope(MatchRun)
def _runs(user: User | None) -> ColumnElement[bool]:
    """A firm sees what was suggested to it; offices see all, to invite well."""
    if user is None:
        return false()
    return true() if is_office(user) else MatchRun.enterprise_id == user.enterprise_id


@scope(Suggestion)
def _suggestions(user: User | None) -> ColumnElement[bool]:
    """A suggestion is seen by those who see its run."""
    if user is None:
        return false()
    return true() if is_office(user) else Suggestion.run_id.in_(
        select(MatchRun.id).where(MatchRun.enterprise_id == user.enterprise_id)
    )  # fmt: skip
