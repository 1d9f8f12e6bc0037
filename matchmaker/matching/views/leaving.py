"""The way out of a letter: without signing in, by a button and not by the link itself, and back again.

Mail scanners open every link, so opening one changes nothing. A mail program's own “unsubscribe” posts to the same
address (RFC 8058). The token in the address is all that is needed, so the address is told to nobody else.
"""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.policies import everybody
from matchmaker.matching import services, telling
from matchmaker.matching.asking import settings
from matchmaker.matching.models import StopLink
from matchmaker.matching.views.blueprint import bp
from matchmaker.web.database import get_session
from matchmaker.web.policies import policy

_DISCREET = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@bp.get("/alerts/out/<token>")
@policy(everybody)
def ask_to_leave(token: str) -> Response:
    """What would be stopped, and the button that does."""
    return _page(token, _find(token), "asked")


@bp.post("/alerts/out/<token>")
@policy(everybody, keyed=False)
def leave(token: str) -> Response:
    """Stop it, and offer the way back."""
    session, link = get_session(), _find(token)
    services.stop_by_link(session, link=link)
    session.commit()
    return _page(token, link, "left")


@bp.post("/alerts/out/<token>/back")
@policy(everybody, keyed=False)
def come_back(token: str) -> Response:
    """Start it again."""
    session, link = get_session(), _find(token)
    services.undo_by_link(session, link=link)
    session.commit()
    return _page(token, link, "back")


def _find(token: str) -> StopLink:
    link = services.find_stop_link(get_session(), token=token, secret=settings().secret)
    if link is None:
        raise NotFound
    return link


def _page(token: str, link: StopLink, stage: str) -> Response:
    page = render_template("matching/leave.html", token=token, link=link, stage=stage, telling=telling)
    answer = make_response(page)
    answer.headers.update(_DISCREET)
    return answer
