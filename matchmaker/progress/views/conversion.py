"""What became of the intents, and the deals to follow up."""

from __future__ import annotations

from flask import render_template, request

from matchmaker.accounts.viewer import get_user
from matchmaker.db import utcnow
from matchmaker.deals.following_up import policies as following_policies
from matchmaker.deals.following_up import queries as following_up
from matchmaker.deals.following_up import wording as answers
from matchmaker.deals.following_up.models import OffReason
from matchmaker.deals.stewardship import policies as steward_policies
from matchmaker.deals.stewardship import queries as stewardship
from matchmaker.deals.stewardship import wording as stewards
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

_MOST_AT_ODDS = 20

FATES = {
    Fate.CONTRACTED: _("已签合同"),
    Fate.TALKING: _("在谈"),
    Fate.OFF: _("没谈成"),
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
    found = conversion_of(session, asked.count(session))
    now, only_own = utcnow(), request.args.get("mine") == "1"
    stuck = stuck_deals(session, user, now, number=page_number(request.args.get("page")), only_own=only_own)
    at_odds = following_up.at_odds_near(session, user, limit=_MOST_AT_ODDS)
    listed = [*stuck.rows, *at_odds]
    holdings = stewardship.holdings(session, listed)
    return render_template(
        "progress/conversion.html",
        found=found,
        by_count=_split(found.whole, by_amount=False),
        by_amount=_split(found.whole, by_amount=True),
        curve=waiting_curve(found.waiting.steps, found.waiting.longest) if found.waiting else None,
        stuck=stuck,
        only_own=only_own,
        at_odds=at_odds,
        holdings=holdings,
        latest=following_up.last_answers(session, user, listed),
        may_ask=[deal.id for deal in listed if following_policies.may_ask(user, deal)],
        may_hand_over=[deal.id for deal in listed if steward_policies.may_hand_over(user, deal, holdings.get(deal.id))],
        reasons=[(answers.REASONS[OffReason(reason)], count) for reason, count in found.reasons.items()],
        off_total=found.whole.parts[Fate.OFF].count,
        answers=answers,
        stewards=stewards,
        fates=FATES,
        silent_days=SILENT_DAYS,
        now=now,
        **asked.context(),
    )


def _split(whole: Whole, *, by_amount: bool) -> tuple[SplitPart, ...]:
    return split_bar([(fate.value, part.amount if by_amount else part.count) for fate, part in whole.parts.items()])
