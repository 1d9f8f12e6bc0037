"""One enterprise as others see it, and as it sees itself."""

from __future__ import annotations

from flask import render_template
from sqlalchemy.orm import Session

from matchmaker.accounts.policies import enterprises, members
from matchmaker.accounts.viewer import get_user
from matchmaker.chains.proposing import Placing, placings
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises import wording
from matchmaker.enterprises.completeness import completeness
from matchmaker.enterprises.exporting import place_name
from matchmaker.enterprises.models import PUBLISHED_CAPABILITIES, Badge, Capability, Enterprise, EnterpriseState, Need
from matchmaker.enterprises.policies import is_editable_by, knows_figures, may_verify, open_steps
from matchmaker.enterprises.queries.duplicates import duplicates_behind, merger_of
from matchmaker.enterprises.queries.likeness import lookalikes_of
from matchmaker.enterprises.queries.lines import capabilities_of, needs_of, published_capabilities, shown_needs
from matchmaker.enterprises.queries.picking import find_enterprise_by_code
from matchmaker.enterprises.transitions import CLOSABLE, EDITABLE_NEEDS, PUBLISHABLE
from matchmaker.enterprises.views.blueprint import bp, find_enterprise, own_firm
from matchmaker.web.database import get_session
from matchmaker.web.policies import policy


@bp.get("/enterprises/<public_id:enterprise_id>")
@policy(members)
def show(enterprise_id: str) -> str:
    """One enterprise: facts, distinctions, what it publishes."""
    session, user = get_session(), get_user()
    enterprise = find_enterprise(enterprise_id)
    figures, checks = knows_figures(user, enterprise), may_verify(user, enterprise)
    is_merged = enterprise.state is EnterpriseState.MERGED
    parent = find_enterprise_by_code(session, enterprise.parent_code) if figures and enterprise.parent_code else None
    return render_template(
        "enterprises/show.html",
        enterprise=enterprise,
        place=place_name(enterprise.region),
        badges=badges_in_force(enterprise),
        capabilities=published_capabilities(session, user, enterprise),
        needs=shown_needs(session, user, enterprise),
        lookalikes=lookalikes_of(session, user, enterprise) if checks and not is_merged else [],
        merger=merger_of(session, enterprise) if is_merged else None,
        can_part=checks,
        behind=duplicates_behind(session, enterprise) if user.office else [],
        steps=open_steps(user, enterprise),
        can_edit=is_editable_by(user, enterprise),
        is_own=enterprise.id == user.enterprise_id,
        is_firm=user.enterprise_id is not None,
        knows_figures=figures,
        parent=parent,
        wording=wording,
    )


@bp.get("/enterprises/mine")
@policy(enterprises)
def mine() -> str:
    """The reader's own firm: how complete it is, and its lines with their states."""
    session, user, firm = get_session(), get_user(), own_firm()
    capabilities, needs = capabilities_of(session, user, firm), needs_of(session, user, firm)
    return render_template(
        "enterprises/mine.html",
        firm=firm,
        place=place_name(firm.region),
        badges=badges_in_force(firm),
        capabilities=capabilities,
        needs=needs,
        placed=_placed(session, capabilities, needs),
        told=completeness(firm, capabilities, needs),
        steps=open_steps(user, firm),
        can_edit=is_editable_by(user, firm),
        published=PUBLISHED_CAPABILITIES,
        publishable=PUBLISHABLE,
        closable=CLOSABLE,
        editable=EDITABLE_NEEDS,
        today=shanghai_day(utcnow()),
        wording=wording,
    )


def _placed(session: Session, capabilities: list[Capability], needs: list[Need]) -> dict[str, Placing]:
    """By public id, what the text of each line says of its segment."""
    stated = [(line.public_id, line.product, line.segment) for line in capabilities]
    stated += [(need.public_id, need.text, need.segment) for need in needs]
    found = placings(session, [(text, segment) for _id, text, segment in stated])
    return {public_id: placing for (public_id, *_), placing in zip(stated, found, strict=True)}


def badges_in_force(enterprise: Enterprise) -> list[Badge]:
    """The distinctions an enterprise holds today."""
    today = shanghai_day(utcnow())
    return [
        badge
        for badge in enterprise.badges
        if badge.starts_on <= today and (badge.ends_on is None or today <= badge.ends_on)
    ]
