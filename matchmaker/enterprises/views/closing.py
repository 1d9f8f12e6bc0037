"""What becomes of a need: let out, taken back, closed."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.models import Role
from matchmaker.accounts.policies import enterprises
from matchmaker.accounts.viewer import get_user
from matchmaker.enterprises import services
from matchmaker.enterprises.forms import CloseForm
from matchmaker.enterprises.views.blueprint import bp, find_need, find_own_need
from matchmaker.enterprises.views.needs import need_saved
from matchmaker.errors import RuleViolation
from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.forms import Form
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import expect_version
from matchmaker.web.policies import allow, policy


@bp.post("/needs/<public_id:need_id>/publish")
@policy(enterprises)
def publish_need(need_id: str) -> AnyResponse:
    """Put a need before other firms, for the first time or again."""
    session, user, need = get_session(), get_user(), find_own_need(need_id)
    expect_version(need, Form().seen)
    services.publish_need(session, need=need, actor=user)
    return need_saved(session, need, is_published=True)


@bp.post("/needs/<public_id:need_id>/withdraw")
@policy(enterprises)
def withdraw_need(need_id: str) -> AnyResponse:
    """Take a need back."""
    session, user, need = get_session(), get_user(), find_own_need(need_id)
    expect_version(need, Form().seen)
    services.withdraw_need(session, need=need, actor=user)
    answer = remember(redirect(url_for(".mine", _anchor="needs")))
    session.commit()
    flash(_("需求已撤回，不再参与匹配。"), f"undo:{url_for('.publish_need', need_id=need.public_id)}")
    return answer


@bp.post("/needs/<public_id:need_id>/approve")
@policy(allow(Role.OFFICIAL, Role.COUNTY_OFFICER))
def approve_need(need_id: str) -> AnyResponse:
    """Let a waiting need out."""
    session, user, need = get_session(), get_user(), find_need(need_id)
    expect_version(need, Form().seen)
    services.approve_need(session, need=need, actor=user)
    answer = remember(redirect(url_for(".show_need", need_id=need.public_id)))
    session.commit()
    flash(_("已审看通过，需求发布。"), "success")
    return answer


@bp.route("/needs/<public_id:need_id>/close", methods=["GET", "POST"])
@policy(enterprises)
def close_need(need_id: str) -> AnyResponse:
    """End a need as met or unmet."""
    session, user, need, form = get_session(), get_user(), find_own_need(need_id), CloseForm()
    if not form.is_submitted():
        form.seen_version.data = str(need.version)
    elif form.validate():
        is_met, reason = form.outcome.data == "met", (form.reason.data or "").strip()
        try:
            expect_version(need, form.seen)
            services.close_need(session, need=need, actor=user, is_met=is_met, reason=reason)
        except RuleViolation as violation:
            form.form_errors.append(violation.message)
        else:
            answer = remember(redirect(url_for(".mine", _anchor="needs")))
            session.commit()
            flash(_("需求已关闭。"), f"undo:{url_for('.publish_need', need_id=need.public_id)}")
            return answer
    status = 422 if form.is_submitted() else 200
    return Response(render_template("enterprises/close_need.html", form=form, need=need), status)
