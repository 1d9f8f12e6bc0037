"""The rows behind the figures of a month: what waits, what came late, what was reversed."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, request
from werkzeug.exceptions import NotFound

from matchmaker.accounts.viewer import get_user
from matchmaker.db import utcnow
from matchmaker.i18n import gettext as _
from matchmaker.progress import policies
from matchmaker.progress.closing import checklist, queries, rows
from matchmaker.progress.closing.checklist import Waiting
from matchmaker.progress.closing.requesting import AskedMonth
from matchmaker.progress.closing.statements import Correction, corrections
from matchmaker.progress.queries.rows import opened_lines
from matchmaker.progress.views.blueprint import bp
from matchmaker.progress.views.closing import month_context
from matchmaker.web.database import get_session
from matchmaker.web.pagination import page_number
from matchmaker.web.policies import policy


@bp.get("/months/<code:month>/waiting/<code:what>")
@policy(policies.readers)
def close_rows(month: str, what: str) -> str:
    """The deals or events that still wait in a month, as far as the reader may see them."""
    session, user = get_session(), get_user()
    if what not in set(Waiting):
        raise NotFound
    asked, kind = AskedMonth(session, month), Waiting(what)
    found = checklist.checklist_of(session, asked.recount, month)
    deals, events, hidden = None, [], 0
    if kind.is_of_deals:
        number = page_number(request.args.get("page"))
        deals = opened_lines(session, user, found.deals[kind], number=number, tells_hidden=False)
    else:
        events = checklist.visible_events(session, user, found.events[kind])
        hidden = found.count(kind) - len(events)
    return render_template(
        "progress/close_rows.html",
        found=deals,
        events=events,
        hidden_events=hidden,
        late=checklist.late_check_ins(session, asked.recount, month),
        kind=kind,
        **month_context(asked),
    )


@bp.get("/months/<code:month>/late")
@policy(policies.readers)
def close_late(month: str) -> str:
    """The deals a month took in late (补报): as published when it is frozen, else as of now."""
    session, user = get_session(), get_user()
    asked = AskedMonth(session, month)
    snapshot = asked.line.snapshot
    said = queries.saying_of(session, snapshot) if snapshot else queries.saying_now(asked.recount)
    number = page_number(request.args.get("page"))
    return render_template(
        "progress/close_late.html",
        found=rows.opened_late(session, user, month, said.deals, asked.recount, number=number),
        **month_context(asked),
    )


@bp.get("/months/<code:month>/corrections")
@policy(policies.readers)
def close_lines(month: str) -> str:
    """The reversing lines (红冲) of a month: the deals of months frozen before that are told otherwise in it."""
    session = get_session()
    asked = AskedMonth(session, month)
    reckoning = asked.reckoning()
    if reckoning is None:
        raise NotFound
    explained = _("在此之前已公布的意向，到这个月的公布（或现在）时有了变动；逐笔列出，合计就是红冲。")
    return _lines_page(asked, reckoning.lines, title=_("%(month)s 红冲", month=month), explained=explained)


@bp.get("/months/<code:month>/since")
@policy(policies.readers)
def close_since(month: str) -> str:
    """The lines by which a frozen month is told otherwise today than it was published."""
    session = get_session()
    asked = AskedMonth(session, month)
    if asked.line.snapshot is None:
        raise NotFound
    before, after = queries.saying_of(session, asked.line.snapshot), queries.saying_now(asked.recount)
    explained = _("公布数加上下列各笔的差额，等于现在的更正数。撤回记在撤回当月，不在此列（R17）。")
    lines = corrections(before.deals, after.deals, {month})
    return _lines_page(asked, lines, title=_("%(month)s 公布后的变动", month=month), explained=explained)


def _lines_page(asked: AskedMonth, lines: list[Correction], *, title: str, explained: str) -> str:
    session, user = get_session(), get_user()
    until: datetime = utcnow()
    if request.endpoint == "progress.close_lines" and asked.line.snapshot is not None:
        until = asked.line.snapshot.taken_at
    return render_template(
        "progress/close_lines.html",
        found=rows.opened_corrections(session, user, lines, until=until, number=page_number(request.args.get("page"))),
        title=title,
        explained=explained,
        back=None,
        **month_context(asked),
    )
