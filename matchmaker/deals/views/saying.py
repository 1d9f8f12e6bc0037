"""What every page that says something of a deal has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.deals import wording
from matchmaker.deals.models import Deal, EntryType
from matchmaker.deals.obstacles import OBSTACLES, party_of
from matchmaker.deals.queries import with_history
from matchmaker.deals.views.showing import deal_page
from matchmaker.errors import NotAllowed, RuleViolation, Stale
from matchmaker.web.forms import Form
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import expect_version, find_or_404
from matchmaker.web.visibility import visible


@dataclass(frozen=True, slots=True)
class Step:
    """One statement about to be made: the page that asks for it, and the service that makes it."""

    deal: Deal
    user: User
    form: Form
    template: str
    say: Callable[[], object]
    done: str | Callable[[], str]  # what is told afterwards; called where it depends on what was said
    context: dict[str, Any] = field(default_factory=dict)


def find_deal(session: Session, user: User, deal_id: str) -> Deal:
    """A deal this person sees, with its history, or “no such page”."""
    return find_or_404(with_history(visible(Deal, user)), deal_id, session=session)


def turn_away(session: Session, user: User, deal: Deal, what: EntryType) -> Response | None:
    """The answer to somebody for whom this step is not open: the deal's page, saying why."""
    obstacle = OBSTACLES[what](deal, user)
    if obstacle is None:
        return None
    if isinstance(obstacle, NotAllowed):
        raise obstacle
    flash(obstacle.message, "warning")
    if request.method == "GET":
        return redirect(url_for("deals.show", deal_id=deal.public_id))
    return Response(deal_page(session, user, deal), obstacle.status, mimetype="text/html")


def carry_out(session: Session, step: Step) -> Response:
    """Ask, or say it and go to the deal's page; a refusal leads back to the form as it was filled in."""
    status = 422 if step.form.is_submitted() else 200
    if step.form.validate_on_submit():
        refused = _refusal(step)
        if refused is None:
            return _said(session, step)
        flash(refused.message, "warning")
        status = refused.status
    step.form.seen_version.data = step.deal.version
    page = render_template(
        step.template,
        deal=step.deal,
        form=step.form,
        party=party_of(step.deal, step.user),
        wording=wording,
        **step.context,
    )
    return Response(page, status, mimetype="text/html")


def _refusal(step: Step) -> RuleViolation | None:
    """Say it, or tell why not; a deal that changed under our hands is the error page's to explain."""
    try:
        expect_version(step.deal, step.form.seen)
    except Stale as stale:
        return stale
    try:
        step.say()
    except Stale:
        raise
    except RuleViolation as violation:
        return violation
    return None


def _said(session: Session, step: Step) -> Response:
    answer = remember(redirect(url_for("deals.show", deal_id=step.deal.public_id)))
    session.commit()
    flash(step.done() if callable(step.done) else step.done, "success")
    return answer
