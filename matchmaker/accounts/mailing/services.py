"""Say where mail is wanted, have it confirmed, stop it and start it again."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matchmaker.accounts.mailing import queries
from matchmaker.accounts.mailing.letters import LETTER
from matchmaker.accounts.mailing.queries import Standing, address_digest, is_about, standing_of
from matchmaker.accounts.mailing.refusals import (
    AskedJustNow,
    AskedTooOften,
    MailNotSetUp,
    NotAnAddress,
    NothingToConfirm,
)
from matchmaker.accounts.models import MailConfirmation, User
from matchmaker.accounts.services import record
from matchmaker.db import new_public_id, utcnow
from matchmaker.notices.delivering import MAIL
from matchmaker.notices.services import post
from matchmaker.web.formats import moment

LASTING: Final = timedelta(days=3)
PAUSE: Final = timedelta(minutes=10)
A_DAY: Final = timedelta(days=1)
MOST_A_DAY: Final = 5
_KEPT: Final = timedelta(days=90)  # so long an old link can still say what became of it
_A_MINUTE: Final = timedelta(minutes=1)
_ADDRESS = re.compile(
    r"(?=.{6,254}$)[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def set_mail_address(
    session: Session, *, user: User, address: str, has_mail: bool, now: datetime
) -> MailConfirmation | None:
    """Say where a person wants mail and have its reader asked; until then mail goes where it went before.

    An empty address stops mail at once; the address in use already drops a change that waits. Both ask nobody, and
    give None. Raises NotAnAddress, MailNotSetUp, AskedJustNow and AskedTooOften.
    """
    address = address.strip()
    if address and not _ADDRESS.fullmatch(address):
        raise NotAnAddress
    _lock(session, user)
    if not address:
        _clear(session, user, now)
    elif address == user.email:
        _drop_asked(session, user, now)
    elif not has_mail:
        raise MailNotSetUp
    else:
        return _ask(session, user, address, now)
    return None


def ask_again(session: Session, *, user: User, has_mail: bool, now: datetime) -> MailConfirmation:
    """Send the letter once more. Raises NothingToConfirm, MailNotSetUp, AskedJustNow and AskedTooOften."""
    if not has_mail:
        raise MailNotSetUp
    _lock(session, user)
    if user.email_asked is None:
        raise NothingToConfirm
    return _ask(session, user, user.email_asked, now)


def cancel_change(session: Session, *, user: User, now: datetime) -> None:
    """Keep to the address in use, or to none; the links sent out are void."""
    _lock(session, user)
    _drop_asked(session, user, now)


def confirm(session: Session, *, confirmation: MailConfirmation, now: datetime) -> Standing:
    """Send mail to the address of a confirmation from now on; how the confirmation stands then.

    Confirming twice is confirming once. What can no longer be confirmed stays as it is.
    """
    user = confirmation.user
    _lock(session, user)
    session.refresh(confirmation)
    if standing_of(confirmation, now=now) is Standing.WAITING:
        for each in queries.open_confirmations(session, user):
            each.confirmed_at = now
        user.email, user.email_asked, user.mail_stopped_at = user.email_asked, None, None
        record(session, actor=user, action="set mail address", subject=user, detail={"is_set": True, "by_link": True})
    return standing_of(confirmation, now=now)


def stop_mail(session: Session, *, user: User) -> None:
    """Send a person no more mail; what is in the platform still reaches them there."""
    if user.mail_stopped_at is None:
        user.mail_stopped_at = utcnow()
        record(session, actor=user, action="stop mail", subject=user)


def resume_mail(session: Session, *, user: User) -> None:
    """Send a person mail again."""
    if user.mail_stopped_at is not None:
        user.mail_stopped_at = None
        record(session, actor=user, action="resume mail", subject=user)


def _ask(session: Session, user: User, address: str, now: datetime) -> MailConfirmation:
    lately = queries.asked_lately(session, user, now=now, within=A_DAY)
    for each in lately:
        if each.asked_at > now - PAUSE and is_about(each, address):
            raise AskedJustNow(moment=moment(each.asked_at + PAUSE + _A_MINUTE))
    if len(lately) >= MOST_A_DAY:
        raise AskedTooOften(moment=moment(lately[MOST_A_DAY - 1].asked_at + A_DAY + _A_MINUTE))
    if user.email_asked != address:
        _end_open(session, user, now)
    session.execute(
        delete(MailConfirmation).where(MailConfirmation.user_id == user.id, MailConfirmation.asked_at < now - _KEPT)
    )
    user.email_asked = address
    public_id = new_public_id()
    confirmation = MailConfirmation(
        public_id=public_id,
        user=user,
        address_hash=address_digest(public_id, address),
        asked_at=now,
        expires_at=now + LASTING,
    )
    session.add(confirmation)
    # By its random name: SQLite gives the number of a row that was forgotten to the next.
    post(session, kind=MAIL, dedup=f"{LETTER}:{public_id}", payload={"letter": LETTER, "confirmation": public_id})
    record(session, actor=user, action="ask to confirm mail address", subject=user)
    return confirmation


def _clear(session: Session, user: User, now: datetime) -> None:
    if user.email is None and user.email_asked is None:
        return
    _end_open(session, user, now)
    user.email = user.email_asked = user.mail_stopped_at = None
    record(session, actor=user, action="set mail address", subject=user, detail={"is_set": False})


def _drop_asked(session: Session, user: User, now: datetime) -> None:
    if user.email_asked is None:
        return
    _end_open(session, user, now)
    user.email_asked = None
    record(session, actor=user, action="cancel mail address", subject=user)


def _end_open(session: Session, user: User, now: datetime) -> None:
    for each in queries.open_confirmations(session, user):
        each.ended_at = now


def _lock(session: Session, user: User) -> None:
    """Let changes of one person's address queue, and read what the one before has left."""
    session.scalar(select(User).where(User.id == user.id).with_for_update().execution_options(populate_existing=True))
