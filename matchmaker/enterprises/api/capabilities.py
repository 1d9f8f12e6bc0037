"""What a firm can supply: read it, state it, change it, publish it, take it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, Self

from flask import url_for
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import enterprises, members
from matchmaker.accounts.viewer import get_user
from matchmaker.enterprises import services
from matchmaker.enterprises.api.blueprint import bp
from matchmaker.enterprises.api.references import FirmReference, named_segment, own_firm
from matchmaker.enterprises.models import Capability, CapabilityState, Enterprise
from matchmaker.enterprises.services import CapabilityFacts
from matchmaker.i18n import lazy as _
from matchmaker.web.api import (
    Answer,
    Body,
    Id,
    Line,
    Page,
    Paged,
    Quantity,
    Shown,
    answer,
    answer_slice,
    expect_match,
    operation,
)
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.visibility import visible


class CapabilityAnswer(Answer):
    """One product or process an enterprise can supply."""

    id: str
    enterprise: FirmReference
    segment: str | None
    product: str
    material: str
    spec: str
    capacity: Shown | None
    capacity_unit: str
    capacity_period: str
    spare: Shown | None
    lead_days: int | None
    certificates: list[str]
    radius_km: int | None
    state: CapabilityState
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, capability: Capability) -> Self:
        """The answer about a capability."""
        plain = ("product", "material", "spec", "capacity_unit", "capacity_period", "lead_days", "certificates")
        return cls(
            id=capability.public_id,
            enterprise=FirmReference.of(capability.enterprise),
            segment=capability.segment.code if capability.segment else None,
            capacity=capability.capacity,
            spare=capability.spare,
            radius_km=capability.radius_km,
            state=capability.state,
            updated_at=capability.updated_at,
            version=capability.version,
            **{name: getattr(capability, name) for name in plain},
        )


class CapabilityQuery(Paged):
    """Whose capabilities: of the named enterprise as this person sees them, else the person's own firm's."""

    enterprise_id: Id | None = None
    state: CapabilityState | None = None


class CapabilityBody(Body):
    """What can be said of a capability; in a change, what is left out stays as it is."""

    material: Line = Field(default="", max_length=200)
    spec: Line = Field(default="", max_length=500)
    capacity: Quantity | None = None
    capacity_unit: Line = Field(default="", max_length=20)
    capacity_period: Literal["", "year", "month", "day"] = ""
    spare: Quantity | None = None
    lead_days: int | None = Field(default=None, ge=0, le=3650)
    certificates: list[Line] = Field(default_factory=list, max_length=50)
    radius_km: int | None = Field(default=None, ge=0, le=20_000)
    segment: Line | None = Field(default=None, max_length=40)


class AddCapabilityBody(CapabilityBody):
    """A new capability, kept as a draft until it is published."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "product": "铝合金压铸模",
                    "spec": "锁模力 2500 吨以内",
                    "capacity": 120,
                    "capacity_unit": "套",
                    "capacity_period": "year",
                    "segment": "auto.cast",
                }
            ]
        }
    )

    product: Line = Field(min_length=1, max_length=200)


class EditCapabilityBody(CapabilityBody):
    """Changes to a capability."""

    product: Line = Field(default_factory=str, min_length=1, max_length=200)


@bp.get("/capabilities")
@operation(members, _("供给能力"), answers=Page[CapabilityAnswer], query=CapabilityQuery, refusals=(404,))
def capabilities(query: CapabilityQuery) -> Response:
    """A firm's capabilities, those stated last first."""
    user = get_user()
    statement = visible(Capability, user).options(joinedload(Capability.enterprise), joinedload(Capability.segment))
    if query.enterprise_id is None:
        statement = statement.where(Capability.enterprise_id == user.enterprise_id)
    else:
        firm = find_or_404(visible(Enterprise, user), query.enterprise_id)
        statement = statement.where(Capability.enterprise_id == firm.id)
    if query.state is not None:
        statement = statement.where(Capability.state == query.state)
    return answer_slice(statement, query, CapabilityAnswer.of)


@bp.get("/capabilities/<public_id:capability_id>")
@operation(members, _("一条供给能力"), answers=CapabilityAnswer, versioned=True)
def capability(capability_id: str) -> Response:
    """One capability."""
    found = find_or_404(visible(Capability, get_user()), capability_id)
    return answer(CapabilityAnswer.of(found), version=found.version)


@bp.post("/capabilities")
@operation(
    enterprises, _("填写供给能力（草稿）"), answers=CapabilityAnswer, status=201, body=AddCapabilityBody, versioned=True
)
def add_capability(body: AddCapabilityBody) -> Response:
    """Write down a capability."""
    session, user = get_session(), get_user()
    facts = replace(CapabilityFacts(product=body.product), **_given(session, body))
    row = services.add_capability(session, enterprise=own_firm(session, user), facts=facts, actor=user)
    session.flush()
    location = url_for("api_enterprises.capability", capability_id=row.public_id)
    reply = remember(answer(CapabilityAnswer.of(row), 201, version=row.version, location=location))
    session.commit()
    return reply


@bp.patch("/capabilities/<public_id:capability_id>")
@operation(
    enterprises,
    _("修改供给能力"),
    answers=CapabilityAnswer,
    body=EditCapabilityBody,
    versioned=True,
    checks_version=True,
)
def edit_capability(capability_id: str, body: EditCapabilityBody) -> Response:
    """Change what is given of a capability."""
    session, user = get_session(), get_user()
    row = _own(user, capability_id)
    expect_match(row)
    changes = _given(session, body)
    if "product" in body.model_fields_set:
        changes["product"] = body.product
    services.edit_capability(session, capability=row, facts=replace(_facts(row), **changes), actor=user)
    return _done(session, row)


@bp.post("/capabilities/<public_id:capability_id>/publish")
@operation(enterprises, _("发布供给能力"), answers=CapabilityAnswer, versioned=True, checks_version=True)
def publish_capability(capability_id: str) -> Response:
    """Show a capability to other firms."""
    session, user = get_session(), get_user()
    row = _own(user, capability_id)
    expect_match(row, required=False)
    services.publish_capability(session, capability=row, actor=user)
    return _done(session, row)


@bp.post("/capabilities/<public_id:capability_id>/withdraw")
@operation(enterprises, _("撤下供给能力"), answers=CapabilityAnswer, versioned=True, checks_version=True)
def withdraw_capability(capability_id: str) -> Response:
    """Take a capability off the register."""
    session, user = get_session(), get_user()
    row = _own(user, capability_id)
    expect_match(row, required=False)
    services.withdraw_capability(session, capability=row, actor=user)
    return _done(session, row)


def _own(user: User, capability_id: str) -> Capability:
    """One of the firm's own capabilities; another's is as absent as any."""
    return find_or_404(visible(Capability, user).where(Capability.enterprise_id == user.enterprise_id), capability_id)


def _done(session: Session, row: Capability) -> Response:
    session.flush()
    reply = remember(answer(CapabilityAnswer.of(row), version=row.version))
    session.commit()
    return reply


def _given(session: Session, body: CapabilityBody) -> dict[str, Any]:
    """The facts a body really states."""
    given = {name: getattr(body, name) for name in CapabilityBody.model_fields if name in body.model_fields_set}
    if "segment" in given:
        given["segment"] = named_segment(session, given["segment"])
    if "certificates" in given:
        given["certificates"] = tuple(each for each in given["certificates"] if each)
    return given


def _facts(row: Capability) -> CapabilityFacts:
    kept = {name: getattr(row, name) for name in CapabilityFacts.__dataclass_fields__}
    return CapabilityFacts(**kept | {"certificates": tuple(row.certificates)})
