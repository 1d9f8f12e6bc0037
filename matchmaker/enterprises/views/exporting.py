"""What a list shows, as a workbook or .csv."""

from __future__ import annotations

import io

from flask import flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from matchmaker.accounts.policies import members
from matchmaker.accounts.viewer import get_user
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises import exporting
from matchmaker.enterprises.queries.lines import all_needs
from matchmaker.enterprises.queries.register import MOST_EXPORTED, all_enterprises_of, main_segments
from matchmaker.enterprises.views.blueprint import bp
from matchmaker.enterprises.views.register import asked, need_filters, register_filters
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.formats import count
from matchmaker.web.policies import policy


@bp.get("/enterprises/export")
@policy(members)
def export() -> Response:
    """The register as filtered."""
    session, user = get_session(), get_user()
    rows = all_enterprises_of(session, user, register_filters())
    if len(rows) > MOST_EXPORTED:
        return too_many(url_for(".register", **asked()))
    file = io.BytesIO()
    exporting.write_register(
        rows, main_segments(session, rows), file, is_csv=is_csv(), with_figures=user.office is not None
    )
    return sent(file, "enterprises")


@bp.get("/needs/export")
@policy(members)
def export_needs() -> Response:
    """The needs as filtered."""
    rows = all_needs(get_session(), get_user(), need_filters())
    if len(rows) > MOST_EXPORTED:
        return too_many(url_for(".needs", **asked()))
    file = io.BytesIO()
    exporting.write_needs(rows, file, is_csv=is_csv())
    return sent(file, "needs")


def is_csv() -> bool:
    """Whether the address asks for text instead of a workbook."""
    return request.args.get("format") == "csv"


def too_many(back: str) -> Response:
    """Back to the list, which is to be narrowed first."""
    flash(_("一次最多导出 %(most)s 条，请再加一个条件。", most=count(MOST_EXPORTED)), "warning")
    return redirect(back)


def sent(file: io.BytesIO, name: str) -> Response:
    """The file as a download of today."""
    file.seek(0)
    ending = "csv" if is_csv() else "xlsx"
    return send_file(file, as_attachment=True, download_name=f"{name}-{shanghai_day(utcnow())}.{ending}")
