"""Mail leaves the outbox: written at the last moment, sent at least once, tried again later when refused.

The outbox keeps whom and what about, as ids. Words and address are looked up when a letter is sent, so that
nothing goes out that is no longer so, and no address lies about. No transaction is open while a server answers.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from huey import Huey, crontab
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from matchmaker.db import utcnow
from matchmaker.notices import queries, services
from matchmaker.notices.letters import Letter, LetterRefused, PostOffice, ServerAway, message_of
from matchmaker.notices.models import OutboxMessage
from matchmaker.settings import MailServer

log = logging.getLogger(__name__)

MAIL: Final = "mail"
_AT_A_TIME: Final = 500
_SECONDS: Final = 20  # of each minute; the rest of it is for other work

Writer = Callable[[Session, dict[str, Any]], Letter | None]


def watch_outbox(queue: Huey, engine: Engine, *, server: MailServer, writers: Mapping[str, Writer]) -> None:
    """Have the queue send what is due, every minute."""

    @queue.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
    def deliver() -> None:
        end = time.monotonic() + _SECONDS
        deliver_mail(engine, server=server, writers=writers, out_of_time=lambda: time.monotonic() > end)


def deliver_mail(
    engine: Engine, *, server: MailServer, writers: Mapping[str, Writer], out_of_time: Callable[[], bool]
) -> int:
    """Send the letters that are due and return how many were taken; a server that is away is tried another time.

    writers: who writes each sort of letter, by the `letter` of its payload; None means there is nothing left to say.
    """
    with Session(engine) as session:
        due = queries.due_messages(session, kind=MAIL, now=utcnow(), limit=_AT_A_TIME)
    sent = 0
    try:
        if due:
            with PostOffice(server) as office:
                for message_id in due:
                    if out_of_time():
                        break
                    sent += _deliver(engine, office, server, writers, message_id)
    except ServerAway as fault:
        log.warning("mail server away", extra={"fault": str(fault), "waiting": len(due) - sent})
    return sent


def _deliver(
    engine: Engine, office: PostOffice, server: MailServer, writers: Mapping[str, Writer], message_id: int
) -> bool:
    """Try one message; whether it was taken. Raises ServerAway."""
    message = _claim(engine, message_id)
    if message is None:
        return False
    try:
        letter = _write(engine, writers, message)
        if letter is None:
            _drop(engine, message_id, "nothing left to say")
            return False
        office.hand_over(message_of(letter, server=server, dedup=message.dedup))
    except LetterRefused as refusal:
        _give_up_or_wait(engine, message, is_final=refusal.is_final)
        return False
    with Session(engine) as session, session.begin():
        services.mark_delivered(session, message_id=message_id)
    return True


def _claim(engine: Engine, message_id: int) -> OutboxMessage | None:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        message = services.claim_message(session, message_id=message_id, now=utcnow())
        if message is not None:
            session.refresh(message)
        return message


def _write(engine: Engine, writers: Mapping[str, Writer], message: OutboxMessage) -> Letter | None:
    """The letter as it is true now. Raises LetterRefused when it cannot be written: it holds up no other."""
    try:
        with Session(engine) as session, session.begin():
            return writers[message.payload["letter"]](session, message.payload)
    except Exception as fault:
        log.exception("letter not written", extra={"message_id": message.id, "fault": type(fault).__name__})
        raise LetterRefused(is_final=False) from fault


def _give_up_or_wait(engine: Engine, message: OutboxMessage, *, is_final: bool) -> None:
    if is_final or message.attempts >= services.MOST_ATTEMPTS:
        _drop(engine, message.id, "refused")
    else:
        log.warning("letter to be tried again", extra={"message_id": message.id, "attempts": message.attempts})


def _drop(engine: Engine, message_id: int, why: str) -> None:
    log.info("letter dropped", extra={"message_id": message_id, "why": why})
    with Session(engine) as session, session.begin():
        services.drop_message(session, message_id=message_id)
