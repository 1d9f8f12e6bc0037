"""What one is told of: saved searches and one's own lines, how soon, by which way, and how to stop."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session, joinedload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.mailing import queries as addresses
from matchmaker.accounts.mailing import services as mailing
from matchmaker.accounts.models import Role, User
from matchmaker.accounts.policies import enterprises, members
from matchmaker.accounts.viewer import get_user
from matchmaker.db import utcnow
from matchmaker.enterprises.models import Capability, Need
from matchmaker.errors import RuleViolation
from matchmaker.i18n import gettext as _
from matchmaker.matching import policies, services, telling
from matchmaker.matching.asking import settings
from matchmaker.matching.forms import FrequencyForm, SearchForm, SwitchForm
from matchmaker.matching.models import Frequency, Watch, WatchSides
from matchmaker.matching.queries import alerts as queries
from matchmaker.matching.views.blueprint import bp
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.policies import policy
from matchmaker.web.visibility import visible


@bp.get("/alerts")
@policy(members)
def alerts() -> str:
    """Everything this person has watched for them, and where they want mail."""
    return _page()


def _page(*, address: str | None = None, message: str = "") -> str:
    session, user = get_session(), get_user()
    listed = queries.listed_watches(session, user)
    return render_template(
        "matching/alerts.html",
        running=[each for each in listed if each.watch.stopped_at is None],
        stopped=[each for each in listed if each.watch.stopped_at is not None],
        telling=telling,
        frequencies=telling.FREQUENCIES,
        has_mail=_has_mail(),
        address=user.email_asked or user.email or "" if address is None else address,
        person=user,
        asked=addresses.latest_confirmation(session, user) if user.email_asked else None,
        now=utcnow(),
        message=message,
        is_firm=user.role is Role.ENTERPRISE,
    )


@bp.post("/alerts")
@policy(members)
def save_search() -> str | Response | tuple[str, int]:
    """Keep a search, to be told of what is new."""
    session, form = get_session(), SearchForm()
    if not form.validate_on_submit():
        return _page(message=next(iter(form.errors.values()))[0]), 422
    try:
        watch = services.save_search(
            session, text=form.text.data or "", sides=WatchSides(form.sides.data), actor=get_user()
        )
    except RuleViolation as violation:
        return _page(message=violation.message), violation.status
    return _done(session, watch, _("已保存。有新的匹配时每天 8 点提醒。"), url_for(".search", q=watch.text))


@bp.post("/alerts/<public_id:watch_id>/frequency")
@policy(members)
def set_frequency(watch_id: str) -> str | Response | tuple[str, int]:
    """Be told sooner, or later."""
    session, form, watch = get_session(), FrequencyForm(), _find(watch_id)
    if not form.validate_on_submit():
        return _page(message=_("请选一种频率。")), 422
    frequency = Frequency(form.frequency.data)
    services.set_frequency(session, watch=watch, frequency=frequency)
    back = remember(redirect(url_for(".alerts")))
    session.commit()
    how = telling.FREQUENCIES[frequency]
    flash(_("“%(name)s”改为%(how)s。", name=telling.subject(watch), how=how), "success")
    return back


@bp.get("/alerts/<public_id:watch_id>/stop")
@policy(members)
def ask_to_stop(watch_id: str) -> str:
    """Where the way out of a notice leads: one button."""
    watch = _find(watch_id)
    return render_template("matching/stop_alert.html", watch=watch, telling=telling)


@bp.post("/alerts/<public_id:watch_id>/stop")
@policy(members)
def stop_watch(watch_id: str) -> Response:
    """Look out no more."""
    session, watch = get_session(), _find(watch_id)
    services.stop_watch(session, watch=watch)
    return _done(session, watch, _("已停止提醒“%(name)s”。", name=telling.subject(watch)), url_for(".alerts"))


@bp.post("/alerts/<public_id:watch_id>/restart")
@policy(members)
def restart_watch(watch_id: str) -> Response:
    """Look out again."""
    session, watch = get_session(), _find(watch_id)
    services.restart_watch(session, watch=watch)
    return _done(session, watch, _("已恢复提醒“%(name)s”。", name=telling.subject(watch)), url_for(".alerts"))


@bp.post("/alerts/needs/<public_id:need_id>")
@policy(enterprises)
def switch_need(need_id: str) -> Response:
    """Watch one's own need, or stop."""
    need = find_or_404(visible(Need, get_user()).options(joinedload(Need.enterprise)), need_id)
    return _switch(need, url_for(".suggestions", need=need.public_id))


@bp.post("/alerts/capabilities/<public_id:capability_id>")
@policy(enterprises)
def switch_capability(capability_id: str) -> Response:
    """Watch one's own capability, or stop."""
    own = visible(Capability, get_user()).options(joinedload(Capability.enterprise))
    capability = find_or_404(own, capability_id)
    return _switch(capability, url_for(".suggestions", capability=capability.public_id))


@bp.post("/alerts/mail")
@policy(members)
def set_mail() -> str | Response | tuple[str, int]:
    """Say where one wants mail; an empty address means none."""
    session, user, address = get_session(), get_user(), request.form.get("address", "")
    try:
        asked = mailing.set_mail_address(session, user=user, address=address, has_mail=_has_mail(), now=utcnow())
        if asked is None and request.form.get("resume"):
            mailing.resume_mail(session, user=user)
    except RuleViolation as violation:
        return _page(address=address, message=violation.message), violation.status
    kept = _("邮箱已保存。") if user.email else _("邮箱已清除，不再发邮件。")
    return _mail_done(session, kept if asked is None else _("确认邮件已发出，点开信里的链接确认以后才会收到提醒。"))


@bp.post("/alerts/mail/again")
@policy(members)
def ask_again() -> str | Response | tuple[str, int]:
    """Have the letter that asks for confirmation sent once more."""
    session, user = get_session(), get_user()
    try:
        mailing.ask_again(session, user=user, has_mail=_has_mail(), now=utcnow())
    except RuleViolation as violation:
        return _page(message=violation.message), violation.status
    return _mail_done(session, _("确认邮件已再发一次，以前发的链接在有效期内也能用。"))


@bp.post("/alerts/mail/cancel")
@policy(members)
def cancel_mail() -> Response:
    """Give up an address nobody has confirmed."""
    session, user = get_session(), get_user()
    mailing.cancel_change(session, user=user, now=utcnow())
    said = _("已取消，提醒仍发到原来的邮箱。") if user.email else _("已取消，提醒只出现在站内通知里。")
    return _mail_done(session, said)


def _mail_done(session: Session, said: str) -> Response:
    back = remember(redirect(url_for(".alerts")))
    session.commit()
    flash(said, "success")
    return back


def _has_mail() -> bool:
    return settings().mail is not None


def _find(watch_id: str) -> Watch:
    lines = (joinedload(Watch.need), joinedload(Watch.capability))
    return find_or_404(visible(Watch, get_user()).options(*lines), watch_id)


def _switch(line: Need | Capability, back: str) -> Response:
    session, user, form = get_session(), get_user(), SwitchForm()
    if not policies.may_watch(user, line):
        raise NotFound
    watch = services.watch_line(session, line=line, actor=user, is_on=form.is_on)
    name = telling.subject(watch)
    said = _("有新的匹配时提醒“%(name)s”。", name=name) if form.is_on else _("已停止提醒“%(name)s”。", name=name)
    return _done(session, watch, said, back)


def _done(session: Session, watch: Watch, said: str, back: str) -> Response:
    """Keep what was done, say it, and offer its undoing."""
    undo = ".stop_watch" if watch.stopped_at is None else ".restart_watch"
    answer = remember(redirect(back))
    session.commit()
    flash(said, f"undo:{url_for(undo, watch_id=watch.public_id)}")
    return answer


def watch_state(session: Session, user: User, line: Need | Capability | None) -> dict[str, Any]:
    """What the page of a line says of its being watched; what nobody has decided yet is on."""
    watch = queries.line_watch(session, user, line)
    return {
        "watchable": line is not None and policies.may_watch(user, line),
        "is_watched": watch is None or watch.stopped_at is None,
    }
