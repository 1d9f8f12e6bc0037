"""Tell people, in the transaction that made it true."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from matchmaker.db import utcnow
from matchmaker.notices.models import Notice, OutboxMessage
from matchmaker.web.visibility import may_see

MOST_ATTEMPTS: Final = 12  # about a day and a half
_LONGEST_PAUSE: Final = timedelta(hours=6)


def tell(
    session: Session,
    *,
    title: str,
    body: str = "",
    path: str = "",
    enterprise_id: int | None = None,
    office_id: int | None = None,
    user_id: int | None = None,
    stop_path: str = "",
) -> Notice:
    """Leave a notice for an enterprise, an office or a person; one of them must be named.

    path: the page it is about. stop_path: the page on which one says “no more of these”, if there is one.
    """
    notice = Notice(
        title=title,
        body=body,
        path=path,
        stop_path=stop_path,
        enterprise_id=enterprise_id,
        office_id=office_id,
        user_id=user_id,
    )
    session.add(notice)
    return notice


def post(session: Session, *, kind: str, dedup: str, payload: dict[str, Any]) -> OutboxMessage:
    """Put a message for the outside world into the outbox."""
    message = OutboxMessage(kind=kind, dedup=dedup, payload=payload)
    session.add(message)
    return message


def claim_message(session: Session, *, message_id: int, now: datetime) -> OutboxMessage | None:
    """Take a due message for one attempt, so that nobody else tries it meanwhile; None when it is no longer due.

    The pause until the next attempt is set before the attempt: a process that dies in it costs the pause, no more.
    """
    message = session.get_one(OutboxMessage, message_id)
    taken = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.attempts == message.attempts,
            OutboxMessage.delivered_at.is_(None),
            OutboxMessage.dropped_at.is_(None),
            or_(OutboxMessage.not_before.is_(None), OutboxMessage.not_before <= now),
        )
        .values(attempts=message.attempts + 1, not_before=now + pause_after(message.attempts + 1))
    )
    return message if taken.rowcount else None  # type: ignore[attr-defined]


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: two minutes, then twice as long each time, at most six hours."""
    return min(timedelta(minutes=2**attempts), _LONGEST_PAUSE)


def mark_delivered(session: Session, *, message_id: int) -> None:
    """A message has been handed over."""
    session.get_one(OutboxMessage, message_id).delivered_at = utcnow()


def drop_message(session: Session, *, message_id: int) -> None:
    """A message is not to be sent any more."""
    session.get_one(OutboxMessage, message_id).dropped_at = utcnow()


def mark_read(session: Session, *, user: Any) -> None:
    """Mark all of a person's notices as read."""
    session.execute(
        update(Notice)
        .where(may_see(Notice, user), Notice.read_at.is_(None))
        .values(read_at=utcnow())
        .execution_options(synchronize_session=False)
    )
