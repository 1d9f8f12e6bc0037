"""What people tried and were refused because they had a part in the deal, for auditors."""

from __future__ import annotations

from flask import render_template, request

from matchmaker.accounts.viewer import get_user
from matchmaker.deals.evidence import policies, queries
from matchmaker.deals.evidence.wording import ATTEMPTS
from matchmaker.deals.views.blueprint import bp
from matchmaker.web.database import get_session
from matchmaker.web.pagination import page_number
from matchmaker.web.policies import policy


@bp.get("/refused")
@policy(policies.auditors)
def refused() -> str:
    """Every refused verification and check, the latest first."""
    page = queries.attempts(get_session(), get_user(), number=page_number(request.args.get("page")))
    return render_template("deals/refused.html", page=page, words=ATTEMPTS)
