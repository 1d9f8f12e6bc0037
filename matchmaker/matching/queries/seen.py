"""Which firms are seen: who stands among the first places of kept lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, Select, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from matchmaker.db import shanghai_day
from matchmaker.enterprises.models import (
    LISTED_STATES,
    OPEN_NEEDS,
    PUBLISHED_CAPABILITIES,
    Badge,
    Capability,
    Enterprise,
    EnterpriseKind,
    Need,
)
from matchmaker.matching.exposure import NEW_DAYS, Exposure, Seen, exposure
from matchmaker.matching.models import Feedback, MatchRun, Suggestion, Verdict
from matchmaker.matching.trying import FIRST
from matchmaker.regions.models import Region, RegionLevel
from matchmaker.web.visibility import everyones

SPECIALISED: Final = "专精特新"
RESPECTS: Final = ("size", "age", "badge", "prefecture")
_WHY: Final = "how often firms are seen is counted, not shown"


def seen_often(session: Session, firms: Collection[int], *, at_least: int) -> set[int]:
    """Which of these firms stood among the first ten of at least so many kept lists."""
    statement = (
        select(Suggestion.enterprise_id)
        .where(Suggestion.enterprise_id.in_(firms), Suggestion.rank <= FIRST)
        .group_by(Suggestion.enterprise_id)
        .having(func.count(Suggestion.id) >= at_least)
    )
    return set(session.scalars(everyones(statement, because=_WHY)))


def exposure_now(session: Session, *, now: datetime) -> Exposure:
    """How the first ten places of the newest list of every question are shared out."""
    places = {row.enterprise_id: row for row in session.execute(everyones(_places(), because=_WHY))}
    known = _known_partners(session)
    badged = _badged(session, now)
    firms = [
        _seen(row, places.get(row.id), known[row.id], is_badged=row.id in badged, now=now)
        for row in session.execute(everyones(_firms(), because=_WHY))
    ]
    lists = session.scalar(select(func.count()).select_from(_newest().subquery())) or 0
    tried = session.scalar(everyones(_tried(), because=_WHY)) or 0
    return exposure(firms, lists=lists, lists_with_trials=tried, respects=RESPECTS)


def _newest() -> Select[int]:
    """The newest list of every question."""
    return select(func.max(MatchRun.id)).group_by(MatchRun.subject, MatchRun.subject_id)


def _places() -> Select[int, Any, Any]:
    """The first places of each firm, read from the index of who is seen: the rows hold the evidence and are large."""
    run_id = Suggestion.run_id + 0  # keeps a database from going by the run, row by row
    is_first = Suggestion.rank <= FIRST
    return (
        select(
            Suggestion.enterprise_id,
            func.sum(case((is_first, 1), else_=0)).label("places"),
            func.sum(case((is_first & Suggestion.is_trial, 1), else_=0)).label("trials"),
        )
        .where(run_id.in_(_newest()))
        .group_by(Suggestion.enterprise_id)
    )


def _tried() -> Select[int]:
    tried = (Suggestion.run_id + 0).in_(_newest()) & (Suggestion.rank <= FIRST) & Suggestion.is_trial
    return select(func.count(Suggestion.run_id.distinct())).where(tried)


def _firms() -> Select[Any]:
    """Every enterprise that could be suggested: listed, with something published."""
    place, above = aliased(Region), aliased(Region)
    offers = exists().where(Capability.enterprise_id == Enterprise.id, Capability.state.in_(PUBLISHED_CAPABILITIES))
    asks = exists().where(Need.enterprise_id == Enterprise.id, Need.state.in_(OPEN_NEEDS))
    prefecture = case(
        (place.level == RegionLevel.PREFECTURE, place.code), (place.level == RegionLevel.COUNTY, above.code)
    )
    return (
        select(Enterprise.id, Enterprise.size, Enterprise.created_at, prefecture.label("prefecture"))
        .join(place, Enterprise.region_id == place.id)
        .outerjoin(above, place.parent_id == above.id)
        .where(Enterprise.state.in_(LISTED_STATES), Enterprise.kind == EnterpriseKind.ENTERPRISE, or_(offers, asks))
        .order_by(Enterprise.id)
    )


def _badged(session: Session, now: datetime) -> set[int]:
    today = shanghai_day(now)
    statement = select(Badge.enterprise_id).where(
        Badge.name.contains(SPECIALISED), Badge.starts_on <= today, or_(Badge.ends_on.is_(None), Badge.ends_on >= today)
    )
    return set(session.scalars(everyones(statement, because=_WHY)))


def _known_partners(session: Session) -> Counter[int]:
    """How many first places of each firm are in lists of firms that work with it already."""
    said = (
        select(
            MatchRun.enterprise_id, Suggestion.enterprise_id, MatchRun.subject, MatchRun.subject_id, Feedback.verdict
        )
        .join(Feedback.suggestion)
        .join(Suggestion.run)
        .order_by(Feedback.id)
    )
    latest = {(*names,): verdict for *names, verdict in session.execute(everyones(said, because=_WHY))}
    pairs = {(asker, firm) for (asker, firm, *_), verdict in latest.items() if verdict is Verdict.PARTNERS}
    held = (
        select(MatchRun.enterprise_id, Suggestion.enterprise_id)
        .join(Suggestion.run)
        .where(
            MatchRun.id.in_(_newest()),
            MatchRun.enterprise_id.in_({asker for asker, _ in pairs}),
            Suggestion.rank <= FIRST,
        )
    )
    rows = session.execute(everyones(held, because=_WHY)) if pairs else ()
    return Counter(firm for asker, firm in rows if (asker, firm) in pairs)


def _seen(row: Row[Any], held: Row[Any] | None, known: int, *, is_badged: bool, now: datetime) -> Seen:
    is_new = row.created_at >= now - timedelta(days=NEW_DAYS)
    groups = {"age": "new" if is_new else "older", "badge": SPECIALISED if is_badged else "other"}
    if row.size is not None:
        groups["size"] = row.size.value
    if row.prefecture is not None:
        groups["prefecture"] = row.prefecture
    if held is None:
        return Seen(groups)
    return Seen(groups, int(held.places), int(held.trials), known, is_listed=True)
