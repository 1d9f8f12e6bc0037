"""What a firm wants: read it, state it, change it, publish it, take it back, close it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from flask import url_for
from pydantic import ConfigDict, Field
from sqlalchemy import Select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.policies import enterprises, members
from matchmaker.accounts.viewer import get_user
from matchmaker.enterprises import services
from matchmaker.enterprises.api.blueprint import bp
from matchmaker.enterprises.api.references import FirmReference, named_segment, own_firm
from matchmaker.enterprises.models import Need, NeedKind, NeedState, NeedVisibility
from matchmaker.enterprises.queries.lines import NeedFilters, need_rows
from matchmaker.enterprises.services import NeedFacts
from matchmaker.i18n import lazy as _
from matchmaker.money import MOST
from matchmaker.web.api import (
    Answer,
    Body,
    Day,
    Line,
    Page,
    Paged,
    Shown,
    Text,
    answer,
    answer_slice,
    expect_match,
    operation,
)
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.policies import allow
from matchmaker.web.visibility import visible

Budget = Annotated[int, Field(ge=0, le=MOST)]
Wanted = Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=3)]


class NeedAnswer(Answer):
    """One thing an enterprise wants; budgets are whole yuan."""

    id: str
    enterprise: FirmReference
    kind: NeedKind
    segment: str | None
    text: str
    quantity: Shown | None
    unit: str
    budget_low: int | None
    budget_high: int | None
    deliver_by: date | None
    hard_conditions: list[str]
    soft_conditions: list[str]
    visibility: NeedVisibility
    valid_until: date | None
    state: NeedState
    reason: str
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, need: Need) -> Self:
        """The answer about a need."""
        named = {"id", "enterprise", "segment"}
        return cls(
            id=need.public_id,
            enterprise=FirmReference.of(need.enterprise),
            segment=need.segment.code if need.segment else None,
            **{name: getattr(need, name) for name in cls.model_fields if name not in named},
        )


class NeedQuery(Paged):
    """Which needs, those stated last first; `mine` are the person's own firm's in whatever state, else open ones."""

    mine: bool = False
    q: Line = Field(default="", max_length=100)
    kind: NeedKind | None = None
    chain: Line = Field(default="", max_length=40)
    segment: Line = Field(default="", max_length=40)
    region: Line = Field(default="", max_length=6)
    state: NeedState | None = None


class NeedBody(Body):
    """What can be said of a need; in a change, what is left out stays as it is."""

    kind: NeedKind = NeedKind.PURCHASE
    segment: Line | None = Field(default=None, max_length=40)
    quantity: Wanted | None = None
    unit: Line = Field(default="", max_length=20)
    budget_low: Budget | None = None
    budget_high: Budget | None = None
    deliver_by: Day | None = None
    hard_conditions: list[Line] = Field(default_factory=list, max_length=50)
    soft_conditions: list[Line] = Field(default_factory=list, max_length=50)
    visibility: NeedVisibility = NeedVisibility.PUBLIC
    valid_until: Day | None = None


class AddNeedBody(NeedBody):
    """A new need, kept as a draft until it is published."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "铝合金变速箱壳体压铸模",
                    "quantity": 12,
                    "unit": "套",
                    "budget_high": 36_000_000,
                    "segment": "auto.cast",
                    "hard_conditions": ["IATF16949"],
                }
            ]
        }
    )

    text: Text = Field(min_length=1, max_length=400)


class EditNeedBody(NeedBody):
    """Changes to a need."""

    text: Text = Field(default_factory=str, min_length=1, max_length=400)


class CloseNeedBody(Body):
    """How a need ended; an unmet one says why."""

    outcome: Literal["met", "unmet"]
    reason: Text = Field(default="", max_length=400)


@bp.get("/needs")
@operation(members, _("需求"), answers=Page[NeedAnswer], query=NeedQuery)
def needs(query: NeedQuery) -> Response:
    """The needs this person sees and asked for."""
    user = get_user()
    filters = NeedFilters(
        q=query.q,
        kind=query.kind,
        chain=query.chain,
        segment=query.segment,
        prefecture=query.region,
        state=query.state,
    )
    rows = _own_rows(user, query) if query.mine else need_rows(user, filters)
    return answer_slice(rows.options(joinedload(Need.enterprise), joinedload(Need.segment)), query, NeedAnswer.of)


def _own_rows(user: User, query: NeedQuery) -> Select[Need]:
    own = visible(Need, user).where(Need.enterprise_id == user.enterprise_id)
    return own if query.state is None else own.where(Need.state == query.state)


@bp.get("/needs/<public_id:need_id>")
@operation(members, _("一条需求"), answers=NeedAnswer, versioned=True)
def need(need_id: str) -> Response:
    """One need."""
    found = find_or_404(visible(Need, get_user()), need_id)
    return answer(NeedAnswer.of(found), version=found.version)


@bp.post("/needs")
@operation(enterprises, _("填写需求（草稿）"), answers=NeedAnswer, status=201, body=AddNeedBody, versioned=True)
def add_need(body: AddNeedBody) -> Response:
    """Write down a need."""
    session, user = get_session(), get_user()
    facts = replace(NeedFacts(text=body.text), **_given(session, body))
    row = services.add_need(session, enterprise=own_firm(session, user), facts=facts, actor=user)
    session.flush()
    location = url_for("api_enterprises.need", need_id=row.public_id)
    reply = remember(answer(NeedAnswer.of(row), 201, version=row.version, location=location))
    session.commit()
    return reply


@bp.patch("/needs/<public_id:need_id>")
@operation(enterprises, _("修改需求"), answers=NeedAnswer, body=EditNeedBody, versioned=True, checks_version=True)
def edit_need(need_id: str, body: EditNeedBody) -> Response:
    """Change what is given of a need."""
    session, user = get_session(), get_user()
    row = _own(user, need_id)
    expect_match(row)
    changes = _given(session, body)
    if "text" in body.model_fields_set:
        changes["text"] = body.text
    services.edit_need(session, need=row, facts=replace(_facts(row), **changes), actor=user)
    return _done(session, row)


@bp.post("/needs/<public_id:need_id>/publish")
@operation(enterprises, _("发布需求"), answers=NeedAnswer, versioned=True, checks_version=True)
def publish_need(need_id: str) -> Response:
    """Put a need before other firms."""
    session, user = get_session(), get_user()
    row = _own(user, need_id)
    expect_match(row, required=False)
    services.publish_need(session, need=row, actor=user)
    return _done(session, row)


@bp.post("/needs/<public_id:need_id>/withdraw")
@operation(enterprises, _("撤回需求"), answers=NeedAnswer, versioned=True, checks_version=True)
def withdraw_need(need_id: str) -> Response:
    """Take a need back."""
    session, user = get_session(), get_user()
    row = _own(user, need_id)
    expect_match(row, required=False)
    services.withdraw_need(session, need=row, actor=user)
    return _done(session, row)


@bp.post("/needs/<public_id:need_id>/close")
@operation(enterprises, _("关闭需求"), answers=NeedAnswer, body=CloseNeedBody, versioned=True, checks_version=True)
def close_need(need_id: str, body: CloseNeedBody) -> Response:
    """End a need as met or unmet."""
    session, user = get_session(), get_user()
    row = _own(user, need_id)
    expect_match(row, required=False)
    services.close_need(session, need=row, actor=user, is_met=body.outcome == "met", reason=body.reason)
    return _done(session, row)


@bp.post("/needs/<public_id:need_id>/approve")
@operation(
    allow(Role.OFFICIAL, Role.COUNTY_OFFICER),
    _("审看并放行需求"),
    answers=NeedAnswer,
    versioned=True,
    checks_version=True,
)
def approve_need(need_id: str) -> Response:
    """Let a waiting need out."""
    session, user = get_session(), get_user()
    row = find_or_404(visible(Need, user), need_id)
    expect_match(row, required=False)
    services.approve_need(session, need=row, actor=user)
    return _done(session, row)


def _own(user: User, need_id: str) -> Need:
    """One of the firm's own needs; another's is as absent as any."""
    return find_or_404(visible(Need, user).where(Need.enterprise_id == user.enterprise_id), need_id)


def _done(session: Session, row: Need) -> Response:
    session.flush()
    reply = remember(answer(NeedAnswer.of(row), version=row.version))
    session.commit()
    return reply


def _given(session: Session, body: NeedBody) -> dict[str, Any]:
    """The facts a body really states."""
    given = {name: getattr(body, name) for name in NeedBody.model_fields if name in body.model_fields_set}
    if "segment" in given:
        given["segment"] = named_segment(session, given["segment"])
    for name in ("hard_conditions", "soft_conditions"):
        if name in given:
            given[name] = tuple(each for each in given[name] if each)
    return given


def _facts(row: Need) -> NeedFacts:
    kept = {name: getattr(row, name) for name in NeedFacts.__dataclass_fields__}
    kept |= {"hard_conditions": tuple(row.hard_conditions), "soft_conditions": tuple(row.soft_conditions)}
    return NeedFacts(**kept)
