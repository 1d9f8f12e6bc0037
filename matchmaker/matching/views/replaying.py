"""A list asked again of the very index it came from, and whether it came out the same."""

from __future__ import annotations

import hashlib

from flask import render_template, request
from werkzeug.exceptions import NotFound

from matchmaker.accounts.policies import members
from matchmaker.accounts.viewer import get_user
from matchmaker.errors import RuleViolation
from matchmaker.matching import services
from matchmaker.matching.asking import data_dir
from matchmaker.matching.models import MatchRun
from matchmaker.matching.views.asked import asked_of
from matchmaker.matching.views.blueprint import bp
from matchmaker.matching.views.lists import frame
from matchmaker.matching.views.reading import reading
from matchmaker.web.database import get_session
from matchmaker.web.lookups import find_or_404
from matchmaker.web.policies import policy
from matchmaker.web.visibility import visible


@bp.get("/suggestions/lists/<public_id:run_id>/replay")
@policy(members)
def replay(run_id: str) -> str:
    """Replay one list, and say in words whether it is the same to the last byte."""
    session, user = get_session(), get_user()
    run = find_or_404(visible(MatchRun, user), run_id)
    asked = asked_of(session, user, run)
    if asked is None:
        raise NotFound
    again, refusal = None, ""
    try:
        again = services.replay(session, run=run, data_dir=data_dir())
    except RuleViolation as violation:
        refusal = violation.message
    fragment = request.headers.get("HX-Target", "").endswith("#replayed")
    return render_template(
        "matching/_replayed.html" if fragment else "matching/replay.html",
        again=again,
        refusal=refusal,
        stored=_digest(again.stored) if again else "",
        repeated=_digest(again.repeated) if again else "",
        **frame(user, asked, run, reading()),
    )


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:8]
