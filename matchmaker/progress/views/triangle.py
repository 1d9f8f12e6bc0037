"""The revision triangle, its cells opened to lines, and the same to take away."""

from __future__ import annotations

import io
from typing import Any

from flask import render_template, request, send_file
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.viewer import get_user
from matchmaker.db import utcnow
from matchmaker.deals.counting import RULE_VERSION
from matchmaker.i18n import gettext as _
from matchmaker.programmes.models import Programme
from matchmaker.progress import exporting, policies
from matchmaker.progress.closing import queries, rows
from matchmaker.progress.closing import triangle as telling
from matchmaker.progress.closing.requesting import AskedMonth
from matchmaker.progress.closing.triangle import TODAY
from matchmaker.progress.projection import sheet_for
from matchmaker.progress.views.asking import Asked, find_asked
from matchmaker.progress.views.blueprint import bp
from matchmaker.progress.views.closing import month_context
from matchmaker.web.database import get_session
from matchmaker.web.formats import full_date, moment
from matchmaker.web.pagination import page_number
from matchmaker.web.policies import policy


@bp.get("/triangle")
@policy(policies.readers)
def triangle() -> str:
    """What was said of each month at each freezing, and today."""
    session, asked = get_session(), find_asked(get_session())
    if asked is None:
        return render_template("progress/none.html")
    told = _told(session, asked)
    return render_template("progress/triangle.html", today=TODAY, now=moment(utcnow()), **told, **asked.context())


@bp.get("/triangle/<code:month>/<code:column>")
@policy(policies.readers)
def triangle_lines(month: str, column: str) -> str:
    """The lines by which a month is told otherwise on one occasion than on the one before."""
    session, user = get_session(), get_user()
    asked = AskedMonth(session, month)
    lines = queries.changes_of(session, month, column, asked.snapshots, asked.recount)
    if lines is None:
        raise NotFound
    taken_at = {each.month: each.taken_at for each in asked.snapshots}
    number = page_number(request.args.get("page"))
    found = rows.opened_corrections(session, user, lines, until=taken_at.get(column) or utcnow(), number=number)
    occasion = _("今天") if column == TODAY else _("%(month)s 关账时", month=column)
    return render_template(
        "progress/close_lines.html",
        found=found,
        title=_("%(month)s 的变动，%(occasion)s", month=month, occasion=occasion),
        explained=_("与上一次说法相比的差额，逐笔列出，合计就是三角里的这一格。"),
        back="triangle",
        **month_context(asked),
    )


@bp.get("/triangle/export")
@policy(policies.readers)
def triangle_export() -> Response:
    """The triangle in whole yuan, as a workbook, or as .csv when asked for."""
    session, asked = get_session(), find_asked(get_session())
    if asked is None:
        raise NotFound
    is_csv = request.args.get("format") == "csv"
    told = _told(session, asked)
    titles = [_("月份"), *told["heads"]]
    table: list[exporting.Row] = [
        [row.month, *(None if cell is None else cell.amount for cell in row.cells)] for row in told["rows"]
    ]
    below = exporting.notes(moment(utcnow()), RULE_VERSION, [[_("合计"), *told["sums"]]])
    file = io.BytesIO()
    exporting.write(titles, table, below, file, is_csv=is_csv)
    file.seek(0)
    ending = "csv" if is_csv else "xlsx"
    return send_file(file, as_attachment=True, download_name=f"triangle-{asked.today}.{ending}")


def _told(session: Session, asked: Asked) -> dict[str, Any]:
    """The triangle with the heads of its columns, in words."""
    programme: Programme = asked.programme
    snapshots = queries.snapshots_of(session, programme)
    now = sheet_for(session, programme, asked.today).months()
    columns = queries.columns_of(snapshots, now)
    frozen = columns[-1].frozen
    begun = f"{asked.today:%Y-%m}"
    periods = [line.period.month for line in queries.months_of(session, programme, now)]
    open_months = [month for month in {*periods, *now} if month not in frozen and (month <= begun or month in now)]
    found = telling.triangle(columns, open_months)
    heads = [_("%(month)s 关账（%(day)s）", month=each.month, day=full_date(each.taken_at)) for each in snapshots]
    return {
        "columns": columns,
        "rows": found,
        "sums": telling.sums(found),
        "heads": [*heads, _("今天")],
        "snapshots": snapshots,
    }
