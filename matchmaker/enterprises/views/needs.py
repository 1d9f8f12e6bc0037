"""What a firm wants: state it, edit it, read it."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.policies import enterprises, members
from matchmaker.accounts.viewer import get_user
from matchmaker.chains.proposing import placings
from matchmaker.chains.queries import all_segments, find_segment
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises import services, wording
from matchmaker.enterprises.forms import NeedForm
from matchmaker.enterprises.models import OPEN_NEEDS, Need, NeedState, NeedVisibility
from matchmaker.enterprises.policies import may_verify
from matchmaker.enterprises.refusals import NeedNotEditable
from matchmaker.enterprises.transitions import CLOSABLE, EDITABLE_NEEDS, NEED_MOVES, PUBLISHABLE
from matchmaker.enterprises.views.blueprint import bp, find_need, find_own_need, own_firm
from matchmaker.enterprises.views.proposing import asked_segment, segment_offer
from matchmaker.enterprises.views.reading import recognised, wishes_asked, with_wishes
from matchmaker.errors import RuleViolation
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.forms import lines_of
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import expect_version
from matchmaker.web.policies import policy


@bp.get("/needs/<public_id:need_id>")
@policy(members)
def show_need(need_id: str) -> str:
    """One need, with what this person may do about it."""
    user, need = get_user(), find_need(need_id)
    is_own = need.enterprise_id == user.enterprise_id
    today = shanghai_day(utcnow())
    can_edit = is_own and need.state in EDITABLE_NEEDS
    return render_template(
        "enterprises/show_need.html",
        need=need,
        placing=placings(get_session(), [(need.text, need.segment)])[0] if can_edit else None,
        is_own=is_own,
        is_firm=user.enterprise_id is not None,
        is_over=need.valid_until is not None and need.valid_until < today,
        can_edit=can_edit,
        can_publish=is_own and need.state in PUBLISHABLE,
        can_withdraw=is_own and NeedState.WITHDRAWN in NEED_MOVES[need.state],
        can_close=is_own and need.state in CLOSABLE,
        can_approve=need.state is NeedState.PENDING and may_verify(user, need.enterprise),
        wording=wording,
    )


@bp.route("/needs/new", methods=["GET", "POST"])
@policy(enterprises)
def add_need() -> AnyResponse:
    """Write down a need; it is published at once unless kept as a draft."""
    session, user, form, firm = get_session(), get_user(), NeedForm(), own_firm()
    form.offer(all_segments(session))
    if "propose" in request.form or not form.validate_on_submit():
        return _page(session, form, None)
    is_draft = "draft" in request.form
    try:
        need = services.add_need(session, enterprise=firm, facts=_facts(session, form), actor=user)
        if not is_draft:
            services.publish_need(session, need=need, actor=user)
    except RuleViolation as violation:
        form.form_errors.append(violation.message)
        return _page(session, form, None, violation.status)
    return need_saved(session, need, is_published=not is_draft)


@bp.route("/needs/<public_id:need_id>/edit", methods=["GET", "POST"])
@policy(enterprises)
def edit_need(need_id: str) -> AnyResponse:
    """Change a need; one that is not out may be published in the same step."""
    session, user, form, need = get_session(), get_user(), NeedForm(), find_own_need(need_id)
    if need.state not in EDITABLE_NEEDS:
        raise NeedNotEditable(state=wording.NEED_STATES[need.state])
    form.offer(all_segments(session))
    if not form.is_submitted():
        form.show(need)
        form.segment.data = asked_segment(form.segment.data)
        return _page(session, form, need)
    if "propose" in request.form or not form.validate():
        return _page(session, form, need)
    is_published = "publish" in request.form
    try:
        expect_version(need, form.seen)
        services.edit_need(session, need=need, facts=_facts(session, form), actor=user)
        if is_published:
            services.publish_need(session, need=need, actor=user)
    except RuleViolation as violation:
        form.form_errors.append(violation.message)
        return _page(session, form, need, violation.status)
    return need_saved(session, need, is_published=is_published)


def need_saved(session: Session, need: Need, *, is_published: bool) -> AnyResponse:
    """Commit, say what became of the need, and go to who can supply it, or to the need where nobody is sought yet."""
    answer = remember(redirect(_next_page(need, is_published=is_published)))
    session.commit()
    undo = f"undo:{url_for('.withdraw_need', need_id=need.public_id)}"
    if not is_published:
        flash(_("需求已保存。"), "success")
    elif need.state is NeedState.PENDING:
        flash(_("需求已提交。贵公司尚待核验，由属地审看后发布。"), undo)
    else:
        flash(_("需求已发布，开始参与匹配。"), undo)
    return answer


def _next_page(need: Need, *, is_published: bool) -> str:
    is_sought = need.state in OPEN_NEEDS and need.is_for_suppliers and need.visibility is not NeedVisibility.ORGANISERS
    if is_published and is_sought:
        return url_for("matching.suggestions", need=need.public_id)
    return url_for(".show_need", need_id=need.public_id)


def _facts(session: Session, form: NeedForm) -> services.NeedFacts:
    code = form.segment_code
    facts = services.NeedFacts(
        text=form.text.data.strip(),
        kind=form.need_kind,
        segment=find_segment(session, code) if code else None,
        quantity=form.quantity.data or None,
        unit=(form.unit.data or "").strip(),
        budget_low=form.budget_low.data,
        budget_high=form.budget_high.data,
        deliver_by=form.deliver_by.data,
        hard_conditions=tuple(lines_of(form.hard_conditions.data)),
        soft_conditions=tuple(lines_of(form.soft_conditions.data)),
        visibility=form.need_visibility,
        valid_until=form.valid_until.data,
    )
    return with_wishes(facts, wishes_asked(), shanghai_day(utcnow()))


def _page(session: Session, form: NeedForm, need: Need | None, status: int = 0) -> Response:
    refused = form.is_submitted() and "propose" not in request.form
    text, chosen = form.text.data or "", str(form.segment.data or "")
    offer = segment_offer(session, text=text, chosen=chosen, proposed=str(form.proposed.data or ""))
    publishable = need is not None and need.state in PUBLISHABLE
    page = render_template(
        "enterprises/edit_need.html",
        form=form,
        need=need,
        offer=offer,
        publishable=publishable,
        recognised=recognised(text, wishes_asked(), need),
        wishes=wording.WISHES,
    )
    return Response(page, status or (422 if refused else 200))
