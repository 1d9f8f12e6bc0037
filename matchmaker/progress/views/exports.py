"""The same rows to take away: as workbooks, as .csv, and as the facts that an auditor recounts offline."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Response, request, send_file
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.deals.counting import RULE_VERSION
from matchmaker.deals.recounting import export_facts, written
from matchmaker.i18n import gettext as _
from matchmaker.progress import exporting, policies, queries
from matchmaker.progress.exporting import Row
from matchmaker.progress.views.asking import (
    Asked,
    asked_basis,
    asked_cut,
    asked_event,
    asked_events,
    asked_place,
    find_asked,
)
from matchmaker.progress.views.blueprint import bp
from matchmaker.web.database import get_session
from matchmaker.web.policies import policy


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be written: its heads, its rows, and the figures that stand below them."""

    titles: list[str]
    rows: Iterable[Row]
    figures: list[Row]


@bp.get("/export/<any(deals, events, enterprises, standings):name>")
@policy(policies.readers)
def export(name: str) -> AnyResponse:
    """Every visible row of a table as a workbook, or as .csv when asked for."""
    session, user, asked = get_session(), get_user(), find_asked(get_session())
    if asked is None:
        raise NotFound
    table = _TABLES[name](session, user, asked)
    is_csv = request.args.get("format") == "csv"
    file = io.BytesIO()
    below = exporting.notes(asked.as_of_text, RULE_VERSION, table.figures)
    exporting.write(table.titles, table.rows, below, file, is_csv=is_csv)
    file.seek(0)
    return send_file(file, as_attachment=True, download_name=f"{name}-{asked.as_of}.{'csv' if is_csv else 'xlsx'}")


@bp.get("/facts.json")
@policy(policies.recounters)
def facts() -> Response:
    """Everything the totals are made of, for `matchmaker count`; for those who see every row anyway."""
    session, user, asked = get_session(), get_user(), find_asked(get_session())
    if not policies.may_recount(user):
        raise Forbidden
    if asked is None:
        raise NotFound
    answer = Response(written(export_facts(session, asked.programme)), mimetype="application/json")
    answer.headers["Content-Disposition"] = f"attachment; filename=facts-{asked.programme.year}.json"
    return answer


def _deals(session: Session, user: User, asked: Asked) -> Table:
    cut, recount = asked_cut(), asked.count(session)
    found = queries.all_deals(session, user, recount, cut)
    number = queries.opened_deals(session, user, recount, cut, number=1)
    figures: list[Row] = [[_("列出合计"), sum(row.line.figure for row in found)]]
    if number.hidden:
        figures.append([_("另有不在查看范围的（笔）"), number.hidden])
    return Table(exporting.deal_titles(), exporting.deal_rows(found), figures)


def _events(session: Session, user: User, asked: Asked) -> Table:
    found = queries.all_events(session, user, asked.count(session), asked_events())
    return Table(exporting.event_titles(), exporting.event_rows(found), [[_("合计（场）"), len(found)]])


def _enterprises(session: Session, user: User, asked: Asked) -> Table:
    recount = asked.count(session)
    found = queries.all_enterprises(session, user, recount, place=asked_place(), event=asked_event())
    attendances = sum(len(row.events) for row in found)
    figures: list[Row] = [[_("合计（家）"), len(found)], [_("合计（家次）"), attendances]]
    return Table(exporting.enterprise_titles(), exporting.enterprise_rows(found), figures)


def _standings(session: Session, user: User, asked: Asked) -> Table:
    sheet = asked.sheet(session)
    found = queries.standings_of_day(session, asked.programme, sheet, asked_basis())
    return Table(exporting.standing_titles(), exporting.standing_rows(found), [[_("全省净意向额"), sheet.net]])


_TABLES: dict[str, Callable[[Session, User, Asked], Table]] = {
    "deals": _deals,
    "events": _events,
    "enterprises": _enterprises,
    "standings": _standings,
}
