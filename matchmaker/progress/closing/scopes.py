"""Who sees what was published: every office its totals; single deals only those whose scope is the province."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, true

from matchmaker.accounts.models import User
from matchmaker.accounts.scopes import sees_everything
from matchmaker.progress.closing.models import IssuedFile, Snapshot
from matchmaker.progress.policies import readers
from matchmaker.web.visibility import scope

RESULT_TYPE = "application/json"  # the whole result, deal by deal


@scope(Snapshot)
def _snapshots(user: User | None) -> ColumnElement[bool]:
    return true() if user is not None and readers.allows(user) else false()


@scope(IssuedFile)
def _files(user: User | None) -> ColumnElement[bool]:
    if user is None or not readers.allows(user):
        return false()
    return true() if sees_everything(user) else IssuedFile.media_type != RESULT_TYPE
