"""What a firm can supply: state it, edit it, show it, take it back."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.policies import enterprises
from matchmaker.accounts.viewer import get_user
from matchmaker.chains.queries import all_segments, find_segment
from matchmaker.enterprises import services
from matchmaker.enterprises.forms import CapabilityForm
from matchmaker.enterprises.models import Capability, CapabilityState
from matchmaker.enterprises.views.blueprint import bp, find_own_capability, own_firm
from matchmaker.enterprises.views.proposing import asked_segment, segment_offer
from matchmaker.enterprises.views.stating import fillings_asked, stated, with_stated
from matchmaker.enterprises.wording import FILLINGS
from matchmaker.errors import RuleViolation
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.forms import Form, lines_of
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import expect_version
from matchmaker.web.policies import policy

_BACKED = (CapabilityState.EVIDENCED, CapabilityState.VERIFIED)


@bp.route("/capabilities/new", methods=["GET", "POST"])
@policy(enterprises)
def add_capability() -> AnyResponse:
    """Write down a capability; it is published at once unless kept as a draft."""
    session, user, form, firm = get_session(), get_user(), CapabilityForm(), own_firm()
    form.offer(all_segments(session))
    if "propose" in request.form or not form.validate_on_submit():
        return _page(session, form, None)
    is_draft = "draft" in request.form
    try:
        capability = services.add_capability(session, enterprise=firm, facts=_facts(session, form), actor=user)
        if not is_draft:
            services.publish_capability(session, capability=capability, actor=user)
    except RuleViolation as violation:
        form.form_errors.append(violation.message)
        return _page(session, form, None, violation.status)
    return _saved(session, capability, is_published=not is_draft)


@bp.route("/capabilities/<public_id:capability_id>/edit", methods=["GET", "POST"])
@policy(enterprises)
def edit_capability(capability_id: str) -> AnyResponse:
    """Change a capability; a draft may be published in the same step."""
    session, user, form = get_session(), get_user(), CapabilityForm()
    capability = find_own_capability(capability_id)
    form.offer(all_segments(session))
    if not form.is_submitted():
        form.show(capability)
        form.segment.data = asked_segment(form.segment.data)
        return _page(session, form, capability)
    if "propose" in request.form or not form.validate():
        return _page(session, form, capability)
    is_published = "publish" in request.form
    try:
        expect_version(capability, form.seen)
        services.edit_capability(session, capability=capability, facts=_facts(session, form), actor=user)
        if is_published:
            services.publish_capability(session, capability=capability, actor=user)
    except RuleViolation as violation:
        form.form_errors.append(violation.message)
        return _page(session, form, capability, violation.status)
    return _saved(session, capability, is_published=is_published)


@bp.post("/capabilities/<public_id:capability_id>/publish")
@policy(enterprises)
def publish_capability(capability_id: str) -> AnyResponse:
    """Show a capability to other firms."""
    session, user, capability = get_session(), get_user(), find_own_capability(capability_id)
    expect_version(capability, Form().seen)
    services.publish_capability(session, capability=capability, actor=user)
    return _saved(session, capability, is_published=True)


@bp.post("/capabilities/<public_id:capability_id>/withdraw")
@policy(enterprises)
def withdraw_capability(capability_id: str) -> AnyResponse:
    """Take a capability off the register."""
    session, user, capability = get_session(), get_user(), find_own_capability(capability_id)
    expect_version(capability, Form().seen)
    was_backed = capability.state in _BACKED
    services.withdraw_capability(session, capability=capability, actor=user)
    answer = remember(redirect(url_for(".mine", _anchor="capabilities")))
    session.commit()
    words = _("“%(product)s”已撤下，不再参与匹配。", product=capability.product)
    if was_backed:
        words += _("重新发布后按“自报”显示，须再次核验。")
    flash(words, f"undo:{url_for('.publish_capability', capability_id=capability.public_id)}")
    return answer


def _saved(session: Session, capability: Capability, *, is_published: bool) -> AnyResponse:
    answer = remember(redirect(url_for(".mine", _anchor="capabilities")))
    session.commit()
    if is_published:
        undo = url_for(".withdraw_capability", capability_id=capability.public_id)
        flash(_("“%(product)s”已发布，开始参与匹配。", product=capability.product), f"undo:{undo}")
    else:
        flash(_("“%(product)s”已保存。", product=capability.product), "success")
    return answer


def _facts(session: Session, form: CapabilityForm) -> services.CapabilityFacts:
    code = form.segment_code
    facts = services.CapabilityFacts(
        product=form.product.data.strip(),
        segment=find_segment(session, code) if code else None,
        material=(form.material.data or "").strip(),
        spec=(form.spec.data or "").strip(),
        capacity=form.capacity.data,
        capacity_unit=(form.capacity_unit.data or "").strip(),
        capacity_period=form.capacity_period.data or "",
        spare=form.spare.data,
        lead_days=form.lead_days.data,
        certificates=tuple(lines_of(form.certificates.data)),
        radius_km=form.radius_km.data,
    )
    return with_stated(facts, fillings_asked())


def _page(session: Session, form: CapabilityForm, capability: Capability | None, status: int = 0) -> Response:
    refused = form.is_submitted() and "propose" not in request.form
    text, chosen = form.product.data or "", str(form.segment.data or "")
    offer = segment_offer(session, text=text, chosen=chosen, proposed=str(form.proposed.data or ""))
    page = render_template(
        "enterprises/edit_capability.html",
        form=form,
        capability=capability,
        offer=offer,
        recognised=stated(text, fillings_asked(), capability),
        wishes=FILLINGS,
    )
    return Response(page, status or (422 if refused else 200))
