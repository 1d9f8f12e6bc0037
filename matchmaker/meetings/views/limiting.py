"""What the organiser knows before a timetable is computed: absences, caps and closed tables."""

from __future__ import annotations

from functools import partial

from flask import Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import organisers
from matchmaker.accounts.viewer import get_user
from matchmaker.enterprises.models import Enterprise
from matchmaker.errors import RuleViolation
from matchmaker.events.models import MatchmakingEvent
from matchmaker.i18n import gettext as _
from matchmaker.meetings import queries, services
from matchmaker.meetings.forms import FirmLimitForm, TableLimitForm, choices
from matchmaker.meetings.hours import half_words, halves_of, hours_in_words, hours_of, slots_chosen
from matchmaker.meetings.views.blueprint import bp
from matchmaker.meetings.views.reach import own_event
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.policies import policy
from matchmaker.web.visibility import visible


@bp.route("/events/<public_id:event_id>/timetable/limits", methods=["GET", "POST"])
@policy(organisers)
def limits(event_id: str) -> AnyResponse:
    """Set what a timetable must keep to; it counts from the next computation on."""
    session, user, event = get_session(), get_user(), own_event(event_id)
    firm, table = _forms(session, event)
    sent = request.form.get("of", "")
    form = {"firm": firm, "table": table}.get(sent)
    if form is not None and form.validate_on_submit():
        try:
            _set(session, user, event, form)
        except RuleViolation as violation:
            form.form_errors.append(violation.message)
        else:
            answer = remember(redirect(url_for(".limits", event_id=event.public_id)))
            session.commit()
            flash(_("已保存，重新计算后生效"), "success")
            return answer
    page = render_template(
        "meetings/limits.html",
        event=event,
        firm_form=firm,
        table_form=table,
        hours_in_words=partial(hours_in_words, event),
        halves=halves_of(event),
        rows=[each for each in queries.availabilities_of(session, event) if each.absent_slots or each.most is not None],
        tables=[each for each in queries.tables_of(session, event) if each.closed_slots],
    )
    return Response(page, 422 if sent else 200)


def _forms(session: Session, event: MatchmakingEvent) -> tuple[FirmLimitForm, TableLimitForm]:
    """Both forms of the page; only the one that was sent reads what was typed."""
    sent = request.form.get("of", "")
    firm = FirmLimitForm(request.form if sent == "firm" else None, prefix="firm-")
    table = TableLimitForm(request.form if sent == "table" else None, prefix="table-")
    firm.firm.choices = choices((each.public_id, each.name) for each in queries.seated_firms(session, event))
    table.table.choices = choices(
        (number, _("%(number)s 号桌", number=number)) for number in range(1, event.table_count + 1)
    )
    for form in (firm, table):
        form.slots.choices = choices(hours_of(event).items())
        form.halves.choices = choices((half, half_words()[half]) for half in halves_of(event))
    return firm, table


def _set(session: Session, user: User, event: MatchmakingEvent, form: FirmLimitForm | TableLimitForm) -> None:
    slots = slots_chosen(event, form.slots.data, form.halves.data)
    if isinstance(form, TableLimitForm):
        services.close_table(session, event=event, number=form.table.data, slots=slots, actor=user)
        return
    firm = find_or_404(visible(Enterprise, user), form.firm.data)
    services.limit_firm(session, event=event, firm=firm, absent_slots=slots, most=form.most.data, actor=user)
