"""Whose workbooks are whose."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_

from matchmaker.accounts.models import User
from matchmaker.imports.models import ImportBatch
from matchmaker.web.visibility import scope


@scope(ImportBatch)
def _batches(user: User | None) -> ColumnElement[bool]:
    """A person sees their own imports and those of their office or enterprise."""
    if user is None:
        return false()
    seen = [ImportBatch.user_id == user.id]
    if user.enterprise_id is not None:
        seen.append(ImportBatch.enterprise_id == user.enterprise_id)
    if user.office is not None:
        seen.append(ImportBatch.office_id == user.office.id)
    return or_(*seen)
