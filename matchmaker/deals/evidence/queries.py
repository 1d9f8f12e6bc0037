"""Files and sealed papers, read as each person may see them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.base import ExecutableOption

from matchmaker.accounts.models import AuditEntry, Office, Role, User
from matchmaker.accounts.scopes import in_region_of
from matchmaker.db import utcnow
from matchmaker.deals.evidence import scopes  # noqa: F401 -- registers who sees evidence
from matchmaker.deals.evidence.models import EvidenceFile, EvidenceWithdrawal, PaperCheck, SealedPaper
from matchmaker.deals.models import Deal, DealStage, DealStanding
from matchmaker.deals.queries import BEGUN
from matchmaker.events.models import MatchmakingEvent
from matchmaker.web.pagination import Page, paginate
from matchmaker.web.visibility import everyones, visible

REFUSED = ("deal verify refused", "deal paper check refused")
_RECENT = timedelta(days=400)
_OFFERED = 100


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something a person was refused because they had a part in the deal."""

    at: datetime
    action: str
    who: str
    office: str
    deal: Deal


def opens_taken_down(user: User) -> bool:
    """Whether somebody still reads what was taken from view: auditors do."""
    return user.role is Role.AUDITOR


def evidence_of(deal: Deal, user: User) -> Select[EvidenceFile]:
    """The files of a deal as somebody may see them, with everything a list shows."""
    return (
        visible(EvidenceFile, user)
        .where(EvidenceFile.deal_id == deal.id)
        .options(
            joinedload(EvidenceFile.user),
            joinedload(EvidenceFile.office),
            joinedload(EvidenceFile.entry),
            joinedload(EvidenceFile.withdrawal).joinedload(EvidenceWithdrawal.user),
        )
    )


def files_of(session: Session, deal: Deal, user: User) -> list[EvidenceFile]:
    """The files of a deal, the newest first."""
    return list(session.scalars(evidence_of(deal, user).order_by(EvidenceFile.id.desc())))


def file_count(session: Session, deal: Deal) -> int:
    """How many files a deal carries in view."""
    taken_down = exists().where(EvidenceWithdrawal.file_id == EvidenceFile.id)
    counted = select(func.count(EvidenceFile.id)).where(EvidenceFile.deal_id == deal.id, ~taken_down)
    return session.scalar(everyones(counted, because="a number against a limit")) or 0


def papers_of(session: Session, deal: Deal) -> list[SealedPaper]:
    """The sealed papers stated of a deal, the latest last."""
    statement = (
        select(SealedPaper).where(SealedPaper.deal_id == deal.id).options(*_with_paper()).order_by(SealedPaper.id)
    )
    return list(session.scalars(everyones(statement, because="the deal is seen, and the file passes its own scope")))


def waiting_paper(session: Session, deal: Deal) -> SealedPaper | None:
    """The paper of a deal that nobody checked yet."""
    return next((paper for paper in reversed(papers_of(session, deal)) if paper.check is None), None)


def paper_on(session: Session, file: EvidenceFile) -> SealedPaper | None:
    """What was stated of a file, if anything."""
    statement = select(SealedPaper).where(SealedPaper.file_id == file.id).options(*_with_paper())
    return session.scalar(everyones(statement, because="the file is seen"))


def papers_to_check(session: Session, user: User, *, number: int) -> Page[SealedPaper]:
    """The papers an office sees that wait for a check, the oldest first."""
    parties = (
        joinedload(SealedPaper.deal).joinedload(Deal.buyer),
        joinedload(SealedPaper.deal).joinedload(Deal.seller),
        joinedload(SealedPaper.deal).joinedload(Deal.standing),
    )
    statement = visible(SealedPaper, user).where(_is_waiting()).options(*_with_paper(), *parties)
    return paginate(session, statement.order_by(SealedPaper.id), number=number)


def waiting_count(session: Session, user: User) -> int:
    """How many papers an office sees that wait for a check."""
    counted = visible(SealedPaper, user).where(_is_waiting()).with_only_columns(func.count(SealedPaper.id))
    return session.scalar(counted) or 0


def attempts(session: Session, user: User, *, number: int) -> Page[Attempt]:
    """What people were refused because they had a part in the deal, the latest first; the reader is an auditor."""
    statement = select(AuditEntry).where(AuditEntry.action.in_(REFUSED)).order_by(AuditEntry.id.desc())
    page = paginate(session, statement, number=number)
    deals = _deals_named(session, user, {entry.subject_id for entry in page.rows})
    people = _names(session, {entry.actor_id for entry in page.rows})
    offices = _office_names(session)
    rows = [
        Attempt(
            entry.at,
            entry.action,
            people.get(entry.actor_id or 0, ""),
            offices.get(entry.detail.get("office_id", 0), ""),
            deals[entry.subject_id],
        )
        for entry in page.rows
    ]
    return Page(rows, page.number, page.size, page.total)


def digests(session: Session) -> set[str]:
    """The digests of every file that a row names."""
    statement = select(EvidenceFile.digest).distinct()
    return set(session.scalars(everyones(statement, because="only whether the bytes are there is told")))


def events_to_record_from(session: Session, user: User) -> list[MatchmakingEvent]:
    """The begun events of this office or its region, the latest first: where a deal on paper may come from."""
    mine: ColumnElement[bool] = in_region_of(user, MatchmakingEvent.region_id)
    if user.office is not None:
        mine = or_(mine, MatchmakingEvent.organiser_id == user.office.id)
    now = utcnow()
    statement = visible(MatchmakingEvent, user).where(
        mine,
        or_(MatchmakingEvent.state.in_(BEGUN), MatchmakingEvent.starts_at <= now),
        MatchmakingEvent.starts_at > now - _RECENT,
    )
    return list(session.scalars(statement.order_by(MatchmakingEvent.starts_at.desc()).limit(_OFFERED)))


def _is_waiting() -> ColumnElement[bool]:
    """Nobody checked it, and the deal still stands at the amount it speaks of."""
    current = exists().where(
        DealStanding.deal_id == SealedPaper.deal_id,
        DealStanding.round == SealedPaper.round,
        DealStanding.stage != DealStage.WITHDRAWN,
        or_(DealStanding.buyer_consents.is_(False), DealStanding.seller_consents.is_(False)),
    )
    return and_(~exists().where(PaperCheck.paper_id == SealedPaper.id), current)


def _with_paper() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(SealedPaper.file).joinedload(EvidenceFile.withdrawal),
        joinedload(SealedPaper.office),
        joinedload(SealedPaper.stated_by),
        joinedload(SealedPaper.check).options(joinedload(PaperCheck.checked_by), joinedload(PaperCheck.office)),
    )


def _deals_named(session: Session, user: User, addresses: Collection[str]) -> dict[str, Deal]:
    statement = visible(Deal, user).where(Deal.public_id.in_(addresses))
    found = session.scalars(statement.options(joinedload(Deal.buyer), joinedload(Deal.seller)))
    return {deal.public_id: deal for deal in found}


def _names(session: Session, ids: Collection[int | None]) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(ids)))}


def _office_names(session: Session) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(select(Office.id, Office.name))}
