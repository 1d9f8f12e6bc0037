"""Tell people, in the transaction that made it true."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker.db import utcnow
from matchmaker.notices.models import Notice, OutboxMessage
from matchmaker.web.visibility import may_see


def tell(
    session: Session,
    *,
    title: str,
    body: str = "",
    path: str = "",
    enterprise_id: int | None = None,
    office_id: int | None = None,
    user_id: int | None = None,
) -> Notice:
    """Leave a notice for an enterprise, an office or a person; one of them must be named."""
    notice = Notice(
        title=title, body=body, path=path, enterprise_id=enterprise_id, office_id=office_id, user_id=user_id
    )
    session.add(notice)
    return notice


def post(session: Session, *, kind: str, dedup: str, payload: dict[str, Any]) -> OutboxMessage:
    """Put a message for the outside world into the outbox."""
    message = OutboxMessage(kind=kind, dedup=dedup, payload=payload)
    session.add(message)
    return message


def mark_read(session: Session, *, user: Any) -> None:
    """Mark all of a person's notices as read."""
    session.execute(
        update(Notice)
        .where(may_see(Notice, user), Notice.read_at.is_(None))
        .values(read_at=utcnow())
        .execution_options(synchronize_session=False)
    )
