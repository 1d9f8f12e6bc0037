"""The months of the year, and one month on its way from open to frozen."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.db import utcnow
from matchmaker.deals.counting import RULE_VERSION
from matchmaker.errors import RuleViolation, Stale
from matchmaker.i18n import gettext as _
from matchmaker.programmes import services as programmes
from matchmaker.programmes.policies import may_plan, planners
from matchmaker.progress import policies
from matchmaker.progress.closing import queries, services, wording
from matchmaker.progress.closing.checklist import Waiting
from matchmaker.progress.closing.forms import MonthForm
from matchmaker.progress.closing.refusals import IssuedFileDamaged
from matchmaker.progress.closing.requesting import AskedMonth, file_answer, find_programme_month, freeze_and_publish
from matchmaker.progress.projection import sheet_for
from matchmaker.progress.views.asking import find_asked
from matchmaker.progress.views.blueprint import bp
from matchmaker.web.database import get_session
from matchmaker.web.formats import moment
from matchmaker.web.idempotency import remember
from matchmaker.web.policies import policy


@bp.get("/months")
@policy(policies.readers)
def months() -> str:
    """The months of the year: open, closing or frozen, what was published of each and what is said now."""
    session, user, asked = get_session(), get_user(), find_asked(get_session())
    if asked is None:
        return render_template("progress/none.html")
    lines = queries.months_of(session, asked.programme, sheet_for(session, asked.programme, asked.today).months())
    snapshots = [line.snapshot for line in lines if line.snapshot is not None]
    return render_template(
        "progress/months.html",
        lines=lines,
        files=queries.files_of(session, user, snapshots),
        begun=f"{asked.today:%Y-%m}",
        next_month=queries.first_open([line.period for line in lines]),
        now=moment(utcnow()),
        **asked.context(),
    )


@bp.get("/months/<code:month>")
@policy(policies.readers)
def close(month: str) -> Response:
    """One month: what still waits before it is frozen, or what was published and what has changed since."""
    return _month_page(get_session(), get_user(), month)


@bp.post("/months/<code:month>/propose")
@policy(planners)
def propose(month: str) -> Response:
    """Propose that the month be closed."""
    return _step(month, services.propose, _("已提请关账，等待另一位同事复核。"))


@bp.post("/months/<code:month>/take-back")
@policy(planners)
def take_back(month: str) -> Response:
    """Take the proposal back; the month is open again."""
    return _step(month, programmes.take_back_closing, _("已退回，月份重新开放。"))


@bp.post("/months/<code:month>/freeze")
@policy(planners)
def freeze(month: str) -> Response:
    """Freeze the month that another person proposed, and publish it."""
    return _step(month, freeze_and_publish, _("已冻结并公布。以后的变动记入开放月份，公布件不再改变。"))


@bp.get("/months/<code:month>/files/<public_id:file_id>")
@policy(policies.readers)
def issued(month: str, file_id: str) -> Response:
    """A file issued for a frozen month, byte for byte as it was issued."""
    file = queries.find_file(get_session(), get_user(), month, file_id)
    if file is None:
        raise NotFound
    try:
        return file_answer(file)
    except IssuedFileDamaged as damaged:
        flash(damaged.message, "danger")
        return _month_page(get_session(), get_user(), month, damaged.status)


def _step(month: str, service: Callable[..., object], said: str) -> Response:
    """One step of closing a month, decided on the version of it that the form shows."""
    session, user, form = get_session(), get_user(), MonthForm()
    programme, period = find_programme_month(session, month)
    try:
        if form.seen is not None and form.seen != period.version:
            raise Stale
        service(session, programme=programme, month=month, actor=user)
    except RuleViolation as violation:
        session.rollback()
        flash(violation.message, "warning")
        return _month_page(session, user, month, violation.status)
    answer = remember(redirect(url_for("progress.close", month=month)))
    session.commit()
    flash(said, "success")
    return answer


def _month_page(session: Session, user: User, month: str, status: int = 200) -> Response:
    asked, form = AskedMonth(session, month), MonthForm()
    line, today = asked.line, f"{asked.recount.count.as_of:%Y-%m}"
    form.seen_version.data = asked.period.version
    page = render_template(
        "progress/close.html",
        line=line,
        period=asked.period,
        form=form,
        checklist=asked.checklist(),
        waiting=list(Waiting),
        reckoning=asked.reckoning(),
        steps=wording.steps,
        files=queries.files_of(session, user, [line.snapshot])[line.snapshot.id] if line.snapshot else [],
        earlier_open=asked.earlier_open,
        has_begun=month <= today,
        has_ended=month < today,
        may_close=may_plan(user),
        is_own=asked.period.closed_by_id == user.id,
        **month_context(asked),
    )
    return Response(page, status, mimetype="text/html")


def month_context(asked: AskedMonth) -> dict[str, object]:
    """What every template about a month says."""
    return {"month": asked.month, "rule_version": RULE_VERSION, "as_of": moment(utcnow()), "words": wording}
