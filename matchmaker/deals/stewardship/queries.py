"""Who stewards what, read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload
from sqlalchemy.sql.base import ExecutableOption

from matchmaker.accounts.models import Membership, Office, OfficeLevel, Role, User
from matchmaker.accounts.scopes import in_region_of
from matchmaker.deals.models import Assurance, Deal, DealKind, DealStage, DealStanding
from matchmaker.deals.stewardship import scopes  # noqa: F401 -- registers who sees stewardships
from matchmaker.deals.stewardship.levels import Thresholds
from matchmaker.deals.stewardship.models import Stewardship, StewardshipRule
from matchmaker.enterprises.models import Enterprise
from matchmaker.regions.models import Region
from matchmaker.web.pagination import Page, paginate
from matchmaker.web.visibility import everyones, visible

_OFFICERS = (Role.OFFICIAL, Role.COUNTY_OFFICER)
_UPWARDS = (OfficeLevel.COUNTY, OfficeLevel.PREFECTURE, OfficeLevel.PROVINCE)
_SEES_DEAL = "whoever sees the deal is told which office answers for it"


class Whose(StrEnum):
    """Which stewardships a list shows: a person's own, their office's, or all of their region."""

    MINE = "mine"
    OFFICE = "office"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Colleague:
    """An office that may take over a deal, with the people of it who may."""

    office: Office
    officers: Sequence[User]


def rules(session: Session) -> list[StewardshipRule]:
    """Every rule ever set, the latest first."""
    statement = select(StewardshipRule).options(joinedload(StewardshipRule.user))
    return list(session.scalars(statement.order_by(StewardshipRule.number.desc())))


def thresholds(session: Session) -> Thresholds:
    """The thresholds in force: those of the last rule, or the usual ones before any was set."""
    rule = session.scalar(select(StewardshipRule).order_by(StewardshipRule.number.desc()).limit(1))
    return Thresholds(rule.province_from, rule.city_from, rule.county_from) if rule else Thresholds()


def seat_of(deal: Deal) -> Region | None:
    """The place whose office stewards a deal: the buyer's, or the seller's where the buyer sits elsewhere."""
    places = (deal.buyer.region, deal.seller.region)
    return next((place for place in places if place.is_inside), None)


def office_for(session: Session, deal: Deal, level: OfficeLevel) -> Office | None:
    """The office of that level at the deal's seat; where there is none, of the next level above."""
    found = _offices_by_place(session, [seat_of(deal)])
    for each in _UPWARDS[_UPWARDS.index(level) :]:
        office = next((office for office in found if office.level is each), None)
        if office is not None:
            return office
    return None


def _offices_by_place(session: Session, places: Sequence[Region | None]) -> list[Office]:
    """The province's offices and those of these places and the prefectures above them; those with officers first."""
    ids = {number for place in places if place is not None for number in (place.id, place.parent_id)}
    has_officer = (
        select(Membership.id).where(Membership.office_id == Office.id, Membership.role.in_(_OFFICERS)).exists()
    )
    local = and_(Office.region_id.in_(ids), Office.level != OfficeLevel.PROVINCE)
    statement = select(Office).where(or_(Office.level == OfficeLevel.PROVINCE, local))
    return list(session.scalars(statement.order_by(has_officer.desc(), Office.id)))


def colleagues_for(session: Session, deal: Deal, today: date) -> list[Colleague]:
    """The offices a deal can be handed to, the nearest first, each with its officers."""
    places = [place for place in (deal.buyer.region, deal.seller.region) if place.is_inside]
    found = sorted(_offices_by_place(session, places), key=lambda office: _UPWARDS.index(office.level))
    statement = (
        select(Membership)
        .where(Membership.office_id.in_([office.id for office in found]), Membership.role.in_(_OFFICERS))
        .options(joinedload(Membership.user))
        .order_by(Membership.id)
    )
    serving = [each for each in session.scalars(statement) if each.holds_on(today) and each.user.left_at is None]
    return [Colleague(office, [each.user for each in serving if each.office_id == office.id]) for office in found]


def holding(session: Session, deal: Deal) -> Stewardship | None:
    """Who stewards a deal now."""
    return holdings(session, [deal]).get(deal.id)


def holdings(session: Session, deals: Collection[Deal]) -> dict[int, Stewardship]:
    """Who stewards these deals now, by the deal's id."""
    statement = (
        select(Stewardship)
        .where(Stewardship.deal_id.in_([deal.id for deal in deals]), Stewardship.ended_at.is_(None))
        .options(joinedload(Stewardship.office), joinedload(Stewardship.officer))
    )
    return {row.deal_id: row for row in session.scalars(everyones(statement, because=_SEES_DEAL))}


def last_number(session: Session, deal: Deal) -> int:
    """How many stewardships a deal has had."""
    statement = select(func.max(Stewardship.number)).where(Stewardship.deal_id == deal.id)
    return session.scalar(everyones(statement, because="a count within the deal being changed")) or 0


def history_of(session: Session, user: User, deal: Deal) -> list[Stewardship]:
    """Everybody who stewarded a deal, the latest first, as this person may see it."""
    statement = (
        visible(Stewardship, user)
        .where(Stewardship.deal_id == deal.id)
        .options(joinedload(Stewardship.office), joinedload(Stewardship.officer), joinedload(Stewardship.actor))
    )
    return list(session.scalars(statement.order_by(Stewardship.number.desc())))


def is_mine(user: User) -> ColumnElement[bool]:
    """Whether a stewardship is a person's own: given to them, or to their office and to nobody in it yet."""
    office_id = user.office.id if user.office else None
    unassigned = and_(Stewardship.office_id == office_id, Stewardship.officer_id.is_(None))
    return or_(Stewardship.officer_id == user.id, unassigned)


def mine(user: User) -> Select[int]:
    """The ids of the deals a person stewards, for a condition of another list."""
    return select(Stewardship.deal_id).where(is_mine(user), Stewardship.ended_at.is_(None))


def stewarded(
    session: Session, user: User, *, whose: Whose, level: OfficeLevel | None, number: int
) -> Page[Stewardship]:
    """The stewardships of open deals that this person asked for, the largest first."""
    statement = _open_rows(user, whose)
    if level is not None:
        statement = statement.where(Stewardship.level == level)
    return paginate(session, statement.options(*_shown()), number=number)


def tally(session: Session, user: User, whose: Whose) -> dict[OfficeLevel, int]:
    """How many of them each level has."""
    rows = _open_rows(user, whose).order_by(None).subquery()
    row = aliased(Stewardship, rows)
    counted = select(row.level, func.count().label("deals")).group_by(row.level)
    answer = session.execute(everyones(counted, because="the list it counts is scoped"))
    found = {each.level: each.deals for each in answer}
    return {level: found.get(level, 0) for level in reversed(_UPWARDS)}


def _open_rows(user: User, whose: Whose) -> Select[Stewardship]:
    statement = (
        visible(Stewardship, user)
        .join(DealStanding, DealStanding.deal_id == Stewardship.deal_id)
        .where(
            Stewardship.ended_at.is_(None),
            DealStanding.stage.not_in((DealStage.WITHDRAWN, DealStage.DELIVERED)),
        )
        .order_by(DealStanding.amount.desc(), Stewardship.id)
    )
    if whose is Whose.MINE:
        return statement.where(is_mine(user))
    if whose is Whose.OFFICE:
        return statement.where(Stewardship.office_id == (user.office.id if user.office else None))
    offices = select(Office.id).where(in_region_of(user, Office.region_id))
    return statement.where(Stewardship.office_id.in_(offices))


def _shown() -> tuple[ExecutableOption, ...]:
    deal = joinedload(Stewardship.deal)
    return (
        deal.joinedload(Deal.standing),
        deal.joinedload(Deal.buyer).joinedload(Enterprise.region),
        deal.joinedload(Deal.seller).joinedload(Enterprise.region),
        joinedload(Stewardship.office),
        joinedload(Stewardship.officer),
    )


def unstewarded(session: Session, *, least: int, limit: int) -> list[Deal]:
    """Confirmed purchases of at least so much that nobody ever stewarded, the oldest first."""
    ever = select(Stewardship.id).where(Stewardship.deal_id == Deal.id).exists()
    statement = (
        select(Deal)
        .join(DealStanding)
        .where(
            Deal.kind == DealKind.PURCHASE,
            Deal.duplicate_of_id.is_(None),
            DealStanding.assurance != Assurance.DECLARED,
            DealStanding.stage != DealStage.WITHDRAWN,
            DealStanding.amount >= least,
            ~ever,
        )
        .options(
            joinedload(Deal.standing),
            joinedload(Deal.buyer).joinedload(Enterprise.region),
            joinedload(Deal.seller).joinedload(Enterprise.region),
        )
        .order_by(Deal.id)
        .limit(limit)
    )
    return list(session.scalars(everyones(statement, because="every deal is put in somebody's care")))
