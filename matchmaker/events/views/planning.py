"""Plan an event, edit it, and lead it on."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice

from matchmaker.accounts.models import Office, OfficeLevel, User
from matchmaker.accounts.policies import offices, organisers
from matchmaker.accounts.viewer import get_user
from matchmaker.chains.queries import all_chains, find_chain
from matchmaker.errors import NotAllowed, RuleViolation
from matchmaker.events import services
from matchmaker.events.forms import EventForm, ReasonForm
from matchmaker.events.models import EventState, MatchmakingEvent
from matchmaker.events.policies import may_approve
from matchmaker.events.views.blueprint import bp, find_event, find_own_event
from matchmaker.i18n import gettext as _
from matchmaker.regions.models import Region
from matchmaker.regions.queries import all_regions
from matchmaker.web.database import get_session
from matchmaker.web.forms import Form
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import expect_version
from matchmaker.web.policies import policy


@bp.route("/new", methods=["GET", "POST"])
@policy(organisers)
def create() -> AnyResponse:
    """Write down a planned event."""
    session, user = get_session(), get_user()
    office = _office_of(user)
    form, regions = _event_form(session, office)
    if form.validate_on_submit():
        try:
            event = services.plan_event(session, organiser=office, facts=_facts(session, form, regions), actor=user)
        except RuleViolation as violation:
            form.form_errors.append(violation.message)
        else:
            session.flush()
            answer = remember(redirect(url_for(".show", event_id=event.public_id)))
            session.commit()
            flash(_("已存为拟办，核对后送批"), "success")
            return answer
    return _form_page(form, None)


@bp.route("/<public_id:event_id>/edit", methods=["GET", "POST"])
@policy(organisers)
def edit(event_id: str) -> AnyResponse:
    """Change the facts of an event."""
    session = get_session()
    event, user = find_own_event(event_id)
    form, regions = _event_form(session, event.organiser)
    if not form.is_submitted():
        form.show(event)
    elif form.validate():
        try:
            expect_version(event, form.seen)
            services.revise_event(session, event=event, facts=_facts(session, form, regions), actor=user)
        except RuleViolation as violation:
            form.form_errors.append(violation.message)
        else:
            answer = remember(redirect(url_for(".show", event_id=event.public_id)))
            session.commit()
            flash(_("已保存"), "success")
            return answer
    return _form_page(form, event)


def _office_of(user: User) -> Office:
    if user.office is None:
        raise NotAllowed
    return user.office


def _event_form(session: Session, office: Office) -> tuple[EventForm, dict[str, Region]]:
    """The form with the chains there are and the regions the office reaches."""
    form = EventForm()
    regions = {region.code: region for region in all_regions(session) if _reaches(office, region)}
    chains = [SelectChoice(chain.code, chain.name) for chain in all_chains(session)]
    form.chain.choices = [SelectChoice("", _("不限产业链")), *chains]
    form.region.choices = [SelectChoice(code, region.name) for code, region in regions.items()]
    return form, regions


def _reaches(office: Office, region: Region) -> bool:
    if not region.is_inside:
        return False
    return office.level is OfficeLevel.PROVINCE or office.region_id in (region.id, region.parent_id)


def _facts(session: Session, form: EventForm, regions: dict[str, Region]) -> services.EventFacts:
    return services.EventFacts(
        title=form.title.data.strip(),
        summary=(form.summary.data or "").strip(),
        chain=find_chain(session, form.chain.data or ""),
        region=regions[form.region.data],
        venue=form.venue.data.strip(),
        starts_at=form.begins,
        slot_minutes=form.slot_minutes.data,
        slot_count=form.slot_count.data,
        table_count=form.table_count.data,
        capacity=form.capacity.data,
        own_matching=form.own_matching.data,
        lunch_starts_at=form.lunch_begins,
        lunch_ends_at=form.lunch_ends,
    )


def _form_page(form: EventForm, event: MatchmakingEvent | None) -> Response:
    status = 422 if form.is_submitted() else 200
    return Response(render_template("events/edit.html", form=form, event=event), status)


Step = Callable[[Session, MatchmakingEvent, User], None]


def _to(state: EventState) -> Step:
    return lambda session, event, user: services.move_event(session, event=event, to=state, actor=user)


ORGANISER_STEPS: dict[str, Step] = {
    "submit": lambda session, event, user: services.submit_event(session, event=event, actor=user),
    "take-back": _to(EventState.PLANNED),
    "publish": lambda session, event, user: services.publish_event(session, event=event, actor=user),
    "close-registration": _to(EventState.TIMETABLING),
    "reopen-registration": _to(EventState.OPEN),
    "prepare": _to(EventState.PREPARING),
}


@bp.post("/<public_id:event_id>/steps/<step>")
@policy(organisers)
def move(event_id: str, step: str) -> AnyResponse:
    """Lead one's event on: submit, publish, close or reopen registration."""
    if step not in ORGANISER_STEPS:
        raise NotFound
    event, user = find_own_event(event_id)
    return _step(event, lambda session: ORGANISER_STEPS[step](session, event, user))


@bp.post("/<public_id:event_id>/finish")
@policy(organisers)
def finish(event_id: str) -> AnyResponse:
    """End an event; whoever did not come is absent."""
    event, user = find_own_event(event_id)
    return _step(
        event, lambda session: services.finish_event(session, event=event, actor=user), _("活动已结束，可以结报")
    )


@bp.post("/<public_id:event_id>/approve-plan")
@policy(offices)
def approve_plan(event_id: str) -> AnyResponse:
    """Agree to a plan another office submitted."""
    event, user = _find_to_approve(event_id)
    return _step(event, lambda session: services.approve_plan(session, event=event, actor=user), _("已同意举办"))


@bp.route("/<public_id:event_id>/return-plan", methods=["GET", "POST"])
@policy(offices)
def return_plan(event_id: str) -> AnyResponse:
    """Give a plan back with the reason."""
    event, user = _find_to_approve(event_id)
    return ask_reason(
        event, _("退回拟办"), lambda session, why: services.return_plan(session, event=event, reason=why, actor=user)
    )


@bp.route("/<public_id:event_id>/cancel", methods=["GET", "POST"])
@policy(organisers)
def cancel(event_id: str) -> AnyResponse:
    """Call an event off for good."""
    event, user = find_own_event(event_id)
    return ask_reason(
        event, _("取消本场"), lambda session, why: services.cancel_event(session, event=event, reason=why, actor=user)
    )


@bp.route("/<public_id:event_id>/postpone", methods=["GET", "POST"])
@policy(organisers)
def postpone(event_id: str) -> AnyResponse:
    """Put an event off; registrations keep their places."""
    event, user = find_own_event(event_id)
    return ask_reason(
        event, _("本场改期"), lambda session, why: services.postpone_event(session, event=event, reason=why, actor=user)
    )


def _find_to_approve(event_id: str) -> tuple[MatchmakingEvent, User]:
    event, user = find_event(event_id), get_user()
    if not may_approve(user, event):
        raise NotAllowed
    return event, user


def _step(event: MatchmakingEvent, act: Callable[[Session], object], done: str = "") -> AnyResponse:
    """Do one step on what the page showed, and return to the event."""
    session = get_session()
    expect_version(event, Form().seen)
    act(session)
    answer = remember(redirect(url_for(".show", event_id=event.public_id)))
    session.commit()
    flash(done or _("已办理"), "success")
    return answer


def ask_reason(event: MatchmakingEvent, title: str, act: Callable[[Session, str], None]) -> AnyResponse:
    """A page that asks for a reason and then acts on it."""
    session, form = get_session(), ReasonForm()
    if not form.is_submitted():
        form.seen_version.data = str(event.version)
    elif form.validate():
        try:
            expect_version(event, form.seen)
            act(session, form.reason.data.strip())
        except RuleViolation as violation:
            form.form_errors.append(violation.message)
        else:
            answer = remember(redirect(url_for("events.show", event_id=event.public_id)))
            session.commit()
            flash(_("已办理，已通知有关单位"), "success")
            return answer
    status = 422 if form.is_submitted() else 200
    return Response(render_template("events/reason.html", form=form, event=event, title=title), status)
