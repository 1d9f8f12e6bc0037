"""Leave a question standing, change how soon its news is told, stop it and start it again."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import Capability, Need
from matchmaker.errors import NotAllowed, RuleViolation
from matchmaker.i18n import lazy as _
from matchmaker.matching.models import Frequency, Watch, WatchKind, WatchSides
from matchmaker.matching.policies import may_watch
from matchmaker.matching.queries import alerts, rounds

MOST_SEARCHES: Final = 50
LONGEST_TEXT: Final = 100
_AT_A_TIME: Final = 500


class NothingToWatch(RuleViolation):
    """A search without words finds nothing, today or tomorrow."""

    template = _("请先输入要找的内容，再保存这个搜索。")


class TooManySearches(RuleViolation):
    """A person keeps only so many searches."""

    template = _("已保存 {most} 个搜索，请先停止不再需要的。")


def save_search(
    session: Session, *, text: str, sides: WatchSides, actor: User, frequency: Frequency = Frequency.DAILY
) -> Watch:
    """Watch for new answers to a text; one that is known already starts again.

    Raises NothingToWatch and TooManySearches.
    """
    text = text.strip()[:LONGEST_TEXT]
    if not text:
        raise NothingToWatch
    watch = alerts.saved_search(session, actor, text, sides)
    if watch is not None and watch.stopped_at is None:
        return watch
    if alerts.saved_count(session, actor) >= MOST_SEARCHES:
        raise TooManySearches(most=MOST_SEARCHES)
    if watch is None:
        watch = _new(actor, kind=WatchKind.TEXT, text=text, sides=sides, frequency=frequency)
        session.add(watch)
    watch.stopped_at = None
    return watch


def watch_line(
    session: Session,
    *,
    line: Need | Capability,
    actor: User,
    is_on: bool = True,
    frequency: Frequency = Frequency.DAILY,
) -> Watch:
    """Watch a line of one's own firm for new partners, or stop doing so. Raises NotAllowed."""
    if not may_watch(actor, line):
        raise NotAllowed
    watch = alerts.line_watch(session, actor, line)
    if watch is None:
        watch = _new(actor, frequency=frequency, **_subject(line))
        session.add(watch)
    watch.stopped_at = None if is_on else watch.stopped_at or utcnow()
    return watch


def set_frequency(session: Session, *, watch: Watch, frequency: Frequency) -> None:
    """Change how soon news of a watch is told."""
    watch.frequency = frequency


def stop_watch(session: Session, *, watch: Watch) -> None:
    """Look out no more."""
    watch.stopped_at = watch.stopped_at or utcnow()


def restart_watch(session: Session, *, watch: Watch) -> None:
    """Look out again; what was published meanwhile is news."""
    watch.stopped_at = None


def follow_lines(session: Session, *, now: datetime) -> int:
    """Watch what firms have published since, for each of their people; returns how many lines more are watched.

    At most some hundreds at a time: call again until it is none.
    """
    today = shanghai_day(now)
    needs = rounds.unwatched_needs(session, today=today, limit=_AT_A_TIME)
    capabilities = rounds.unwatched_capabilities(session, today=today, limit=_AT_A_TIME)
    defaults = {"frequency": Frequency.DAILY}
    session.add_all(
        Watch(membership_id=membership, kind=WatchKind.NEED, need_id=line, **defaults) for membership, line in needs
    )
    session.add_all(
        Watch(membership_id=membership, kind=WatchKind.CAPABILITY, capability_id=line, **defaults)
        for membership, line in capabilities
    )
    return len(needs) + len(capabilities)


def _new(actor: User, **values: object) -> Watch:
    assert actor.acting_as is not None  # noqa: S101 -- whoever signed in acts under a membership
    return Watch(membership_id=actor.acting_as.id, **values)


def _subject(line: Need | Capability) -> dict[str, object]:
    if isinstance(line, Need):
        return {"kind": WatchKind.NEED, "need": line}
    return {"kind": WatchKind.CAPABILITY, "capability": line}
