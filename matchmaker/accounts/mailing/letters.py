"""The letter that asks whoever reads an address to confirm it; it goes nowhere else, and no other goes there before."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.orm import Session

from matchmaker.accounts.mailing.links import token_for
from matchmaker.accounts.mailing.queries import Standing, find_confirmation, standing_of
from matchmaker.db import utcnow
from matchmaker.i18n import gettext as _
from matchmaker.notices.letters import Letter, paper
from matchmaker.web.formats import moment

LETTER: Final = "mail-confirmation"


def write_letter(session: Session, payload: dict[str, Any], *, secret: str, public_url: str) -> Letter | None:
    """The letter of a confirmation, or None when it can no longer be confirmed."""
    confirmation = find_confirmation(session, payload["confirmation"])
    if confirmation is None or standing_of(confirmation, now=utcnow()) is not Standing.WAITING:
        return None
    subject = _("供应链对接：请确认这个邮箱")
    words = {
        "subject": subject,
        "url": f"{public_url}/alerts/mail/confirm/{token_for(confirmation, secret=secret)}",
        "until": moment(confirmation.expires_at),
    }
    return Letter(
        to=confirmation.user.email_asked or "",
        subject=subject,
        text=paper(autoescape=False).get_template("accounts/confirmation_letter_text.html").render(words),
        html=paper(autoescape=True).get_template("accounts/confirmation_letter.html").render(words),
    )
