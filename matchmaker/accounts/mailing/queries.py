"""Confirmations of mail addresses, read."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import MailConfirmation, User
from matchmaker.accounts.queries import token_digest
from matchmaker.web.visibility import everyones, visible


class Standing(enum.Enum):
    """What a link for confirming can still do."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"  # by it or by another of the same address, which is in use
    USED = "used"  # it was confirmed; the person has since changed or removed the address
    SUPERSEDED = "superseded"  # another address, or none, was wanted before it was confirmed
    EXPIRED = "expired"
    UNKNOWN = "unknown"  # no link of ours, or altered


def address_digest(public_id: str, address: str) -> str:
    """How a confirmation keeps its address: known again when seen, and of no use to compare with others."""
    return token_digest(f"{public_id}:{address}")


def is_about(confirmation: MailConfirmation, address: str | None) -> bool:
    """Whether a confirmation asks about this address."""
    return confirmation.address_hash == address_digest(confirmation.public_id, address or "")


def standing_of(confirmation: MailConfirmation | None, *, now: datetime) -> Standing:
    """What a link can still do; None is a link that is not ours."""
    if confirmation is None:
        return Standing.UNKNOWN
    user = confirmation.user
    if confirmation.confirmed_at is not None:
        return Standing.CONFIRMED if is_about(confirmation, user.email) else Standing.USED
    if confirmation.ended_at is not None or user.left_at is not None or not is_about(confirmation, user.email_asked):
        return Standing.SUPERSEDED
    return Standing.WAITING if now < confirmation.expires_at else Standing.EXPIRED


def find_confirmation(session: Session, public_id: str) -> MailConfirmation | None:
    """The confirmation of a link."""
    statement = (
        select(MailConfirmation)
        .where(MailConfirmation.public_id == public_id)
        .options(joinedload(MailConfirmation.user))
    )
    return session.scalar(everyones(statement, because="whoever holds a signed link was sent it"))


def latest_confirmation(session: Session, user: User) -> MailConfirmation | None:
    """What a person was last asked to confirm."""
    statement = visible(MailConfirmation, user).order_by(MailConfirmation.id.desc()).limit(1)
    return session.scalar(statement)


def asked_lately(session: Session, user: User, *, now: datetime, within: timedelta) -> list[MailConfirmation]:
    """What a person was asked to confirm within a time, newest first."""
    statement = visible(MailConfirmation, user).where(MailConfirmation.asked_at > now - within)
    return list(session.scalars(statement.order_by(MailConfirmation.id.desc())))


def open_confirmations(session: Session, user: User) -> list[MailConfirmation]:
    """What a person was asked to confirm and neither confirmed nor gave up, expired or not."""
    statement = visible(MailConfirmation, user).where(
        MailConfirmation.confirmed_at.is_(None), MailConfirmation.ended_at.is_(None)
    )
    return list(session.scalars(statement.order_by(MailConfirmation.id)))
