"""Ask, answer, and see one's own meetings."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import enterprises
from matchmaker.accounts.viewer import get_user
from matchmaker.enterprises.models import Enterprise
from matchmaker.errors import NotAllowed, RuleViolation
from matchmaker.events.models import MatchmakingEvent, Side
from matchmaker.events.policies import may_register
from matchmaker.events.queries import registrations_at, today
from matchmaker.events.services import apply_to_event
from matchmaker.events.transitions import ASKABLE
from matchmaker.i18n import gettext as _
from matchmaker.matching.models import MatchSubject, Suggestion
from matchmaker.meetings import queries, services
from matchmaker.meetings.boards import by_event
from matchmaker.meetings.forms import AskForm, DeclineForm
from matchmaker.meetings.models import MeetingRequest
from matchmaker.meetings.policies import may_answer, may_withdraw
from matchmaker.meetings.refusals import SideMissing
from matchmaker.meetings.views.blueprint import bp
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.policies import policy
from matchmaker.web.visibility import visible


@bp.get("/meetings")
@policy(enterprises)
def mine() -> str:
    """What waits for an answer, what is timetabled, what was asked."""
    session, user = get_session(), get_user()
    firm_id = _firm_id(user)
    asked = queries.open_requests_for(session, firm_id)
    own = registrations_at(session, [each.event for each in asked], firm_id)
    days, since = by_event(queries.meetings_of(session, firm_id)), today()
    sent = queries.requests_by(session, firm_id)
    answered = [each for each in queries.requests_to(session, firm_id) if each not in asked]
    return render_template(
        "meetings/mine.html",
        asked=asked,
        must_register={each.id for each in asked if may_register(each.event, own.get(each.event_id))},
        askable=ASKABLE,
        agenda=[day for day in days if day[0].held_on >= since],
        earlier=[day for day in reversed(days) if day[0].held_on < since],
        sent=[each for each in sent if each.event.held_on >= since],
        answered=[each for each in answered if each.event.held_on >= since],
        past=[each for each in (*sent, *answered) if each.event.held_on < since],
        firm_id=firm_id,
    )


@bp.route("/meetings/ask", methods=["GET", "POST"])
@policy(enterprises)
def ask() -> AnyResponse:
    """Ask a firm for a talk at one of the coming events, registering there in the same step where need be."""
    session, user, form = get_session(), get_user(), AskForm()
    asked = find_or_404(visible(Enterprise, user), request.values.get("enterprise", ""))
    suggestion = _suggestion(user, asked)
    choices = queries.askable_events(session, user, asked)
    open_choices = {each.event.public_id: each for each in choices if each.request is None or _is_over(each.request)}
    form.event.choices = [SelectChoice(key, each.event.title) for key, each in open_choices.items()]
    if not form.is_submitted():
        form.event.data = next(iter(open_choices), None)
        form.side.data = _likely_side(suggestion)
    elif form.validate():
        try:
            made = _ask(session, user, asked, suggestion, open_choices[form.event.data], form)
        except RuleViolation as violation:
            form.form_errors.append(violation.message)
        else:
            answer = remember(redirect(url_for(".mine")))
            session.commit()
            undo = url_for(".withdraw", request_id=made.public_id)
            flash(_("已向%(name)s请求洽谈，答复后会通知贵公司", name=asked.display_name), f"undo:{undo}")
            return answer
    status = 422 if form.is_submitted() else 200
    page = render_template("meetings/ask.html", form=form, asked=asked, choices=choices, suggestion=suggestion)
    return Response(page, status)


def _is_over(known: MeetingRequest) -> bool:
    return known.state.value in ("withdrawn", "lapsed")


def _suggestion(user: User, asked: Enterprise) -> Suggestion | None:
    """The suggestion the request came from, where the address names one of this firm's own about that partner."""
    named = request.values.get("suggestion", "")
    if not named:
        return None
    return find_or_404(visible(Suggestion, user).where(Suggestion.enterprise_id == asked.id), named)


def _likely_side(suggestion: Suggestion | None) -> str | None:
    """Whoever was shown a buyer comes to sell, whoever was shown a supplier comes to buy."""
    if suggestion is None:
        return None
    sells = suggestion.run.subject in (MatchSubject.CAPABILITY, MatchSubject.DOWNSTREAM)
    return str((Side.SELLER if sells else Side.BUYER).value)


def _ask(
    session: Session,
    user: User,
    asked: Enterprise,
    suggestion: Suggestion | None,
    choice: queries.AskableEvent,
    form: AskForm,
) -> MeetingRequest:
    asker = session.scalars(visible(Enterprise, user).where(Enterprise.id == user.enterprise_id)).one()
    if choice.must_register:
        if not form.side.data:
            raise SideMissing
        apply_to_event(session, event=choice.event, enterprise=asker, side=Side(form.side.data), actor=user)
    return services.ask_for_meeting(
        session,
        event=choice.event,
        asker=asker,
        asked=asked,
        suggestion=suggestion,
        note=(form.note.data or "").strip(),
        preference=int(form.preference.data),
        actor=user,
    )


@bp.post("/meetings/<public_id:request_id>/accept")
@policy(enterprises)
def accept(request_id: str) -> AnyResponse:
    """Agree to talk; `register` asks for a place at the event too."""
    wanted = request.form.get("register") == "1"
    return _answer(
        request_id,
        lambda session, row, user: services.accept_meeting(session, request=row, actor=user, registering=wanted),
        _("已接受，双方报名通过后由承办单位排期"),
    )


@bp.post("/meetings/<public_id:request_id>/decline")
@policy(enterprises)
def decline(request_id: str) -> AnyResponse:
    """Say no."""
    form = DeclineForm()
    reason = (form.reason.data or "").strip()[:300]
    return _answer(
        request_id,
        lambda session, row, user: services.decline_meeting(session, request=row, reason=reason, actor=user),
        _("已谢绝，对方会收到通知"),
    )


def _answer(request_id: str, act: Callable[[Session, MeetingRequest, User], None], done: str) -> AnyResponse:
    session, user = get_session(), get_user()
    row = find_or_404(visible(MeetingRequest, user), request_id)
    if not may_answer(user, row):
        raise NotAllowed
    act(session, row, user)
    answer = remember(redirect(url_for(".mine")))
    session.commit()
    flash(done, f"undo:{url_for('.reopen', request_id=row.public_id)}")
    return answer


@bp.post("/meetings/<public_id:request_id>/reopen")
@policy(enterprises)
def reopen(request_id: str) -> AnyResponse:
    """Take one's answer back."""
    session, user = get_session(), get_user()
    row = find_or_404(visible(MeetingRequest, user), request_id)
    if not may_answer(user, row):
        raise NotAllowed
    services.reopen_meeting(session, request=row, actor=user)
    return _home(session, _("已撤销答复，请重新答复"))


@bp.post("/meetings/<public_id:request_id>/withdraw")
@policy(enterprises)
def withdraw(request_id: str) -> AnyResponse:
    """Take one's request back."""
    session, user = get_session(), get_user()
    row = find_or_404(visible(MeetingRequest, user), request_id)
    if not may_withdraw(user, row):
        raise NotAllowed
    services.withdraw_meeting(session, request=row, actor=user)
    return _home(session, _("已取消请求"))


def _home(session: Session, done: str) -> AnyResponse:
    answer = remember(redirect(url_for(".mine")))
    session.commit()
    flash(done, "success")
    return answer


@bp.get("/meetings/at/<public_id:event_id>")
@policy(enterprises)
def at_event(event_id: str) -> str:
    """A firm's own meetings at one event, for the page of that event."""
    session, user = get_session(), get_user()
    event = find_or_404(visible(MatchmakingEvent, user), event_id)
    firm_id = _firm_id(user)
    return render_template(
        "meetings/_at_event.html",
        meetings=queries.meetings_of(session, firm_id, event=event),
        waiting=[each for each in queries.open_requests_for(session, firm_id) if each.event_id == event.id],
        firm_id=firm_id,
    )


def _firm_id(user: User) -> int:
    if user.enterprise_id is None:
        raise NotAllowed
    return user.enterprise_id
