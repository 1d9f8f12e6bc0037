"""Who sees the evidence of which deals: the two firms, the offices of their regions, whoever attached it, auditors."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.scopes import in_region_of, is_office, sees_everything
from matchmaker.deals.evidence.models import EvidenceFile, EvidenceWithdrawal, PaperCheck, SealedPaper
from matchmaker.deals.models import Deal
from matchmaker.enterprises.models import Enterprise
from matchmaker.web.visibility import scope


@scope(EvidenceFile)
def _files(user: User | None) -> ColumnElement[bool]:
    return _seen(EvidenceFile, user)


@scope(SealedPaper)
def _papers(user: User | None) -> ColumnElement[bool]:
    return _seen(SealedPaper, user)


@scope(EvidenceWithdrawal)
def _withdrawals(user: User | None) -> ColumnElement[bool]:
    return EvidenceWithdrawal.file_id.in_(select(EvidenceFile.id).where(_files(user)))


@scope(PaperCheck)
def _checks(user: User | None) -> ColumnElement[bool]:
    return PaperCheck.paper_id.in_(select(SealedPaper.id).where(_papers(user)))


def _seen(model: Any, user: User | None) -> ColumnElement[bool]:
    """An office that only ran the event sees the deal, and of the evidence what it attached itself."""
    if user is None or user.role is Role.ADMINISTRATOR:
        return false()
    if sees_everything(user):
        return true()
    seen: ColumnElement[bool] = model.deal_id.in_(_deals(user))
    if is_office(user) and user.office is not None:
        return or_(seen, model.office_id == user.office.id)
    return seen


def _deals(user: User) -> Select[int]:
    """The deals whose parties a person speaks for or sits near."""
    if not is_office(user):
        return select(Deal.id).where(or_(Deal.buyer_id == user.enterprise_id, Deal.seller_id == user.enterprise_id))
    near = select(Enterprise.id).where(in_region_of(user, Enterprise.region_id))
    return select(Deal.id).where(or_(Deal.buyer_id.in_(near), Deal.seller_id.in_(near)))
