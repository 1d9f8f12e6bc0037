"""How far an office sees: by its region. And whose background work is whose."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from matchmaker.accounts.models import MailConfirmation, OfficeLevel, Role, User
from matchmaker.accounts.policies import OFFICE_ROLES
from matchmaker.jobs.models import Job
from matchmaker.regions.models import Region
from matchmaker.web.visibility import scope


def is_office(user: User | None) -> bool:
    """Whether somebody speaks for an office."""
    return user is not None and user.role in OFFICE_ROLES and user.office is not None


def sees_everything(user: User | None) -> bool:
    """Whether somebody's scope is the whole province: provincial offices and auditors."""
    if user is None or user.office is None:
        return False
    return user.role is Role.AUDITOR or user.office.level is OfficeLevel.PROVINCE


def in_region_of(
    user: User | None, region_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
) -> ColumnElement[bool]:
    """Whether a region column lies in the region of the user's office."""
    if sees_everything(user):
        return true()
    if user is None or user.office is None:
        return false()
    own = user.office.region_id
    return region_id.in_(select(Region.id).where(or_(Region.id == own, Region.parent_id == own)))


@scope(Job)
def _jobs(user: User | None) -> ColumnElement[bool]:
    """A person sees the work they asked for."""
    return false() if user is None else Job.user_id == user.id


@scope(MailConfirmation)
def _mail_confirmations(user: User | None) -> ColumnElement[bool]:
    """What somebody was asked to confirm is known to them."""
    return false() if user is None else MailConfirmation.user_id == user.id
