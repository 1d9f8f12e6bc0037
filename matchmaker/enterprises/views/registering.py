"""Enter enterprises, edit them, and lead them through the states of the register."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.policies import members, registrars
from matchmaker.accounts.viewer import get_user
from matchmaker.enterprises import services
from matchmaker.enterprises.credit_codes import normalise
from matchmaker.enterprises.forms import EnterpriseForm, ReasonForm, RegisterForm
from matchmaker.enterprises.models import Enterprise, EnterpriseKind, EnterpriseSize
from matchmaker.enterprises.policies import is_editable_by, may_edit, may_take, reaches
from matchmaker.enterprises.queries.likeness import Lookalike, lookalikes
from matchmaker.enterprises.refusals import NotEditable, OutOfReach
from matchmaker.enterprises.transitions import STEPS
from matchmaker.enterprises.views.blueprint import bp, find_enterprise
from matchmaker.enterprises.wording import STATES, told_as
from matchmaker.errors import RuleViolation
from matchmaker.i18n import gettext as _
from matchmaker.regions.models import Region
from matchmaker.regions.queries import all_regions
from matchmaker.web.database import get_session
from matchmaker.web.forms import Form, lines_of
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import expect_version
from matchmaker.web.policies import allow, policy

_editors = allow(Role.ENTERPRISE, Role.OFFICIAL, Role.COUNTY_OFFICER, Role.ORGANISER, Role.ADMINISTRATOR)


@bp.route("/enterprises/new", methods=["GET", "POST"])
@policy(registrars)
def create() -> AnyResponse:
    """Enter an enterprise, after a look at those that may be the same."""
    session, user, form = get_session(), get_user(), RegisterForm()
    regions = _offer(session, user, form)
    if not form.validate_on_submit():
        return _page(form, None)
    known = [] if form.is_other_firm.data else lookalikes(session, user, form.all_names)
    if known:
        return _page(form, None, known=known)
    try:
        enterprise = services.register_enterprise(
            session,
            credit_code=form.credit_code.data,
            facts=_facts(form, regions),
            actor=user,
            allow_samples=bool(current_app.extensions["settings"].allow_sample_codes),
        )
    except RuleViolation as violation:
        form.form_errors.append(violation.message)
        return _page(form, None, status=violation.status)
    answer = remember(redirect(url_for(".show", enterprise_id=enterprise.public_id)))
    session.commit()
    flash(_("已登记，企业认领后由属地核验。"), "success")
    return answer


@bp.route("/enterprises/<public_id:enterprise_id>/edit", methods=["GET", "POST"])
@policy(_editors)
def edit(enterprise_id: str) -> AnyResponse:
    """Change the facts of an enterprise."""
    session, user, form = get_session(), get_user(), EnterpriseForm()
    enterprise = _find_to_edit(user, enterprise_id)
    regions = _offer(session, user, form)
    if not form.is_submitted():
        form.show(enterprise)
    elif form.validate():
        try:
            expect_version(enterprise, form.seen)
            services.edit_enterprise(session, enterprise=enterprise, facts=_facts(form, regions), actor=user)
        except RuleViolation as violation:
            form.form_errors.append(violation.message)
            return _page(form, enterprise, status=violation.status)
        answer = remember(redirect(_home_of(user, enterprise)))
        session.commit()
        flash(_("资料已保存。"), "success")
        return answer
    return _page(form, enterprise)


@bp.route("/enterprises/<public_id:enterprise_id>/steps/<name>", methods=["GET", "POST"])
@policy(members)
def step(enterprise_id: str, name: str) -> AnyResponse:
    """Lead an enterprise on; a step that needs a reason asks for it first."""
    session, user, enterprise = get_session(), get_user(), find_enterprise(enterprise_id)
    if name not in STEPS or (request.method == "GET" and not STEPS[name].asks_reason):
        raise NotFound
    taken = STEPS[name]
    if not may_take(user, enterprise, taken):
        raise OutOfReach
    form = ReasonForm() if taken.asks_reason else Form()
    if not form.is_submitted():
        form.seen_version.data = str(enterprise.version)
    elif form.validate():
        try:
            expect_version(enterprise, form.seen)
            reason = (form.reason.data or "").strip() if taken.asks_reason else ""
            services.take_step(session, enterprise=enterprise, name=name, actor=user, reason=reason)
        except RuleViolation as violation:
            if not taken.asks_reason:
                raise
            form.form_errors.append(violation.message)
        else:
            answer = remember(redirect(_home_of(user, enterprise)))
            session.commit()
            flash(_("已办理，状态为“%(state)s”。", state=STATES[enterprise.state]), "success")
            return answer
    status = 422 if form.is_submitted() else 200
    return Response(render_template("enterprises/reason.html", form=form, enterprise=enterprise, step=taken), status)


def _find_to_edit(user: User, enterprise_id: str) -> Enterprise:
    enterprise = find_enterprise(enterprise_id)
    if not may_edit(user, enterprise):
        raise OutOfReach
    if not is_editable_by(user, enterprise):
        raise NotEditable(state=STATES[enterprise.state])
    return enterprise


def _home_of(user: User, enterprise: Enterprise) -> str:
    if enterprise.id == user.enterprise_id:
        return url_for(".mine")
    return url_for(".show", enterprise_id=enterprise.public_id)


def _offer(session: Session, user: User, form: EnterpriseForm) -> dict[str, Region]:
    """Offer the places this person may choose, and return them by code."""
    everywhere = user.enterprise_id is not None
    regions = [region for region in all_regions(session) if everywhere or reaches(user.office, region)]
    form.offer(regions)
    return {region.code: region for region in regions}


def _facts(form: EnterpriseForm, regions: dict[str, Region]) -> services.EnterpriseFacts:
    return services.EnterpriseFacts(
        name=form.name.data.strip(),
        short_name=(form.short_name.data or "").strip(),
        former_names=tuple(lines_of(form.former_names.data)),
        region=regions[form.region.data],
        industry_code=(form.industry.data or "").strip().upper() or None,
        kind=EnterpriseKind(form.kind.data),
        size=EnterpriseSize(form.size.data) if form.size.data else None,
        last_year_revenue=form.last_year_revenue.data,
        legal_representative=(form.legal_representative.data or "").strip(),
        parent_code=normalise(form.parent_code.data or "") or None,
    )


def _page(
    form: EnterpriseForm, enterprise: Enterprise | None, *, known: list[Lookalike] | None = None, status: int = 0
) -> Response:
    """The form; known are the firms that may be the one typed in."""
    status = status or (422 if form.is_submitted() else 200)
    return Response(
        render_template("enterprises/edit.html", form=form, enterprise=enterprise, known=known or [], told_as=told_as),
        status,
    )
