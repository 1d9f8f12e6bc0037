"""What the way in and the home pages show."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import ROLE_NAMES
from matchmaker.accounts.queries import listed_users
from matchmaker.enterprises.models import Enterprise
from matchmaker.jobs.models import Job
from matchmaker.web.visibility import everyones, visible


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account a visitor of the demo may enter as."""

    user: User
    role_name: str
    scope_name: str


def demo_accounts(session: Session) -> list[DemoAccount]:
    """The accounts shown on the sign-in page of a demo."""
    users = [user for user in listed_users(session) if user.memberships]
    ids = [user.memberships[0].enterprise_id for user in users]
    statement = everyones(select(Enterprise).where(Enterprise.id.in_(ids)), because="the demo lists its own accounts")
    names = {firm.id: firm.display_name for firm in session.scalars(statement)}
    accounts = []
    for user in users:
        membership = user.memberships[0]
        office = membership.office.name if membership.office else ""
        scope = names.get(membership.enterprise_id or 0, office)
        accounts.append(DemoAccount(user, str(ROLE_NAMES[membership.role]), scope))
    return accounts


def find_job(session: Session, user: User, public_id: str) -> Job | None:
    """One piece of background work this person asked for."""
    return session.scalar(visible(Job, user).where(Job.public_id == public_id))
