"""The links of confirmation letters, which work without signing in.

A link names its confirmation, and is signed over it, its person and its address: a reader of the database cannot
make one, and none can be turned to another person or address. The same letter written again has the same link.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from itsdangerous import Signer
from sqlalchemy.orm import Session

from matchmaker.accounts.mailing import queries
from matchmaker.accounts.models import MailConfirmation

_TOKEN: Final = re.compile(r"([0-9a-z]{20})\.([A-Za-z0-9_-]{20,100})", re.ASCII)


def token_for(confirmation: MailConfirmation, *, secret: str) -> str:
    """What the link of a confirmation ends in."""
    return f"{confirmation.public_id}.{_signer(secret).get_signature(_signed(confirmation)).decode()}"


def find_by_token(session: Session, *, token: str, secret: str) -> MailConfirmation | None:
    """The confirmation of a link, whatever has become of it; None when the link is not ours or was altered."""
    parts = _TOKEN.fullmatch(token)
    confirmation = queries.find_confirmation(session, parts[1]) if parts else None
    if parts is None or confirmation is None:
        return None
    return confirmation if _signer(secret).verify_signature(_signed(confirmation), parts[2]) else None


def _signed(confirmation: MailConfirmation) -> str:
    return f"{confirmation.public_id}.{confirmation.user_id}.{confirmation.address_hash}"


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="matchmaker.mail-confirmation", digest_method=hashlib.sha256)
