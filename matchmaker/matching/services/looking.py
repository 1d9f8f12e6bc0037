"""The rounds of the worker: each watch looks into the newest index and tells its person what is new, once.

A round is cut by membership. What a membership's watches find, that they have looked, and what their person is
told are one transaction: a worker that dies in it leaves nothing half told, and the next goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.accounts.models import User
from matchmaker.db import utcnow
from matchmaker.enterprises.models import LineKind
from matchmaker.jobs.models import Job, JobState
from matchmaker.jobs.services import Progress, promise, release
from matchmaker.matching import indexing, telling
from matchmaker.matching.alerting import Mark, Seen, sort_out
from matchmaker.matching.indexing import Published
from matchmaker.matching.models import Watch, WatchFind
from matchmaker.matching.overlaying import clear_overlays
from matchmaker.matching.queries import rounds
from matchmaker.matching.services.alerting import follow_lines
from matchmaker.matching.services.seeing import Found, ask_engine, seen_by
from matchmaker.matching.services.stopping import prune_stop_links
from matchmaker.notices.delivering import MAIL
from matchmaker.notices.services import post, tell
from matchmaker.web.formats import points
from matchmaker.web.visibility import everyones

log = logging.getLogger(__name__)

LOOK: Final = "look for news"
LETTER: Final = "alerts"


def reindex_and_look(session: Session, job: Job, report: Progress, *, data_dir: Path) -> dict[str, Any]:
    """The background work: build the index anew, publish it, and promise that the watches look into it."""
    result = indexing.reindex(session, job, report, data_dir=data_dir)
    clear_overlays(data_dir)
    promise_look(session)
    return result


def note_rounds(session: Session, *, data_dir: Path) -> Job | None:
    """Promise a round when the clock or a new index has made one due."""
    edition = indexing.current_edition(data_dir)
    if edition is None or not rounds.is_any_due(session, last_change=edition.last_change, now=utcnow()):
        return None
    return promise_look(session)


def promise_look(session: Session) -> Job | None:
    """Promise a round unless one is waiting or under way."""
    open_round = select(Job.id).where(Job.kind == LOOK, Job.state.in_((JobState.QUEUED, JobState.RUNNING))).limit(1)
    is_open = session.scalar(everyones(open_round, because="one round serves everybody")) is not None
    return None if is_open else promise(session, LOOK, payload={})


def look_for_news(
    session: Session, job: Job, report: Progress, *, data_dir: Path, has_mail: bool = False
) -> dict[str, Any]:
    """The background work: everybody's due watches look, one membership after the other."""
    published, now = indexing.current_index(data_dir), utcnow()
    if published is None:
        return {"memberships": 0, "news": 0}
    release(session)
    engine = session.get_bind().engine
    _follow_all_lines(engine, now)
    with Session(engine) as own:
        due = rounds.due_memberships(own, last_change=published.edition.last_change, now=now)
    news = 0
    for done, membership_id in enumerate(due):
        if not report(done, len(due), ""):
            break
        try:
            news += look_of(engine, membership_id, published=published, now=now, has_mail=has_mail)
        except (StaleDataError, IntegrityError):  # its person, or another worker, was there in the same moment
            log.info("watches changed meanwhile", extra={"membership_id": membership_id})
    prune_stop_links(session, now=now)
    return {"memberships": len(due), "news": news}


def look_of(engine: Engine, membership_id: int, *, published: Published, now: datetime, has_mail: bool) -> int:
    """Let one person's due watches look, and tell what is new; returns how much that is.

    The engine is asked before the transaction begins, so that no other writer waits for its answers.
    """
    with Session(engine.execution_options(begin="DEFERRED")) as reading:
        found = list(ask_engine(reading, membership_id, published, now))
    with Session(engine) as session, session.begin():
        user = rounds.membership_eyes(session, membership_id, now=now)
        changed = _changes(session, found)
        told = [find for each in found for find in _settle(session, user, each, changed, published, now)]
        session.flush()
        if has_mail and told and user is not None and user.email and user.mail_stopped_at is None:
            ids = [find.id for find in told]
            payload = {"letter": LETTER, "membership": membership_id, "finds": ids}
            post(session, kind=MAIL, dedup=f"{LETTER}:{membership_id}:{min(ids)}-{max(ids)}", payload=payload)
    if told:
        log.info("news told", extra={"membership_id": membership_id, "news": len(told)})
    return len(told)


def _follow_all_lines(engine: Engine, now: datetime) -> None:
    more = True
    while more:
        with Session(engine) as session, session.begin():
            more = follow_lines(session, now=now) > 0


def _changes(session: Session, found: list[Found]) -> Mapping[Mark, int]:
    """What has changed since the watch that looked longest ago."""
    since = [session.get_one(Watch, each.watch_id).last_change for each in found]
    return rounds.changes_after(session, min(since)) if since else {}


def _settle(
    session: Session, user: User | None, found: Found, changed: Mapping[Mark, int], published: Published, now: datetime
) -> list[WatchFind]:
    """Remember what a watch sees now, note that it has looked, and leave a notice of what is new."""
    watch = session.get_one(Watch, found.watch_id)
    if user is None:
        watch.stopped_at = watch.looked_at = now  # the membership has ended, and its watch with it
        return []
    seen = {each.key: each for each in seen_by(session, user, found, published)}
    since = watch.last_change if watch.looked_at is not None else None
    known, asked = rounds.known_keys(session, watch), _asked_mark(watch)
    result = sort_out(seen.values(), known=known, changed=changed, since=since, asked=asked)
    session.add_all(_find(watch, each, None) for each in result.quiet)
    told = [_find(watch, each, now) for each in result.news]
    session.add_all(told)
    watch.looked_at, watch.last_change = now, published.edition.last_change
    if result.news:
        watch.told_at = now
        _tell(session, user, watch, result.news)
    return told


def _tell(session: Session, user: User, watch: Watch, news: tuple[Seen, ...]) -> None:
    first = news[0]
    tell(
        session,
        title=telling.headline(watch, [each.key for each in news]),
        body=telling.best(first.name, first.line, points(first.score)),
        path=telling.list_path(watch),
        stop_path=telling.stop_path(watch),
        user_id=user.id,
    )


def _find(watch: Watch, seen: Seen, told_at: datetime | None) -> WatchFind:
    return WatchFind(
        watch_id=watch.id,
        key=seen.key,
        enterprise_id=seen.enterprise_id,
        line_number=seen.line_number,
        score=seen.score,
        told_at=told_at,
    )


def _asked_mark(watch: Watch) -> frozenset[Mark]:
    if watch.need_id is not None:
        return frozenset({(LineKind.NEED, watch.need_id)})
    return frozenset({(LineKind.CAPABILITY, watch.capability_id)}) if watch.capability_id is not None else frozenset()
