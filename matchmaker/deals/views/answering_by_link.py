"""Answer by the link of a letter, without signing in: opening it changes nothing, for mail scanners open every link.

The token in the address is all that is needed to answer one question for one firm, so the address is told to nobody
else. A withdrawal cannot be taken back and asks for signing in.
"""

from __future__ import annotations

from flask import current_app, make_response, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import everybody
from matchmaker.db import utcnow
from matchmaker.deals.following_up import services
from matchmaker.deals.following_up.forms import AnswerForm
from matchmaker.deals.following_up.models import FollowUpLink
from matchmaker.deals.views.blueprint import bp
from matchmaker.deals.views.following_up import answer_page, answered
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import once, remember
from matchmaker.web.policies import policy

_DISCREET = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_GONE = 410


@bp.get("/follow-up/<token>")
@policy(everybody)
def follow_up_by_link(token: str) -> Response:
    """The question, and what was answered so far."""
    link, user = _find(token)
    return _discreet(_expired(link) if user is None else _page(token, link, AnswerForm()))


@bp.post("/follow-up/<token>")
@policy(everybody, keyed=False)  # keyed below, under the person the link was sent to
def answer_by_link(token: str) -> Response:
    """Take the answer of the person the link was sent to."""
    link, user = _find(token)
    if user is None:
        return _discreet(_expired(link))
    return _discreet(once(_take, (token, link, user), {}, user_id=user.id))


def _take(token: str, link: FollowUpLink, user: User) -> Response:
    session, form = get_session(), AnswerForm()
    status = answered(session, link.follow_up, form, user, by_link=True)
    if status >= 400:  # noqa: PLR2004 -- refused
        return _page(token, link, form, status)
    reply = remember(redirect(url_for("deals.follow_up_by_link", token=token), 303))
    session.commit()
    return reply


def _find(token: str) -> tuple[FollowUpLink, User | None]:
    """The link of a token with its person; without one it has ended."""
    session = get_session()
    link = services.find_link(session, token=token, secret=current_app.extensions["settings"].secret)
    if link is None:
        raise NotFound
    return link, services.person_of(session, link=link, now=utcnow())


def _page(token: str, link: FollowUpLink, form: AnswerForm, status: int = 200) -> Response:
    url = url_for("deals.answer_by_link", token=token)
    return answer_page(link.follow_up, form, url=url, status=status, is_public=True)


def _expired(link: FollowUpLink) -> Response:
    page = render_template("deals/follow_up_expired.html", deal=link.follow_up.deal)
    return Response(page, _GONE, mimetype="text/html")


def _discreet(answer: Response) -> Response:
    reply = make_response(answer)
    reply.headers.update(_DISCREET)
    return reply
