"""Notices, read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from matchmaker.notices.models import Notice, OutboxMessage
from matchmaker.web.visibility import everyones, may_see, visible


def unread_count(session: Session, user: Any) -> int:
    """How many notices this person has not opened."""
    statement = select(func.count(Notice.id)).where(may_see(Notice, user), Notice.read_at.is_(None))
    return session.scalar(everyones(statement, because="the condition scopes it")) or 0


def notices_for(session: Session, user: Any, *, limit: int = 100) -> list[Notice]:
    """A person's notices, newest first."""
    statement = visible(Notice, user).order_by(Notice.created_at.desc(), Notice.id.desc()).limit(limit)
    return list(session.scalars(statement))


def due_messages(session: Session, *, kind: str, now: datetime, limit: int) -> list[int]:
    """The ids of messages of a kind to be sent now, oldest first."""
    statement = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.kind == kind,
            OutboxMessage.delivered_at.is_(None),
            OutboxMessage.dropped_at.is_(None),
            or_(OutboxMessage.not_before.is_(None), OutboxMessage.not_before <= now),
        )
        .order_by(OutboxMessage.id)
        .limit(limit)
    )
    return list(session.scalars(statement))
