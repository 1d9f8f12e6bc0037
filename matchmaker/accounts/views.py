"""Sign out, how pages look, and the page on which a mail address is confirmed."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import (
    session as cookie,
)
from flask_login import logout_user
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts import services
from matchmaker.accounts.mailing import services as mailing
from matchmaker.accounts.mailing.links import find_by_token
from matchmaker.accounts.mailing.queries import Standing, standing_of
from matchmaker.accounts.mailing.wording import masked
from matchmaker.accounts.models import MailConfirmation
from matchmaker.accounts.viewer import find_user, get_user
from matchmaker.db import utcnow
from matchmaker.web.database import get_session
from matchmaker.web.policies import anyone, policy, signed_in

bp = Blueprint("accounts", __name__)
THEMES = ("light", "dark", "auto")
LOCALES = ("zh", "en")
_DISCREET = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_STATUS = {Standing.WAITING: 200, Standing.CONFIRMED: 200, Standing.UNKNOWN: 404}
_GONE = 410


@bp.post("/sign-out")
@policy(signed_in, keyed=False)
def sign_out() -> AnyResponse:
    """End this sign-in, on the server and in the browser."""
    session, user = get_session(), get_user()
    if user.sign_in is not None:
        services.end_sign_in(session, sign_in=user.sign_in)
        session.commit()
    logout_user()
    cookie.clear()
    return redirect(url_for("portal.sign_in"))


@bp.post("/preferences")
@policy(anyone, keyed=False)
def preferences() -> AnyResponse:
    """Choose the theme or the language and return to the page."""
    theme, locale = request.form.get("theme"), request.form.get("locale")
    theme = theme if theme in THEMES else None
    locale = locale if locale in LOCALES else None
    cookie.update({key: value for key, value in (("theme", theme), ("locale", locale)) if value})
    if (user := find_user()) is not None:
        session = get_session()
        services.set_preferences(session, user=user, theme=theme, locale=locale)
        session.commit()
    return redirect(next_page())


@bp.get("/alerts/mail/confirm/<token>")
@policy(anyone)
def ask_to_confirm_mail(token: str) -> AnyResponse:
    """What would be confirmed, and the button that does; opening a link changes nothing, mail scanners open all."""
    confirmation = _confirmation(token)
    return _confirmation_page(token, confirmation, standing_of(confirmation, now=utcnow()))


@bp.post("/alerts/mail/confirm/<token>")
@policy(anyone, keyed=False)  # its link is its key: confirming twice is confirming once
def confirm_mail(token: str) -> AnyResponse:
    """Send mail to this address from now on."""
    session, confirmation, now = get_session(), _confirmation(token), utcnow()
    if confirmation is None:
        return _confirmation_page(token, None, Standing.UNKNOWN)
    standing = mailing.confirm(session, confirmation=confirmation, now=now)
    session.commit()
    return _confirmation_page(token, confirmation, standing)


def _confirmation(token: str) -> MailConfirmation | None:
    return find_by_token(get_session(), token=token, secret=current_app.extensions["settings"].secret)


def _confirmation_page(token: str, confirmation: MailConfirmation | None, standing: Standing) -> AnyResponse:
    user = confirmation.user if confirmation else None
    shown = {Standing.WAITING: user and user.email_asked, Standing.CONFIRMED: user and user.email}.get(standing)
    page = render_template(
        "accounts/confirm_mail.html", token=token, standing=standing, address=masked(shown) if shown else ""
    )
    answer = make_response(page, _STATUS.get(standing, _GONE))
    answer.headers.update(_DISCREET)
    return answer


def next_page() -> str:
    """The page asked for before, when it is one of ours."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return wanted if is_ours else url_for("portal.today")
