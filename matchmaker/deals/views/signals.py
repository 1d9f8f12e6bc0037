"""Findings worth a second look, for officials and auditors."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.reviewing import policies, queries, services, wording
from matchmaker.deals.reviewing.forms import MarkForm
from matchmaker.deals.reviewing.models import Verdict
from matchmaker.deals.reviewing.queries import Marked
from matchmaker.deals.signals import Rule
from matchmaker.deals.views.blueprint import bp
from matchmaker.errors import RuleViolation
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.formats import moment
from matchmaker.web.idempotency import remember
from matchmaker.web.pagination import Page, page_number
from matchmaker.web.policies import policy

_PER_PAGE = 30


@bp.get("/signals")
@policy(policies.reviewers)
def signals() -> str:
    """The findings of a year, rule by rule, those nobody looked at first."""
    session, user, year = get_session(), get_user(), _year()
    found = queries.marked_findings(session, user, year)
    rule, is_open = _rule(), request.args.get("open") == "1"
    shown = [each for each in found if _fits(each, rule, is_open=is_open)]
    page = _page(shown)
    return render_template(
        "deals/signals.html",
        page=page,
        parties=queries.parties_of(session, user, page.rows),
        tallies=queries.tallies(found),
        rule=rule,
        is_open=is_open,
        year=year,
        years=[(each, each) for each in _years()],
        kept=_kept(),
        found=len(found),
        now=utcnow(),
        words=wording,
    )


@bp.get("/signals/<public_id:finding_key>")
@policy(policies.reviewers)
def signal(finding_key: str) -> str:
    """One finding: its rule, its figures, its deals, and what was said of it."""
    session, user = get_session(), get_user()
    return _signal_page(session, user, _find(session, user, finding_key), MarkForm())


@bp.post("/signals/<public_id:finding_key>/mark")
@policy(policies.reviewers)
def mark_signal(finding_key: str) -> Response:
    """Say that a finding was looked at, or how it is explained."""
    session, user, form = get_session(), get_user(), MarkForm()
    marked = _find(session, user, finding_key)
    if not form.validate():
        return Response(_signal_page(session, user, marked, form), 422, mimetype="text/html")
    return _say(session, user, marked, form, Verdict(form.verdict.data))


@bp.post("/signals/<public_id:finding_key>/reopen")
@policy(policies.reviewers)
def reopen_signal(finding_key: str) -> Response:
    """Take back what was said of a finding; the words stay in its history."""
    session, user = get_session(), get_user()
    return _say(session, user, _find(session, user, finding_key), MarkForm(), Verdict.OPEN)


def _say(session: Session, user: User, marked: Marked, form: MarkForm, verdict: Verdict) -> Response:
    note = form.note.data or "" if verdict is not Verdict.OPEN else ""
    try:
        services.mark_finding(session, finding=marked.finding, verdict=verdict, actor=user, note=note)
    except RuleViolation as violation:
        form.note.errors = (*form.note.errors, violation.message)
        return Response(_signal_page(session, user, marked, form), violation.status, mimetype="text/html")
    answer = remember(redirect(url_for("deals.signal", finding_key=marked.finding.key, **_kept("rule", "open"))))
    session.commit()
    flash(_("已记下，可以随时恢复为待看。") if verdict is not Verdict.OPEN else _("已恢复为待看。"), "success")
    return answer


def _signal_page(session: Session, user: User, marked: Marked, form: MarkForm) -> str:
    finding = marked.finding
    history = [
        {"at": moment(mark.at), "what": wording.VERDICTS[mark.verdict], "who": mark.user.name, "note": mark.note}
        for mark in queries.marks_of(session, user, finding.key)
    ]
    return render_template(
        "deals/signal.html",
        marked=marked,
        finding=finding,
        deals=queries.deals_of_finding(session, user, finding.rows),
        history=history,
        form=form,
        kept=_kept("rule", "open"),
        words=wording,
        now=utcnow(),
    )


def _find(session: Session, user: User, key: str) -> Marked:
    marked = queries.find_marked(session, user, _year(), key)
    if marked is None:
        raise NotFound
    return marked


def _fits(marked: Marked, rule: Rule | None, *, is_open: bool) -> bool:
    return (rule is None or marked.finding.rule is rule) and (not is_open or marked.verdict is Verdict.OPEN)


def _page(rows: list[Marked]) -> Page[Marked]:
    number = min(page_number(request.args.get("page")), max(1, -(-len(rows) // _PER_PAGE)))
    start = (number - 1) * _PER_PAGE
    return Page(rows[start : start + _PER_PAGE], number, _PER_PAGE, len(rows))


def _year() -> int:
    """The year of the address among those offered; this year unless told."""
    asked = request.args.get("year", "")
    return next((year for year in _years() if str(year) == asked), _years()[0])


def _years() -> list[int]:
    """This year and the two before it."""
    this = shanghai_day(utcnow()).year
    return [this, this - 1, this - 2]


def _rule() -> Rule | None:
    asked = request.args.get("rule", "")
    return Rule(asked) if asked in list(Rule) else None


def _kept(*names: str) -> dict[str, Any]:
    """The part of the address that the links of a page keep."""
    return {name: request.args[name] for name in ("year", *names) if request.args.get(name)}
