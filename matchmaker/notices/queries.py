"""Notices, read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.notices.models import Notice
from matchmaker.web.visibility import everyones, may_see, visible


def unread_count(session: Session, user: Any) -> int:
    """How many notices this person has not opened."""
    statement = select(func.count(Notice.id)).where(may_see(Notice, user), Notice.read_at.is_(None))
    return session.scalar(everyones(statement, because="the condition scopes it")) or 0


def notices_for(session: Session, user: Any, *, limit: int = 100) -> list[Notice]:
    """A person's notices, newest first."""
    statement = visible(Notice, user).order_by(Notice.created_at.desc(), Notice.id.desc()).limit(limit)
    return list(session.scalars(statement))
