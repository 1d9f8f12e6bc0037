"""Deals are put into an office's care by their amount, handed over by hand, and the thresholds are set."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Office, User
from matchmaker.accounts.services import record
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.models import Assurance, Deal, DealKind, DealStage
from matchmaker.deals.stewardship import policies, queries, refusals
from matchmaker.deals.stewardship.levels import Thresholds, level_of
from matchmaker.deals.stewardship.models import Stewardship, StewardshipRule
from matchmaker.errors import Stale
from matchmaker.i18n import gettext as _
from matchmaker.money import MOST
from matchmaker.notices.services import tell


def entrust(session: Session, *, deal: Deal) -> Stewardship | None:
    """Put a deal into the care of the office its amount in force asks for, and return what holds afterwards.

    Does nothing while the level stays the same, so what was handed over by hand stays so until the amount
    reaches another level. Only purchases both sides confirmed are stewarded.
    """
    known = queries.holding(session, deal)
    if not _is_stewarded(deal):
        return known
    limits, amount = queries.thresholds(session), deal.standing.amount
    level = level_of(amount, limits)
    if known is not None and level is level_of(known.amount, limits):
        return known
    office = queries.office_for(session, deal, level) if level is not None else None
    if level is not None and office is None:
        return known
    if known is not None:
        _end(session, known)
    if level is None or office is None:
        return None
    return _begin(session, Stewardship(deal=deal, level=level, office=office, amount=amount))


def entrust_the_rest(session: Session, *, limit: int) -> int:
    """Put deals that nobody ever stewarded into somebody's care, and return how many there were to look at."""
    deals = queries.unstewarded(session, least=queries.thresholds(session).county, limit=limit)
    return sum(entrust(session, deal=deal) is not None for deal in deals)


def hand_over(
    session: Session,
    *,
    deal: Deal,
    office: Office,
    officer: User | None,
    why: str,
    actor: User,
    seen: int | None = None,
) -> Stewardship:
    """Put another office or officer in charge, for a reason; what was before stays in the history.

    seen: the number of the stewardship the actor had before them, 0 for none. Raises Stale when another holds
    by now, NotTheSteward, OfficeNotNear, OfficerElsewhere, HandoverUnexplained and SameSteward.
    """
    known, why = queries.holding(session, deal), why.strip()
    if not policies.may_hand_over(actor, deal, known):
        raise refusals.NotTheSteward
    if not _is_stewarded(deal):
        raise refusals.DealTooEarly
    if seen is not None and seen != (known.number if known else 0):
        raise Stale
    _check_receiver(session, deal, office, officer)
    if not why:
        raise refusals.HandoverUnexplained
    if known is not None and (known.office_id, known.officer_id) == (office.id, officer.id if officer else None):
        raise refusals.SameSteward
    if known is not None:
        _end(session, known)
    amount = deal.standing.amount
    row = Stewardship(
        deal=deal, level=office.level, office=office, officer=officer, amount=amount, why=why, actor=actor
    )
    _tell_receiver(session, deal, office, officer)
    return _begin(session, row)


def set_thresholds(session: Session, *, limits: Thresholds, actor: User, seen: int | None = None) -> StewardshipRule:
    """Set from which amounts on each level stewards deals confirmed or amended from now on.

    seen: how many rules the actor had before them. Raises Stale when there are more by now, ThresholdsOutOfOrder,
    ThresholdsUnchanged, and NotForTheProvince.
    """
    if not policies.may_set_rules(actor):
        raise refusals.NotForTheProvince
    if not limits.are_ascending or limits.province > MOST:
        raise refusals.ThresholdsOutOfOrder
    known = queries.rules(session)
    if seen is not None and seen != len(known):
        raise Stale
    if limits == queries.thresholds(session):
        raise refusals.ThresholdsUnchanged
    rule = StewardshipRule(
        number=len(known) + 1,
        province_from=limits.province,
        city_from=limits.city,
        county_from=limits.county,
        user=actor,
    )
    session.add(rule)
    session.flush()
    detail = {"number": rule.number, "province": limits.province, "city": limits.city, "county": limits.county}
    record(session, actor=actor, action="stewardship rule", subject=rule, detail=detail)
    return rule


def _is_stewarded(deal: Deal) -> bool:
    standing = deal.standing
    stands = standing.assurance is not Assurance.DECLARED and standing.stage is not DealStage.WITHDRAWN
    return stands and deal.kind is DealKind.PURCHASE


def _check_receiver(session: Session, deal: Deal, office: Office, officer: User | None) -> None:
    near = queries.colleagues_for(session, deal, shanghai_day(utcnow()))
    chosen = next((each for each in near if each.office.id == office.id), None)
    if chosen is None:
        raise refusals.OfficeNotNear
    if officer is not None and officer.id not in [each.id for each in chosen.officers]:
        raise refusals.OfficerElsewhere


def _end(session: Session, row: Stewardship) -> None:
    """End what holds, unless somebody ended it meanwhile. Raises Stale."""
    statement = (
        update(Stewardship)
        .where(Stewardship.id == row.id, Stewardship.ended_at.is_(None))
        .values(ended_at=max(utcnow(), row.starts_at))
    )
    if cast("CursorResult[Any]", session.execute(statement)).rowcount != 1:
        raise Stale


def _begin(session: Session, row: Stewardship) -> Stewardship:
    row.number = queries.last_number(session, row.deal) + 1
    session.add(row)
    session.flush()
    detail = {"deal": row.deal.public_id, "level": row.level.value, "office": row.office.public_id}
    record(session, actor=row.actor, action="stewardship", subject=row, detail=detail)
    return row


def _tell_receiver(session: Session, deal: Deal, office: Office, officer: User | None) -> None:
    tell(
        session,
        title=_("意向 %(number)s 移交包联", number=deal.number),
        body=deal.subject,
        path=f"/deals/{deal.public_id}",
        office_id=office.id if officer is None else None,
        user_id=None if officer is None else officer.id,
    )
