"""Whose suggestions are whose."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, select, true

from matchmaker.accounts.models import User
from matchmaker.accounts.scopes import is_office
from matchmaker.matching.models import MatchRun, StopLink, Suggestion, Watch, WatchFind
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


@scope(Watch)
def _watches(user: User | None) -> ColumnElement[bool]:
    """What somebody looks out for is their own secret, also from offices and from colleagues."""
    return Watch.membership_id == user.acting_as.id if user is not None and user.acting_as is not None else false()


@scope(WatchFind)
def _finds(user: User | None) -> ColumnElement[bool]:
    """What a watch found is known to its person."""
    if user is None or user.acting_as is None:
        return false()
    return WatchFind.watch_id.in_(select(Watch.id).where(Watch.membership_id == user.acting_as.id))


@scope(StopLink)
def _stop_links(user: User | None) -> ColumnElement[bool]:
    """A way out is opened by its token alone."""
    return false()
