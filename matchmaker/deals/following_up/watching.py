"""Every night, the worker asks what became of intents, tells the firms, and puts deals into somebody's care."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from huey import Huey, crontab
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.db import utcnow
from matchmaker.deals.following_up.services import ask_due, prune_links, tell_firms
from matchmaker.deals.stewardship.services import entrust_the_rest

log = logging.getLogger(__name__)
_NIGHT = {"hour": "18", "minute": "50"}  # UTC: ten to three in Shanghai
_AT_A_TIME: Final = 200


def watch_intents(queue: Huey, engine: Engine, *, has_mail: bool) -> None:
    """Have the queue follow up every night."""

    @queue.periodic_task(crontab(**_NIGHT))  # type: ignore[untyped-decorator]
    def follow_up() -> None:
        follow_up_all(engine, has_mail=has_mail)


def follow_up_all(engine: Engine, *, has_mail: bool) -> dict[str, int]:
    """Ask, tell and entrust, a block a transaction; a block another worker did meanwhile is left to it.

    Returns how many intents were asked about, firms told and deals entrusted. Done again it finds nothing to do.
    """
    now = utcnow()
    done = {
        "asked": _in_blocks(engine, lambda session: ask_due(session, now=now, limit=_AT_A_TIME)),
        "told": _in_blocks(engine, lambda session: tell_firms(session, now=now, limit=_AT_A_TIME, has_mail=has_mail)),
        "entrusted": _in_blocks(engine, lambda session: entrust_the_rest(session, limit=_AT_A_TIME)),
    }
    with Session(engine) as session, session.begin():
        prune_links(session, now=now)
    log.info("intents followed up", extra=done)
    return done


def _in_blocks(engine: Engine, step: Callable[[Session], int]) -> int:
    total = 0
    try:
        while True:
            with Session(engine) as session, session.begin():
                done = step(session)
            total += done
            if not done:
                return total
    except (IntegrityError, StaleDataError):
        log.info("another worker follows up as well", extra={"done": total})
        return total
