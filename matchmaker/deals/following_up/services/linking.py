"""Ways to answer that work without signing in.

A token is 192 random bits, signed; the database keeps only its digest, so that neither a reader of the database nor
a writer to it can answer for anybody. It is made when a letter is written, for one person and one question, and
ends after two months, or with the person's membership.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final, cast

from itsdangerous import BadSignature, Signer
from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import token_digest
from matchmaker.deals.following_up import queries
from matchmaker.deals.following_up.models import FollowUp, FollowUpLink
from matchmaker.matching.queries.rounds import membership_eyes

_BYTES: Final = 24
LASTING: Final = timedelta(days=60)
_KEPT: Final = timedelta(days=400)  # so long an expired link can still say that it has expired


def open_link(session: Session, *, follow_up: FollowUp, membership_id: int, now: datetime, secret: str) -> str:
    """Make a way for a person to answer one question, and return its token, which is shown only once."""
    token = secrets.token_urlsafe(_BYTES)
    session.add(
        FollowUpLink(
            token_hash=token_digest(token),
            follow_up=follow_up,
            membership_id=membership_id,
            created_at=now,
            expires_at=now + LASTING,
        )
    )
    return _signer(secret).sign(token).decode()


def find_link(session: Session, *, token: str, secret: str) -> FollowUpLink | None:
    """The link of a token, expired or not; None when it was not made here."""
    try:
        return queries.link_of(session, _signer(secret).unsign(token).decode())
    except (BadSignature, UnicodeError):
        return None


def person_of(session: Session, *, link: FollowUpLink, now: datetime) -> User | None:
    """Who answers by a link, acting for the firm it was sent to; None once it or their membership has ended."""
    if link.expires_at <= now:
        return None
    return membership_eyes(session, link.membership_id, now=now)


def prune_links(session: Session, *, now: datetime) -> int:
    """Forget the links of long ago, and return how many."""
    old = delete(FollowUpLink).where(FollowUpLink.expires_at < now - _KEPT)
    return cast("CursorResult[Any]", session.execute(old)).rowcount


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="matchmaker.follow-up-link", digest_method=hashlib.sha256)
