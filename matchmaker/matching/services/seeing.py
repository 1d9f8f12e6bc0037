"""What a watch sees: the engine's answers to it, and which of them its person may be told of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import shanghai_day
from matchmaker.enterprises.models import Capability, Enterprise, LineKind, Need
from matchmaker.matching.alerting import Seen
from matchmaker.matching.engine import DEMAND, SUPPLY, Match, Query
from matchmaker.matching.indexing import Published
from matchmaker.matching.models import MatchRun, Verdict, Watch, WatchSides
from matchmaker.matching.queries import finding, indexable, rounds, runs
from matchmaker.matching.questions import MOST_SUGGESTIONS, Question, about_capability, about_need, matches_for
from matchmaker.matching.services.suggesting import keep_run


@dataclass(frozen=True, slots=True)
class Found:
    """What the engine answered a watch, before it is asked who may see it."""

    watch_id: int
    question: Question | None
    matches: tuple[list[Match], ...]


def ask_engine(session: Session, membership_id: int, published: Published, now: datetime) -> Iterator[Found]:
    """The raw answers to each due watch; none for those of a person who is gone."""
    user = rounds.membership_eyes(session, membership_id, now=now)
    upto = published.edition.last_change
    for watch in rounds.due_watches(session, membership_id=membership_id, last_change=upto, now=now):
        question = _question(watch, now)
        if user is None:
            yield Found(watch.id, None, ())
        elif question is not None:
            yield Found(watch.id, question, (matches_for(question, published.index),))
        else:
            yield Found(watch.id, None, tuple(_search(watch, user, published)))


def _question(watch: Watch, now: datetime) -> Question | None:
    if watch.need is not None:
        return about_need(watch.need, today=shanghai_day(now))
    return about_capability(watch.capability) if watch.capability is not None else None


def _search(watch: Watch, user: User, published: Published) -> Iterator[list[Match]]:
    own = frozenset({user.enterprise_id}) if user.enterprise_id is not None else frozenset()
    for side, sides in ((WatchSides.SUPPLY, SUPPLY), (WatchSides.DEMAND, DEMAND)):
        if watch.sides in (side, WatchSides.BOTH):
            yield published.index.search(Query(watch.text or "", sides=sides, exclude=own), MOST_SUGGESTIONS)


def seen_by(session: Session, user: User, found: Found, published: Published) -> Iterator[Seen]:
    """The answers this person may be told of: visible now, meeting the hard conditions, not put away."""
    if found.question is None:
        for matches in found.matches:
            for hit in finding.hits(session, user, matches, limit=MOST_SUGGESTIONS):
                yield _as_seen(hit.enterprise, hit.line, hit.score)
        return
    run = _kept(session, found.question, found.matches[0], published)
    for shown in runs.shown_list(session, user, run):
        line = shown.capability or shown.need
        is_open = shown.answer is None or shown.answer.verdict is Verdict.INTERESTED
        if line is not None and is_open and not shown.failed:
            yield _as_seen(shown.enterprise, line, shown.suggestion.score)


def _kept(session: Session, question: Question, matches: list[Match], published: Published) -> MatchRun:
    """The list as it is kept; a reader who opened it a moment earlier has kept the same."""
    try:
        with session.begin_nested():
            return keep_run(session, question=question, published=published, matches=matches)
    except IntegrityError:
        run = runs.run_for(session, question, published)
        assert run is not None  # noqa: S101 -- it is what stood in the way
        return run


def _as_seen(firm: Enterprise, line: Capability | Need, score: int) -> Seen:
    kind = LineKind.NEED if isinstance(line, Need) else LineKind.CAPABILITY
    key = f"need:{line.id}" if kind is LineKind.NEED else f"firm:{firm.id}"
    marks = frozenset({(kind, line.id), (LineKind.ENTERPRISE, firm.id)})
    return Seen(key, firm.id, firm.name, _line_text(line), indexable.line_number(kind, line.id), score, marks)


def _line_text(line: Capability | Need) -> str:
    return line.text if isinstance(line, Need) else line.product
