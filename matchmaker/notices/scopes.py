"""Whose notices are whose."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, or_

from matchmaker.notices.models import Notice
from matchmaker.web.visibility import scope


@scope(Notice)
def _notices(user: Any) -> ColumnElement[bool]:
    """A person reads what was sent to them, their enterprise or their office."""
    if user is None:
        return false()
    addressed = [Notice.user_id == user.id]
    if user.enterprise_id is not None:
        addressed.append(Notice.enterprise_id == user.enterprise_id)
    if user.office is not None:
        addressed.append(Notice.office_id == user.office.id)
    return or_(*addressed)
