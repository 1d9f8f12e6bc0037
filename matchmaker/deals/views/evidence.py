"""Files of a deal: attach them, open them, take one from view."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.deals.evidence import obstacles, policies, services
from matchmaker.deals.evidence.forms import AttachForm, TakeDownForm, megabytes_allowed
from matchmaker.deals.evidence.models import EvidenceFile
from matchmaker.deals.evidence.serving import data_dir, file_answer, find_file
from matchmaker.deals.evidence.wording import PURPOSES
from matchmaker.deals.models import Deal
from matchmaker.deals.obstacles import party_of
from matchmaker.deals.views.blueprint import bp
from matchmaker.deals.views.saying import find_deal
from matchmaker.errors import RuleViolation
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.forms import Form
from matchmaker.web.idempotency import remember
from matchmaker.web.policies import policy


@bp.route("/<public_id:deal_id>/evidence/new", methods=["GET", "POST"])
@policy(policies.attachers)
def attach(deal_id: str) -> Response:
    """Attach a file, or a picture taken now."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    if refused := obstacles.to_attaching(deal, user):
        raise refused
    form = AttachForm()
    if not form.validate_on_submit():
        return _attach_page(deal, user, form, 422 if form.is_submitted() else 200)
    try:
        services.attach(
            session,
            deal=deal,
            actor=user,
            uploads=form.uploads,
            purpose=form.chosen,
            note=form.note.data or "",
            data_dir=data_dir(),
        )
    except RuleViolation as violation:
        flash(violation.message, "warning")
        return _attach_page(deal, user, form, violation.status)
    return _done(session, deal, _("材料已附上。双方和属地主管部门都能看到。"))


@bp.get("/<public_id:deal_id>/evidence/<public_id:file_id>")
@policy(policies.readers)
def evidence(deal_id: str, file_id: str) -> Response:
    """The bytes of a file, to be saved and never shown as a page of ours."""
    session, user = get_session(), get_user()
    return file_answer(find_file(session, user, find_deal(session, user, deal_id), file_id), user)


@bp.route("/<public_id:deal_id>/evidence/<public_id:file_id>/withdraw", methods=["GET", "POST"])
@policy(policies.attachers)
def take_down(deal_id: str, file_id: str) -> Response:
    """Take a file from view, with the reason."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    file, form = find_file(session, user, deal, file_id), TakeDownForm()
    if not form.validate_on_submit():
        return _take_down_page(deal, user, file, form, 422 if form.is_submitted() else 200)
    try:
        services.take_down(session, file=file, actor=user, reason=form.reason.data)
    except RuleViolation as violation:
        flash(violation.message, "warning")
        return _take_down_page(deal, user, file, form, violation.status)
    return _done(session, deal, _("材料已撤下。原件保留，只有审计人员能打开。"))


def _attach_page(deal: Deal, user: User, form: AttachForm, status: int) -> Response:
    return _page("deals/attach.html", deal, user, form, status)


def _take_down_page(deal: Deal, user: User, file: EvidenceFile, form: TakeDownForm, status: int) -> Response:
    return _page("deals/take_down.html", deal, user, form, status, file=file)


def _page(template: str, deal: Deal, user: User, form: Form, status: int, **more: object) -> Response:
    page = render_template(
        template,
        deal=deal,
        party=party_of(deal, user),
        form=form,
        purposes=PURPOSES,
        most=megabytes_allowed(),
        **more,
    )
    return Response(page, status, mimetype="text/html")


def _done(session: Session, deal: Deal, said: str) -> Response:
    answer = remember(redirect(url_for("deals.show", deal_id=deal.public_id, _anchor="evidence")))
    session.commit()
    flash(said, "success")
    return answer
