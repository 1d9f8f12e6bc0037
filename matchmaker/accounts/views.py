"""Sign out, and how pages look."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    redirect,
    request,
    url_for,
)
from flask import (
    session as cookie,
)
from flask_login import logout_user
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts import services
from matchmaker.accounts.viewer import find_user, get_user
from matchmaker.web.database import get_session
from matchmaker.web.policies import anyone, policy, signed_in

bp = Blueprint("accounts", __name__)
THEMES = ("light", "dark", "auto")
LOCALES = ("zh", "en")


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


def next_page() -> str:
    """The page asked for before, when it is one of ours."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return wanted if is_ours else url_for("portal.today")
