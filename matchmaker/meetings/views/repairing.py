"""Something happened at the venue: preview what a published timetable becomes, and take a repair back."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import organisers
from matchmaker.accounts.viewer import get_user
from matchmaker.db import utcnow
from matchmaker.enterprises.models import Enterprise
from matchmaker.errors import RuleViolation
from matchmaker.events.models import MatchmakingEvent
from matchmaker.i18n import gettext as _
from matchmaker.meetings import queries, services
from matchmaker.meetings.explaining import pair_of
from matchmaker.meetings.forms import AgreedForm, CalledOffForm, FirmAwayForm, TableLostForm, choices
from matchmaker.meetings.hours import hours_of
from matchmaker.meetings.models import Meeting, TimetableVersion
from matchmaker.meetings.views.blueprint import bp
from matchmaker.meetings.views.reach import own_event, own_timetable, to_timetable
from matchmaker.web.database import get_session
from matchmaker.web.formats import clock
from matchmaker.web.forms import Form
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.policies import policy
from matchmaker.web.visibility import visible

_FORMS: dict[str, type[Form]] = {
    "away": FirmAwayForm,
    "lost": TableLostForm,
    "off": CalledOffForm,
    "agreed": AgreedForm,
}


@bp.route("/events/<public_id:event_id>/timetable/trouble", methods=["GET", "POST"])
@policy(organisers)
def trouble(event_id: str) -> AnyResponse:
    """Say what happened; the answer is a preview that participants do not see."""
    session, user, event = get_session(), get_user(), own_event(event_id)
    published = queries.find_published(session, event)
    if published is None:
        raise NotFound
    sent = request.form.get("of", "")
    forms = _forms(session, event, published, sent)
    form = forms.get(sent)
    if form is not None and form.validate_on_submit():
        try:
            answer = remember(_report(session, user, event, published, form))
        except RuleViolation as violation:
            form.form_errors.append(violation.message)
        else:
            session.commit()
            return answer
    known = {each.request_id for each in queries.meetings_of_timetable(session, published)}
    newcomers = [each for each in queries.placeable_requests(session, event) if each.id not in known]
    facts = queries.requests_with_ids(session, [each.id for each in newcomers])
    page = render_template(
        "meetings/trouble.html",
        event=event,
        published=published,
        forms=forms,
        sent=sent,
        newcomers=[pair_of(each) for each in facts.values()],
    )
    return Response(page, 422 if sent else 200)


def _forms(session: Session, event: MatchmakingEvent, published: TimetableVersion, sent: str) -> dict[str, Form]:
    """Every form of the page, filled with what can be chosen; only the one that was sent reads what was typed."""
    forms = {name: form(request.form if sent == name else None, prefix=f"{name}-") for name, form in _FORMS.items()}
    firms = choices((each.public_id, each.name) for each in queries.seated_firms(session, event))
    meetings = queries.meetings_of_timetable(session, published)
    ahead = choices(hours_of(event, after=utcnow()).items())
    forms["away"].firm.choices = forms["agreed"].asker.choices = forms["agreed"].asked.choices = firms
    forms["away"].slots.choices = forms["lost"].slots.choices = ahead
    forms["lost"].table.choices = choices(
        (table.number, _("%(number)s 号桌", number=table.number)) for table in queries.tables_of(session, event)
    )
    forms["off"].meeting.choices = choices(
        (each.public_id, f"{clock(each.slot.starts_at)} {pair_of(each.request)}")
        for each in meetings
        if not each.is_over
    )
    return forms


def _report(
    session: Session, user: User, event: MatchmakingEvent, published: TimetableVersion, form: Form
) -> AnyResponse:
    """Hand on what was reported, and go to where it is answered."""
    if isinstance(form, AgreedForm):
        asker, asked = (find_or_404(visible(Enterprise, user), each.data) for each in (form.asker, form.asked))
        services.add_agreed_meeting(
            session, event=event, asker=asker, asked=asked, preference=int(form.preference.data), actor=user
        )
        return redirect(url_for(".trouble", event_id=event.public_id, _anchor="newcomers"))
    if isinstance(form, FirmAwayForm):
        firm = find_or_404(visible(Enterprise, user), form.firm.data)
        services.mend_firm_away(session, event=event, firm=firm, slots=form.slots.data, actor=user)
    elif isinstance(form, TableLostForm):
        table = queries.find_table(session, event, form.table.data)
        if table is None:
            raise NotFound
        services.mend_table_lost(session, event=event, table=table, slots=form.slots.data, actor=user)
    else:
        off = visible(Meeting, user).where(Meeting.timetable_id == published.id)
        services.mend_called_off(session, meeting=find_or_404(off, form.meeting.data), actor=user)
    return to_timetable(event)


@bp.post("/events/<public_id:event_id>/timetable/newcomers")
@policy(organisers)
def place_newcomers(event_id: str) -> AnyResponse:
    """Preview where talks agreed since publication find a place."""
    session, user, event = get_session(), get_user(), own_event(event_id)
    services.mend_newcomers(session, event=event, actor=user)
    answer = remember(to_timetable(event))
    session.commit()
    return answer


@bp.post("/timetables/<public_id:timetable_id>/undo-repair")
@policy(organisers)
def undo_repair(timetable_id: str) -> AnyResponse:
    """Put back the version a repair replaced."""
    session, user, version = get_session(), get_user(), own_timetable(timetable_id)
    back = services.undo_repair(session, timetable=version, actor=user)
    answer = remember(to_timetable(version.event, version=back.public_id))
    session.commit()
    flash(_("已恢复第 %(number)s 版，已通知有变动的企业", number=back.number), "success")
    return answer
