"""Who is seen in the suggestions, for those who answer for their fairness."""

from __future__ import annotations

from flask import render_template

from matchmaker.accounts.policies import offices
from matchmaker.db import utcnow
from matchmaker.matching import exposing
from matchmaker.matching.asking import data_dir
from matchmaker.matching.exposure import RULE_VERSION
from matchmaker.matching.queries.seen import exposure_now
from matchmaker.matching.ranking import current_ranking
from matchmaker.matching.views.blueprint import bp
from matchmaker.regions.queries import prefectures
from matchmaker.web.database import get_session
from matchmaker.web.policies import policy


@bp.get("/matching/exposure")
@policy(offices)
def exposure() -> str:
    """How the first ten places of all current lists are shared out among the firms."""
    session, now = get_session(), utcnow()
    found = exposure_now(session, now=now)
    places = {place.code: place.short_name for place in prefectures(session)}
    return render_template(
        "matching/exposure.html",
        found=found,
        lead=exposing.verdict(found),
        respects=[(exposing.RESPECTS[one.name], one, exposing.named(one, places)) for one in found.respects],
        ranking=current_ranking(data_dir()),
        now=now,
        rule_version=RULE_VERSION,
    )
