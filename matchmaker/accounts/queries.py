"""People, offices, sign-ins and the audit record, read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from matchmaker.accounts.models import AuditEntry, ChainHead, Membership, Office, Role, SignIn, SignInAttempt, User
from matchmaker.audit import Link
from matchmaker.db import shanghai_day, utcnow

ATTEMPT_WINDOW = timedelta(minutes=15)


def token_digest(token: str) -> str:
    """How a token is kept: a reader of the database cannot sign in with it."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def open_sign_in(session: Session, token: str, *, idle: timedelta) -> SignIn | None:
    """The sign-in behind a token, unless it was ended, has expired, or its person has left."""
    row = session.scalar(select(SignIn).where(SignIn.token_hash == token_digest(token)))
    now = utcnow()
    if row is None or row.ended_at is not None or row.expires_at <= now:
        return None
    if not row.is_api and row.seen_at + idle <= now:
        return None
    if row.user.left_at is not None or not row.membership.holds_on(shanghai_day(now)):
        return None
    return row


def find_user_by_name(session: Session, sign_in_name: str) -> User | None:
    """The person with this sign-in name."""
    return session.scalar(select(User).where(User.sign_in_name == sign_in_name).options(selectinload(User.memberships)))


def listed_users(session: Session) -> list[User]:
    """The accounts the demo shows on its sign-in page."""
    return list(
        session.scalars(select(User).where(User.is_listed).options(selectinload(User.memberships)).order_by(User.id))
    )


def recent_attempts(session: Session, subject: str) -> int:
    """How often a sign-in for this subject was refused lately."""
    since = utcnow() - ATTEMPT_WINDOW
    statement = select(func.count(SignInAttempt.id)).where(SignInAttempt.subject == subject, SignInAttempt.at > since)
    return session.scalar(statement) or 0


def offices(session: Session) -> list[Office]:
    """Every office."""
    return list(session.scalars(select(Office).order_by(Office.id)))


def members_of(session: Session, *, enterprise_id: int | None = None, role: Role | None = None) -> list[User]:
    """The people who act for an enterprise, or in a role."""
    statement = select(User).join(Membership).distinct().order_by(User.id)
    if enterprise_id is not None:
        statement = statement.where(Membership.enterprise_id == enterprise_id)
    if role is not None:
        statement = statement.where(Membership.role == role)
    return list(session.scalars(statement))


def audit_links(session: Session) -> Iterator[Link]:
    """The audit record as a chain, oldest first."""
    after = 0
    while block := _audit_entries_after(session, after):
        for entry in block:
            yield Link(str(entry.id), audit_content(entry), entry.seal)
        after = block[-1].id


def _audit_entries_after(session: Session, entry_id: int) -> list[AuditEntry]:
    """The next entries of the record; a reader may stop between two blocks at no cost."""
    following = select(AuditEntry).where(AuditEntry.id > entry_id).order_by(AuditEntry.id).limit(1000)
    return list(session.scalars(following))


def audit_content(entry: AuditEntry) -> dict[str, object]:
    """What of an entry is sealed: ids and facts, never names."""
    return {
        "at": entry.at.isoformat(),
        "actor": entry.actor_id,
        "action": entry.action,
        "subject": [entry.subject_type, entry.subject_id],
        "detail": entry.detail,
    }


def chain_head(session: Session, name: str) -> ChainHead | None:
    """The last seal of an append-only table."""
    return session.get(ChainHead, name)
