"""The list of notices."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from matchmaker.notices import queries, services
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.policies import policy, signed_in

bp = Blueprint("notices", __name__, url_prefix="/notices")


@bp.get("")
@policy(signed_in)
def mine() -> str:
    """Everything this person was told."""
    return render_template(
        "notices/mine.html", notices=queries.notices_for(get_session(), current_user._get_current_object())
    )


@bp.post("/read")
@policy(signed_in)
def read() -> Response:
    """Mark them all as read."""
    session = get_session()
    services.mark_read(session, user=current_user._get_current_object())
    answer = remember(redirect(url_for(".mine")))
    session.commit()
    return answer
