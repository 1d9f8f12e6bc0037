"""What a firm says of a suggestion, in one tap, and takes back in one."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import enterprises
from matchmaker.accounts.viewer import get_user
from matchmaker.i18n import gettext as _
from matchmaker.matching import policies, services, words
from matchmaker.matching.forms import AnswerForm
from matchmaker.matching.models import Suggestion, Verdict
from matchmaker.matching.views.asked import asked_of, url_of
from matchmaker.matching.views.blueprint import bp
from matchmaker.matching.views.lists import evidence_page
from matchmaker.matching.views.reading import reading
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.policies import policy
from matchmaker.web.visibility import visible


@bp.post("/suggestions/<public_id:suggestion_id>/answer")
@policy(enterprises)
def answer(suggestion_id: str) -> str | Response | tuple[str, int]:
    """Interested, not suitable (and why), or partners already."""
    session, user = get_session(), get_user()
    suggestion, form = _find(user, suggestion_id), AnswerForm()
    if not form.validate_on_submit():
        return evidence_page(session, user, suggestion, message=_("请选一项看法。")), 422
    verdict = Verdict(form.verdict.data)
    services.answer_suggestion(
        session, suggestion=suggestion, verdict=verdict, reason=form.reason.data or "", actor=user
    )
    back = remember(redirect(_back(session, user, suggestion)))
    session.commit()
    if not _is_from_list():
        undo = url_for(".take_back", suggestion_id=suggestion.public_id, **reading().query())
        flash(_("已记下：%(verdict)s。", verdict=words.VERDICTS[verdict]), f"undo:{undo}")
    return back


@bp.post("/suggestions/<public_id:suggestion_id>/answer/undo")
@policy(enterprises)
def take_back(suggestion_id: str) -> Response:
    """Take the last answer back."""
    session, user = get_session(), get_user()
    suggestion = _find(user, suggestion_id)
    services.take_back_answer(session, suggestion=suggestion, actor=user)
    back = remember(redirect(_back(session, user, suggestion)))
    session.commit()
    if not _is_from_list():
        flash(_("已收回。"), "success")
    return back


def _find(user: User, suggestion_id: str) -> Suggestion:
    suggestion = find_or_404(visible(Suggestion, user), suggestion_id)
    if not policies.may_answer(user, suggestion.run):
        raise NotFound
    return suggestion


def _is_from_list() -> bool:
    """Whether it was said in a list, which tells at the very row what was noted and how to undo it."""
    return request.args.get("back") == "list"


def _back(session: Session, user: User, suggestion: Suggestion) -> str:
    """The list as it was read, at the row that was answered; else the evidence of the one suggestion."""
    read, asked = reading(), asked_of(session, user, suggestion.run)
    if _is_from_list() and asked is not None:
        said = suggestion.enterprise.public_id
        return url_of(asked.firm, asked.address | read.query(said=said), is_own=True)
    return url_for(".show", suggestion_id=suggestion.public_id, **read.query())
