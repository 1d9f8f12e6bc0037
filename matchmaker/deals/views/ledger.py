"""The ledger: a firm's own deals, or an office's table of them; one deal; an export."""

from __future__ import annotations

import io
import re
from enum import Enum
from typing import TypeVar

from flask import render_template, request, send_file
from werkzeug.wrappers import Response

from matchmaker.accounts.models import Role
from matchmaker.accounts.viewer import get_user
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import exporting, policies, queries, wording
from matchmaker.deals.counting import RULE_VERSION
from matchmaker.deals.following_up.queries import waiting_for
from matchmaker.deals.models import Assurance, DealKind, DealStage
from matchmaker.deals.queries import LedgerFilters
from matchmaker.deals.views.blueprint import bp
from matchmaker.deals.views.saying import find_deal
from matchmaker.deals.views.showing import deal_page
from matchmaker.regions.queries import prefectures
from matchmaker.web.database import get_session
from matchmaker.web.pagination import page_number
from matchmaker.web.policies import policy

Choice = TypeVar("Choice", bound=Enum)
_A_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_MONTHS_OFFERED = 12
_EVENT_ID = 20


@bp.get("")
@policy(policies.readers)
def ledger() -> str:
    """A firm's deals with what awaits it first; an office's ledger with filters in the address."""
    session, user, filters = get_session(), get_user(), _filters()
    page = queries.deals_of(session, user, filters, number=page_number(request.args.get("page")))
    common = {"page": page, "filters": filters, "wording": wording, "without_format": _asked()}
    if user.role is Role.ENTERPRISE and user.enterprise_id is not None:
        own = user.enterprise_id
        waiting = queries.awaiting(session, own)
        stages = queries.stage_summary(session, own)
        asked = waiting_for(session, own)
        return render_template("deals/mine.html", own=own, waiting=waiting, stages=stages, asked=asked, **common)
    return render_template(
        "deals/ledger.html",
        months=[(month, month) for month in _months()],
        place_choices=[(place.code, place.short_name) for place in prefectures(session)],
        event=queries.find_event(session, user, filters.event) if filters.event else None,
        now=utcnow(),
        rule_version=RULE_VERSION,
        **common,
    )


@bp.get("/export")
@policy(policies.readers)
def export() -> Response:
    """The same rows as a workbook, or as .csv when asked for."""
    session, user = get_session(), get_user()
    rows = exporting.rows(queries.all_deals_of(session, user, _filters()))
    is_csv = request.args.get("format") == "csv"
    file = io.BytesIO()
    exporting.write(rows, file, is_csv=is_csv)
    file.seek(0)
    name = f"deals-{shanghai_day(utcnow())}.{'csv' if is_csv else 'xlsx'}"
    return send_file(file, as_attachment=True, download_name=name)


@bp.get("/<public_id:deal_id>")
@policy(policies.readers)
def show(deal_id: str) -> str:
    """One deal."""
    session, user = get_session(), get_user()
    return deal_page(session, user, find_deal(session, user, deal_id))


def _filters() -> LedgerFilters:
    """What the address asks for; what cannot be read is not asked."""
    event = request.args.get("event", "")
    return LedgerFilters(
        kind=_chosen(DealKind, "kind"),
        stage=_chosen(DealStage, "stage"),
        assurance=_chosen(Assurance, "assurance"),
        is_disputed=request.args.get("disputed") == "1",
        month=_month(request.args.get("month", "")),
        prefecture=request.args.get("prefecture", "")[:6],
        event=event if len(event) == _EVENT_ID and event.isascii() else "",
        q=request.args.get("q", "").replace("\0", "").strip()[:100],
    )


def _asked() -> dict[str, str]:
    """The filters of the address, for the links that keep them."""
    return {name: value for name, value in request.args.items() if name not in ("format", "page")}


def _chosen(choices: type[Choice], name: str) -> Choice | None:
    try:
        return choices(request.args.get(name, ""))
    except ValueError:
        return None


def _month(text: str) -> str:
    """A month of the years the count knows, 2000 to 2099."""
    return text if _A_MONTH.fullmatch(text) else ""


def _months() -> list[str]:
    """This month and those before it, the latest first."""
    today = shanghai_day(utcnow())
    numbers = range(today.year * 12 + today.month - 1, today.year * 12 + today.month - 1 - _MONTHS_OFFERED, -1)
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in numbers]
