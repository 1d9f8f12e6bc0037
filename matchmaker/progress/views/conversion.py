"""What became of the intents, and the deals to follow up."""

from __future__ import annotations

from flask import render_template, request

from matchmaker.accounts.viewer import get_user
from matchmaker.db import utcnow
from matchmaker.i18n import lazy as _
from matchmaker.progress import policies
from matchmaker.progress.conversion import SILENT_DAYS, Fate, Whole
from matchmaker.progress.queries.conversion import conversion_of, stuck_deals
from matchmaker.progress.views.asking import find_asked
from matchmaker.progress.views.blueprint import bp
from matchmaker.web.charts.waiting import SplitPart, split_bar, waiting_curve
from matchmaker.web.database import get_session
from matchmaker.web.pagination import page_number
from matchmaker.web.policies import policy

FATES = {
    Fate.CONTRACTED: _("已签合同"),
    Fate.TALKING: _("在谈"),
    Fate.ENDED: _("已撤回"),
    Fate.UNKNOWN: _("去向不明"),
}


@bp.get("/conversion")
@policy(policies.readers)
def conversion() -> str:
    """From intent to contract: by month of confirmation, by waiting time, and the deals without news."""
    session, user, asked = get_session(), get_user(), find_asked(get_session())
    if asked is None:
        return render_template("progress/none.html")
    found = conversion_of(asked.count(session))
    now = utcnow()
    return render_template(
        "progress/conversion.html",
        found=found,
        by_count=_split(found.whole, by_amount=False),
        by_amount=_split(found.whole, by_amount=True),
        curve=waiting_curve(found.waiting.steps, found.waiting.longest) if found.waiting else None,
        stuck=stuck_deals(session, user, now, number=page_number(request.args.get("page"))),
        fates=FATES,
        silent_days=SILENT_DAYS,
        now=now,
        **asked.context(),
    )


def _split(whole: Whole, *, by_amount: bool) -> tuple[SplitPart, ...]:
    return split_bar([(fate.value, part.amount if by_amount else part.count) for fate, part in whole.parts.items()])
