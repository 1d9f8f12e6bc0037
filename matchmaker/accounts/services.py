"""Sign people in and out, create them, and seal what was done."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker.accounts import passwords
from matchmaker.accounts.models import (
    AuditEntry,
    ChainHead,
    Membership,
    Office,
    Role,
    SignIn,
    SignInAttempt,
    User,
)
from matchmaker.accounts.queries import audit_content, find_user_by_name, recent_attempts, token_digest
from matchmaker.audit import GENESIS, seal
from matchmaker.db import Base, shanghai_day, utcnow
from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _

FREE_ATTEMPTS = 8


class SignInRefused(RuleViolation):
    """The name and password do not belong together; which of them is wrong is not said."""

    template = _("账号或密码不对。请检查后重试；忘记密码请联系本单位管理员。")


class TooManyAttempts(RuleViolation):
    """This account, or this address, was refused too often lately."""

    template = _("连续多次登录未通过，请 15 分钟后再试。")
    status = 429


class NoMembership(RuleViolation):
    """The person exists but acts for nobody today."""

    template = _("该账号目前没有有效的身份。请联系本单位管理员。")


class SignInNameTaken(RuleViolation):
    """Two people cannot share a sign-in name."""

    template = _("登录名“{name}”已被使用，请换一个。")


def sign_in(
    session: Session, *, sign_in_name: str, password: str, address: str, lasting: timedelta, is_api: bool = False
) -> tuple[SignIn, str]:
    """Open a sign-in and return its row and its token, which is shown only once.

    Raises SignInRefused or TooManyAttempts; the caller commits either way, so that a
    refusal is remembered.
    """
    subjects = [token_digest(f"name:{sign_in_name.lower()}"), token_digest(f"address:{address}")]
    if max(recent_attempts(session, subject) for subject in subjects) >= FREE_ATTEMPTS:
        raise TooManyAttempts
    user = find_user_by_name(session, sign_in_name)
    if not passwords.is_password(user.password_hash if user else None, password) or user is None:
        session.add_all(SignInAttempt(subject=subject) for subject in subjects)
        raise SignInRefused
    return open_sign_in_for(session, user=user, lasting=lasting, is_api=is_api)


def open_sign_in_for(session: Session, *, user: User, lasting: timedelta, is_api: bool = False) -> tuple[SignIn, str]:
    """Open a sign-in for a person already recognised. Raises NoMembership."""
    today = shanghai_day(utcnow())
    membership = next((each for each in user.memberships if each.holds_on(today)), None)
    if membership is None or user.left_at is not None:
        raise NoMembership
    token = secrets.token_urlsafe(32)
    row = SignIn(
        user=user,
        membership=membership,
        token_hash=token_digest(token),
        is_api=is_api,
        expires_at=utcnow() + lasting,
    )
    session.add(row)
    record(session, actor=user, action="sign in", subject=user)
    return row, token


def end_sign_in(session: Session, *, sign_in: SignIn) -> None:
    """End a sign-in; its cookie or token is worthless from now on, wherever it is kept."""
    session.execute(update(SignIn).where(SignIn.id == sign_in.id).values(ended_at=utcnow()))


def note_seen(session: Session, sign_in_id: int) -> None:
    """The person behind a sign-in is still here."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=utcnow()))


def act_as(sign_in: SignIn) -> User:
    """The person of a sign-in, acting under its membership."""
    user = sign_in.user
    user.acting_as, user.sign_in = sign_in.membership, sign_in
    return user


def create_user(
    session: Session,
    *,
    sign_in_name: str,
    name: str,
    password: str,
    role: Role,
    starts_on: date,
    enterprise_id: int | None = None,
    office: Office | None = None,
    actor: User | None = None,
) -> User:
    """Create a person with one membership. Raises SignInNameTaken."""
    if find_user_by_name(session, sign_in_name) is not None:
        raise SignInNameTaken(name=sign_in_name)
    user = User(sign_in_name=sign_in_name, name=name, password_hash=passwords.hash_password(password))
    user.memberships.append(Membership(role=role, enterprise_id=enterprise_id, office=office, starts_on=starts_on))
    session.add(user)
    record(session, actor=actor, action="create user", subject=user, detail={"role": role.value})
    return user


def set_preferences(session: Session, *, user: User, theme: str | None = None, locale: str | None = None) -> None:
    """Keep how a person wants pages to look."""
    values = {key: value for key, value in (("theme", theme), ("locale", locale)) if value}
    if values:
        session.execute(update(User).where(User.id == user.id).values(**values))


def record(
    session: Session,
    *,
    actor: User | None,
    action: str,
    subject: Base,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add one sealed entry to the audit record, in the transaction of what was done."""
    entry = AuditEntry(
        at=utcnow(),
        actor_id=actor.id if actor else None,
        action=action,
        subject_type=subject.__tablename__,
        subject_id=str(getattr(subject, "public_id", "")),
        detail=detail or {},
    )
    entry.seal = extend_chain(session, name="audit_entry", content=audit_content(entry))
    session.add(entry)
    return entry


def extend_chain(session: Session, *, name: str, content: dict[str, object]) -> str:
    """Seal one more entry onto a chain and return its seal; writers of one chain queue here."""
    session.flush()
    head = session.scalar(select(ChainHead).where(ChainHead.name == name).with_for_update())
    if head is None:
        head = ChainHead(name=name, seal=GENESIS, count=0)
        session.add(head)
    head.seal, head.count = seal(head.seal, content), head.count + 1
    session.flush()
    return head.seal
