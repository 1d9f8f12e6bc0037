"""Read the register, enter an enterprise, change its facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Self

from flask import current_app, url_for
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session, selectinload
from werkzeug.wrappers import Response

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.policies import members, registrars
from matchmaker.accounts.viewer import get_user
from matchmaker.enterprises import services
from matchmaker.enterprises.api.blueprint import bp
from matchmaker.enterprises.credit_codes import normalise
from matchmaker.enterprises.models import (
    Badge,
    Enterprise,
    EnterpriseKind,
    EnterpriseSize,
    EnterpriseState,
    Identity,
)
from matchmaker.enterprises.policies import knows_figures
from matchmaker.enterprises.queries.likeness import Lookalike, lookalikes
from matchmaker.enterprises.queries.register import RegisterFilters, register_rows
from matchmaker.enterprises.services import EnterpriseFacts
from matchmaker.enterprises.wording import told_as
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.money import MOST
from matchmaker.regions.models import Region
from matchmaker.regions.queries import find_region
from matchmaker.web.api import (
    Answer,
    Body,
    Line,
    Page,
    Paged,
    answer,
    answer_slice,
    expect_match,
    operation,
    refuse_input,
)
from matchmaker.web.database import get_session
from matchmaker.web.failures import problem
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.policies import allow
from matchmaker.web.visibility import visible

_editors = allow(Role.ENTERPRISE, Role.OFFICIAL, Role.COUNTY_OFFICER, Role.ORGANISER, Role.ADMINISTRATOR)
_SHOWN = (selectinload(Enterprise.region), selectinload(Enterprise.badges))


class BadgeAnswer(Answer):
    """A dated distinction and who gave it."""

    name: str
    issuer: str
    starts_on: date
    ends_on: date | None

    @classmethod
    def of(cls, badge: Badge) -> Self:
        """The answer about a badge."""
        return cls(name=badge.name, issuer=badge.issuer, starts_on=badge.starts_on, ends_on=badge.ends_on)


class EnterpriseAnswer(Answer):
    """One enterprise; the last three facts are told to offices and to the firm itself, to others they are null."""

    id: str
    identity: Identity
    credit_code: str
    name: str
    short_name: str
    former_names: list[str]
    region: str
    industry_code: str | None
    kind: EnterpriseKind
    size: EnterpriseSize | None
    state: EnterpriseState
    badges: list[BadgeAnswer]
    updated_at: datetime
    version: int
    last_year_revenue: int | None
    legal_representative: str | None
    parent_code: str | None

    @classmethod
    def for_reader(cls, firm: Enterprise, user: User) -> Self:
        """The answer about an enterprise to one reader."""
        knows = knows_figures(user, firm)
        return cls(
            id=firm.public_id,
            identity=firm.identity,
            credit_code=firm.credit_code,
            name=firm.name,
            short_name=firm.short_name,
            former_names=firm.former_names,
            region=firm.region.code,
            industry_code=firm.industry_code,
            kind=firm.kind,
            size=firm.size,
            state=firm.state,
            badges=[BadgeAnswer.of(badge) for badge in firm.badges],
            updated_at=firm.updated_at,
            version=firm.version,
            last_year_revenue=firm.last_year_revenue if knows else None,
            legal_representative=firm.legal_representative if knows else None,
            parent_code=firm.parent_code if knows else None,
        )


class RegisterQuery(Paged):
    """Which enterprises, those entered last first; `q` is any name, pinyin, initials or code."""

    q: Line = Field(default="", max_length=100)
    chain: Line = Field(default="", max_length=40)
    segment: Line = Field(default="", max_length=40)
    region: Line = Field(default="", max_length=6)
    badge: Line = Field(default="", max_length=60)
    size: EnterpriseSize | None = None
    state: EnterpriseState | None = None
    kind: EnterpriseKind | None = None


class EnterpriseFactsBody(Body):
    """Facts of an enterprise; what is left out stays as it is."""

    short_name: Line = Field(default="", max_length=60)
    former_names: list[Line] = Field(default_factory=list, max_length=20)
    industry_code: Line | None = Field(default=None, max_length=4)
    kind: EnterpriseKind = EnterpriseKind.ENTERPRISE
    size: EnterpriseSize | None = None
    last_year_revenue: int | None = Field(default=None, ge=0, le=MOST)
    legal_representative: Line = Field(default="", max_length=60)
    parent_code: Line | None = Field(default=None, max_length=40)


class RegisterBody(EnterpriseFactsBody):
    """A new enterprise; `is_other_firm` says that those with a like name were looked at."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"credit_code": "DEMO00000000000001", "name": "襄阳试样有限公司", "region": "420600"}]
        }
    )

    credit_code: Line = Field(min_length=1, max_length=60)
    name: Line = Field(min_length=1, max_length=100)
    region: Line = Field(min_length=6, max_length=6)
    is_other_firm: bool = False


class EditBody(EnterpriseFactsBody):
    """Changes to an enterprise."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"short_name": "宏远模具", "size": "small"}]})

    name: Line = Field(default_factory=str, min_length=1, max_length=100)
    region: Line = Field(default_factory=str, min_length=6, max_length=6)


@bp.get("/enterprises")
@operation(members, _("企业名录"), answers=Page[EnterpriseAnswer], query=RegisterQuery)
def enterprises(query: RegisterQuery) -> Response:
    """The enterprises this person sees and asked for."""
    user = get_user()
    filters = RegisterFilters(
        q=query.q,
        chain=query.chain,
        segment=query.segment,
        prefecture=query.region,
        badge=query.badge,
        size=query.size,
        state=query.state,
        kind=query.kind,
    )
    rows = register_rows(user, filters).options(*_SHOWN)
    return answer_slice(rows, query, lambda firm: EnterpriseAnswer.for_reader(firm, user))


@bp.get("/enterprises/<public_id:enterprise_id>")
@operation(members, _("一家企业"), answers=EnterpriseAnswer, versioned=True)
def enterprise(enterprise_id: str) -> Response:
    """One enterprise."""
    user = get_user()
    firm = _find(user, enterprise_id)
    return answer(EnterpriseAnswer.for_reader(firm, user), version=firm.version)


@bp.post("/enterprises")
@operation(registrars, _("登记企业"), answers=EnterpriseAnswer, status=201, body=RegisterBody, versioned=True)
def register(body: RegisterBody) -> Response:
    """Enter an enterprise nobody has claimed yet, after a look at those that may be the same."""
    session, user = get_session(), get_user()
    names = (body.name, *_given(body).get("former_names", ()))
    if known := [] if body.is_other_firm else lookalikes(session, user, names):
        return _too_alike(known)
    facts = replace(EnterpriseFacts(name=body.name, region=_named_region(session, body.region)), **_given(body))
    allow_samples = bool(current_app.extensions["settings"].allow_sample_codes)
    firm = services.register_enterprise(
        session, credit_code=body.credit_code, facts=facts, actor=user, allow_samples=allow_samples
    )
    session.flush()
    location = url_for("api_enterprises.enterprise", enterprise_id=firm.public_id)
    reply = remember(answer(EnterpriseAnswer.for_reader(firm, user), 201, version=firm.version, location=location))
    session.commit()
    return reply


def _too_alike(known: list[Lookalike]) -> Response:
    firms = [
        {
            "id": each.enterprise.public_id,
            "name": each.enterprise.name,
            "reasons": [{"reason": told.reason.value, "text": told_as(told)} for told in each.told],
        }
        for each in known
    ]
    detail = gettext("名录里有名称相近的企业。请核对；确认不是同一家，请带 is_other_firm 再提交。")
    return problem(409, detail, code="likely_duplicates", enterprises=firms)


@bp.patch("/enterprises/<public_id:enterprise_id>")
@operation(_editors, _("修改企业资料"), answers=EnterpriseAnswer, body=EditBody, versioned=True, checks_version=True)
def edit(enterprise_id: str, body: EditBody) -> Response:
    """Change the facts that are given."""
    session, user = get_session(), get_user()
    firm = _find(user, enterprise_id)
    expect_match(firm)
    changes = _given(body)
    if "name" in body.model_fields_set:
        changes["name"] = body.name
    if "region" in body.model_fields_set:
        changes["region"] = _named_region(session, body.region)
    services.edit_enterprise(session, enterprise=firm, facts=replace(_facts(firm), **changes), actor=user)
    session.flush()
    reply = answer(EnterpriseAnswer.for_reader(firm, user), version=firm.version)
    session.commit()
    return reply


def _find(user: User, enterprise_id: str) -> Enterprise:
    return find_or_404(visible(Enterprise, user).options(*_SHOWN), enterprise_id)


def _named_region(session: Session, code: str) -> Region:
    region = find_region(session, code)
    if region is None:
        refuse_input("region", gettext("没有这个行政区划代码。"))
    return region


def _given(body: EnterpriseFactsBody) -> dict[str, Any]:
    """The facts a body really states, as the register keeps them."""
    given = {name: getattr(body, name) for name in EnterpriseFactsBody.model_fields if name in body.model_fields_set}
    if "former_names" in given:
        given["former_names"] = tuple(given["former_names"])
    if given.get("parent_code") is not None:
        given["parent_code"] = normalise(given["parent_code"]) or None
    return given


def _facts(firm: Enterprise) -> EnterpriseFacts:
    kept = {name: getattr(firm, name) for name in EnterpriseFacts.__dataclass_fields__}
    return EnterpriseFacts(**kept | {"former_names": tuple(firm.former_names)})
