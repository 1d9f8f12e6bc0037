"""Draws with their picks and findings, what they say of all deals, and which deals are at V3."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.accounts.models import User
from matchmaker.deals.auditing import scopes  # noqa: F401 -- registers who sees the samples
from matchmaker.deals.auditing.models import AuditDraw, AuditFinding, AuditPick
from matchmaker.deals.models import Assurance, Deal, DealStage, DealStanding
from matchmaker.deals.recounting import recounted
from matchmaker.deals.sampling import Audited, Estimate, Item, Stratum, estimate
from matchmaker.enterprises.models import Enterprise
from matchmaker.programmes.models import Programme
from matchmaker.web.visibility import everyones, visible

_VOUCHED = (Assurance.CONFIRMED, Assurance.VERIFIED)


@dataclass(frozen=True, slots=True)
class Audit:
    """A draw with how far it is audited, and the estimate once every pick has its finding."""

    draw: AuditDraw
    done: int
    estimate: Estimate | None

    @property
    def left(self) -> int:
        """How many picks still wait for a finding."""
        return len(self.draw.picks) - self.done


def frame_of(session: Session, programme: Programme, as_of: date) -> list[Item]:
    """What a sample is drawn from: the purchases that count as of a day, at the amount in force, not annualised."""
    recount = recounted(session, programme, as_of)
    counted = recount.count.deals
    return [
        Item(deal.id, counted[deal.id].full_amount)
        for deal in recount.books.facts.deals
        if counted[deal.id].counted and counted[deal.id].full_amount > 0
    ]


def audits_of(session: Session, user: User, programme: Programme) -> list[Audit]:
    """Every draw of a programme, the latest first."""
    statement = (
        visible(AuditDraw, user)
        .where(AuditDraw.programme_id == programme.id)
        .options(joinedload(AuditDraw.drawn_by), selectinload(AuditDraw.picks).selectinload(AuditPick.findings))
    )
    return [audit_of(draw) for draw in session.scalars(statement.order_by(AuditDraw.number.desc()))]


def find_draw(session: Session, user: User, public_id: str) -> AuditDraw | None:
    """One draw with everything its page shows."""
    deal = selectinload(AuditDraw.picks).joinedload(AuditPick.deal)
    statement = (
        visible(AuditDraw, user)
        .where(AuditDraw.public_id == public_id)
        .options(
            joinedload(AuditDraw.drawn_by),
            joinedload(AuditDraw.programme),
            selectinload(AuditDraw.picks).selectinload(AuditPick.findings).joinedload(AuditFinding.user),
            deal.joinedload(Deal.standing),
            deal.joinedload(Deal.buyer).joinedload(Enterprise.region),
            deal.joinedload(Deal.seller).joinedload(Enterprise.region),
        )
    )
    return session.scalar(statement)


def audit_of(draw: AuditDraw) -> Audit:
    """How far a draw is audited, and what it says once it is."""
    done = sum(pick.finding is not None for pick in draw.picks)
    return Audit(draw, done, _estimate(draw) if draw.picks and done == len(draw.picks) else None)


def _estimate(draw: AuditDraw) -> Estimate:
    findings = {stratum: _audited(draw, stratum) for stratum in Stratum}
    return estimate(findings[Stratum.CERTAIN], findings[Stratum.SAMPLED], sampled_from=draw.sampled_from)


def _audited(draw: AuditDraw, stratum: Stratum) -> list[Audited]:
    return [
        Audited(pick.amount, pick.finding.true_amount)
        for pick in draw.picks
        if pick.finding is not None and pick.stratum == stratum
    ]


def same_draw(session: Session, programme: Programme, *, seed: str, size: int, digest: str) -> AuditDraw | None:
    """The draw of this very sample, if it was drawn before."""
    statement = select(AuditDraw).where(
        AuditDraw.programme_id == programme.id,
        AuditDraw.seed == seed,
        AuditDraw.size == size,
        AuditDraw.digest == digest,
    )
    return session.scalar(everyones(statement.limit(1), because="only auditors draw"))


def draw_count(session: Session, programme: Programme) -> int:
    """How many samples were drawn from a programme."""
    counted = select(func.count()).select_from(AuditDraw).where(AuditDraw.programme_id == programme.id)
    return session.scalar(everyones(counted, because="only auditors draw")) or 0


def drawing_turn(session: Session, programme: Programme) -> None:
    """Wait for whoever else is drawing from the programme; the turn lasts until the transaction ends."""
    session.scalar(select(Programme.id).where(Programme.id == programme.id).with_for_update())


def deals_by_address(session: Session, addresses: Collection[str]) -> dict[str, int]:
    """The ids of deals by their public ids."""
    statement = select(Deal.public_id, Deal.id).where(Deal.public_id.in_(addresses))
    rows = session.execute(everyones(statement, because="the picks of a sample over the whole programme"))
    return {row.public_id: row.id for row in rows}


def numbers_of(session: Session, addresses: Collection[str]) -> dict[str, str]:
    """The numbers people quote of deals, by their public ids."""
    statement = select(Deal.public_id, Deal.number).where(Deal.public_id.in_(addresses))
    rows = session.execute(everyones(statement, because="a number says nothing of its deal"))
    return {row.public_id: row.number for row in rows}


def reviewed(session: Session, deals: Collection[Deal]) -> set[int]:
    """The ids of those among these deals that are at V3: the last finding of a sample upholds the amount in force.

    A finding of less, a later amount, a dispute or a withdrawal leaves a deal at the level its entries give it.
    """
    statement = select(Deal.id).join(DealStanding).where(Deal.id.in_([deal.id for deal in deals]), is_reviewed())
    rows = session.scalars(everyones(statement, because="that a deal was reviewed is told to all who see it"))
    return set(rows) if deals else set()


def all_reviewed(session: Session) -> set[int]:
    """The ids of all deals at V3."""
    statement = select(Deal.id).join(DealStanding).where(is_reviewed())
    return set(session.scalars(everyones(statement, because="that a deal was reviewed is told to all who see it")))


def is_reviewed() -> ColumnElement[bool]:
    """The condition of `reviewed`, for a statement over deals joined with their standing."""
    last = (
        select(func.max(AuditFinding.id))
        .join(AuditPick, AuditFinding.pick_id == AuditPick.id)
        .where(AuditPick.deal_id == DealStanding.deal_id)
        .correlate(DealStanding)
        .scalar_subquery()
    )
    upheld = exists().where(
        AuditFinding.id == last,
        AuditFinding.pick_id == AuditPick.id,
        AuditPick.amount == DealStanding.amount,
        AuditFinding.true_amount >= AuditPick.amount,
    )
    return and_(
        DealStanding.assurance.in_(_VOUCHED),
        DealStanding.is_disputed.is_(False),
        DealStanding.stage != DealStage.WITHDRAWN,
        upheld,
    )


def upholding(session: Session, deal: Deal) -> AuditFinding | None:
    """The finding that holds a deal at V3, with its draw."""
    if not reviewed(session, [deal]):
        return None
    statement = (
        select(AuditFinding)
        .join(AuditPick)
        .where(AuditPick.deal_id == deal.id)
        .options(joinedload(AuditFinding.pick).joinedload(AuditPick.draw))
        .order_by(AuditFinding.id.desc())
        .limit(1)
    )
    return session.scalar(everyones(statement, because="that a deal was reviewed is told to all who see it"))


def assurance_of(session: Session, deal: Deal) -> Assurance:
    """How far a deal can be relied on, V3 included, which comes from an audit sample only."""
    return Assurance.REVIEWED if reviewed(session, [deal]) else deal.standing.assurance
