"""The register of enterprises and the list of needs: filters that live in the address."""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeVar

from flask import render_template, request
from sqlalchemy.orm import Session

from matchmaker.accounts.policies import members
from matchmaker.accounts.viewer import get_user
from matchmaker.chains.queries import chain_names, find_segment
from matchmaker.enterprises import wording
from matchmaker.enterprises.models import (
    LISTED_STATES,
    EnterpriseKind,
    EnterpriseSize,
    EnterpriseState,
    NeedKind,
    NeedState,
)
from matchmaker.enterprises.policies import REGISTRARS, VERIFIERS
from matchmaker.enterprises.queries import lines
from matchmaker.enterprises.queries import register as registered
from matchmaker.enterprises.queries.lines import NeedFilters
from matchmaker.enterprises.queries.register import RegisterFilters
from matchmaker.enterprises.scopes import SHOWN_NEEDS
from matchmaker.enterprises.views.blueprint import bp
from matchmaker.regions.queries import prefectures
from matchmaker.web.database import get_session
from matchmaker.web.pagination import page_number
from matchmaker.web.policies import policy

Choice = TypeVar("Choice", bound=Enum)
_LONGEST = 100
_FILTERS = ("q", "chain", "segment", "prefecture", "badge", "size", "state", "kind", "sort")


@bp.get("/enterprises")
@policy(members)
def register() -> str:
    """The enterprises this person sees, searched and filtered."""
    session, user, filters = get_session(), get_user(), register_filters()
    page = registered.enterprises_of(session, user, filters, number=page_number(request.args.get("page")))
    states = wording.STATES if user.office else {state: wording.STATES[state] for state in LISTED_STATES}
    return render_template(
        "enterprises/register.html",
        page=page,
        filters=filters,
        tally={state.value: held for state, held in registered.state_counts(session, user).items()},
        segments=registered.main_segments(session, page.rows),
        badges=[(name, name) for name in registered.badge_names(session)],
        states=wording.choices(states),
        registers=user.role in REGISTRARS,
        checks=user.role in VERIFIERS,
        is_office=user.office is not None,
        **_shared(session, filters.segment),
    )


@bp.get("/needs")
@policy(members)
def needs() -> str:
    """The open needs this person sees, searched and filtered."""
    session, user, filters = get_session(), get_user(), need_filters()
    page = lines.needs_list(session, user, filters, number=page_number(request.args.get("page")))
    states = wording.NEED_STATES if user.office else {state: wording.NEED_STATES[state] for state in SHOWN_NEEDS}
    return render_template(
        "enterprises/needs.html",
        page=page,
        filters=filters,
        states=wording.choices(states),
        own=user.enterprise_id,
        is_office=user.office is not None,
        **_shared(session, filters.segment),
    )


def register_filters() -> RegisterFilters:
    """What the address asks of the register; what cannot be read is not asked."""
    return RegisterFilters(
        q=asked_text("q"),
        chain=asked_text("chain"),
        segment=asked_text("segment"),
        prefecture=asked_text("prefecture"),
        badge=asked_text("badge"),
        size=chosen(EnterpriseSize, "size"),
        state=chosen(EnterpriseState, "state"),
        kind=chosen(EnterpriseKind, "kind"),
        sort=asked_text("sort"),
    )


def need_filters() -> NeedFilters:
    """What the address asks of the needs."""
    return NeedFilters(
        q=asked_text("q"),
        kind=chosen(NeedKind, "kind"),
        chain=asked_text("chain"),
        segment=asked_text("segment"),
        prefecture=asked_text("prefecture"),
        state=chosen(NeedState, "state"),
        sort=asked_text("sort"),
    )


def asked() -> dict[str, Any]:
    """The filters of the address, for the links that keep them."""
    return {name: request.args[name] for name in _FILTERS if name in request.args}


def _shared(session: Session, segment: str) -> dict[str, Any]:
    return {
        "wording": wording,
        "asked": asked(),
        "chains": chain_names(session),
        "places": [(place.code, place.short_name) for place in prefectures(session)],
        "segment": find_segment(session, segment) if segment else None,
    }


def asked_text(name: str) -> str:
    """A text of the address, as long as any name may be."""
    return request.args.get(name, "").replace("\0", "").strip()[:_LONGEST]


def chosen(choices: type[Choice], name: str) -> Choice | None:
    """A choice of the address; what is none of them is not asked."""
    try:
        return choices(request.args.get(name, ""))
    except ValueError:
        return None
