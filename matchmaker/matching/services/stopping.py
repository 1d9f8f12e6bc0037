"""Ways out of alerts that work without signing in.

A token is 192 random bits, signed; the database keeps only its digest. So neither a reader of the database nor a
writer to it can open a way out of anybody's alerts.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final, cast

from itsdangerous import BadSignature, Signer
from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from matchmaker.accounts.mailing.services import resume_mail, stop_mail
from matchmaker.accounts.queries import token_digest
from matchmaker.matching.models import StopLink, Watch
from matchmaker.matching.queries import alerts
from matchmaker.matching.services.alerting import restart_watch, stop_watch

_BYTES: Final = 24
_KEPT: Final = timedelta(days=400)


def open_stop_link(session: Session, *, membership_id: int, watch: Watch | None, secret: str) -> str:
    """Make a way out of one watch, or with None of all mail, and return its token, which is shown only once."""
    token = secrets.token_urlsafe(_BYTES)
    session.add(StopLink(token_hash=token_digest(token), membership_id=membership_id, watch=watch))
    return _signer(secret).sign(token).decode()


def find_stop_link(session: Session, *, token: str, secret: str) -> StopLink | None:
    """The way out a token opens; None when it was not made here."""
    try:
        return alerts.stop_link(session, _signer(secret).unsign(token).decode())
    except (BadSignature, UnicodeError):
        return None


def prune_stop_links(session: Session, *, now: datetime) -> int:
    """Forget the ways out in letters of long ago, and return how many; who keeps a letter longer signs in."""
    old = delete(StopLink).where(StopLink.created_at < now - _KEPT)
    return cast("CursorResult[Any]", session.execute(old)).rowcount


def stop_by_link(session: Session, *, link: StopLink) -> None:
    """Stop what the link is of."""
    if link.watch is not None:
        stop_watch(session, watch=link.watch)
    else:
        stop_mail(session, user=link.membership.user)


def undo_by_link(session: Session, *, link: StopLink) -> None:
    """Start again what the link is of."""
    if link.watch is not None:
        restart_watch(session, watch=link.watch)
    else:
        resume_mail(session, user=link.membership.user)


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="matchmaker.stop-link", digest_method=hashlib.sha256)
