"""Register enterprises, edit them, and lead them through the states of the register."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.chains.queries import find_industry
from matchmaker.enterprises import credit_codes
from matchmaker.enterprises.models import Enterprise, EnterpriseKind, EnterpriseSize, EnterpriseState, Identity
from matchmaker.enterprises.naming import search_text_of
from matchmaker.enterprises.policies import may_edit, may_take, reaches
from matchmaker.enterprises.queries.picking import find_enterprise_by_code, office_over
from matchmaker.enterprises.refusals import (
    CreditCodeTaken,
    InvalidForeignCode,
    NotEditable,
    OutOfReach,
    ReasonMissing,
    StepNotOpen,
    UnknownIndustry,
)
from matchmaker.enterprises.services.marking import mark_changed
from matchmaker.enterprises.transitions import EDITABLE, STEPS
from matchmaker.enterprises.wording import STATES
from matchmaker.i18n import gettext as _
from matchmaker.notices.services import tell
from matchmaker.reference import ABROAD_CODE
from matchmaker.regions.models import Region

_FOREIGN = re.compile(r"[0-9A-Z-]{4,40}")
_IDENTIFYING = ("name", "legal_representative", "parent_code")


@dataclass(frozen=True, slots=True)
class EnterpriseFacts:
    """What can be edited of an enterprise; revenue is whole yuan, parent_code the ultimate parent's credit code."""

    name: str
    region: Region
    short_name: str = ""
    former_names: tuple[str, ...] = ()
    industry_code: str | None = None
    kind: EnterpriseKind = EnterpriseKind.ENTERPRISE
    size: EnterpriseSize | None = None
    last_year_revenue: int | None = None
    legal_representative: str = ""
    parent_code: str | None = None


def register_enterprise(
    session: Session, *, credit_code: str, facts: EnterpriseFacts, actor: User, allow_samples: bool = False
) -> Enterprise:
    """Enter an enterprise that nobody has claimed yet.

    Raises InvalidCreditCode, CreditCodeTaken, UnknownIndustry, and OutOfReach outside the region of the actor's office.
    """
    if not reaches(actor.office, facts.region):
        raise OutOfReach
    identity, code = _identified(credit_code, facts.region, allow_samples=allow_samples)
    if known := find_enterprise_by_code(session, code):
        raise CreditCodeTaken(code=code, name=known.name)
    enterprise = Enterprise(identity=identity, credit_code=code, state=EnterpriseState.UNCLAIMED)
    _write(session, enterprise, facts)
    session.add(enterprise)
    mark_changed(session, enterprise)
    record(session, actor=actor, action="register enterprise", subject=enterprise, detail={"code": code})
    return enterprise


def edit_enterprise(session: Session, *, enterprise: Enterprise, facts: EnterpriseFacts, actor: User) -> None:
    """Change an enterprise's facts; a name given up stays among the former ones.

    A verified firm that changes by itself what identifies it goes to review.
    Raises OutOfReach, NotEditable and UnknownIndustry.
    """
    if not may_edit(actor, enterprise) or (actor.office is not None and not reaches(actor.office, facts.region)):
        raise OutOfReach
    if enterprise.state not in EDITABLE:
        raise NotEditable(state=STATES[enterprise.state])
    before = _identity_of(enterprise)
    changed = _write(session, enterprise, facts)
    to_review = actor.office is None and before != _identity_of(enterprise)
    if to_review and enterprise.state is EnterpriseState.VERIFIED:
        enterprise.state = EnterpriseState.REVIEW
        _tell_office(session, enterprise, _("%(name)s修改了资料，待复核", name=enterprise.display_name))
    if changed:
        mark_changed(session, enterprise)
        detail = {"fields": changed, "state": enterprise.state.value}
        record(session, actor=actor, action="edit enterprise", subject=enterprise, detail=detail)


def take_step(session: Session, *, enterprise: Enterprise, name: str, actor: User, reason: str = "") -> None:
    """Lead an enterprise to its next state by the named step of `transitions.STEPS`.

    Raises OutOfReach where the step is not the actor's, StepNotOpen from another state, and ReasonMissing.
    """
    step = STEPS[name]
    if not may_take(actor, enterprise, step):
        raise OutOfReach
    if enterprise.state not in step.sources:
        raise StepNotOpen(state=STATES[enterprise.state], step=step.word)
    if step.asks_reason and not reason:
        raise ReasonMissing
    before, enterprise.state = enterprise.state, step.target
    enterprise.state_reason = reason
    mark_changed(session, enterprise)
    detail = {"from": before.value, "to": step.target.value}
    record(session, actor=actor, action=f"{name} enterprise", subject=enterprise, detail=detail)
    if step.by_office:
        title = _("贵公司登记状态变为“%(state)s”", state=STATES[step.target])
        tell(session, title=title, body=reason, path="/enterprises/mine", enterprise_id=enterprise.id)
    else:
        _tell_office(session, enterprise, _("%(name)s待核验", name=enterprise.display_name))


def _identified(text: str, region: Region, *, allow_samples: bool) -> tuple[Identity, str]:
    """What kind of code it is, and the code as it is kept."""
    code = credit_codes.normalise(text)
    if region.code == ABROAD_CODE and not credit_codes.is_sample(code):
        if not _FOREIGN.fullmatch(code):
            raise InvalidForeignCode(code=code[:40])
        return Identity.FOREIGN, code
    credit_codes.check(code, allow_samples=allow_samples)
    return (Identity.SAMPLE if credit_codes.is_sample(code) else Identity.CREDIT_CODE), code


def _identity_of(enterprise: Enterprise) -> list[object]:
    return [getattr(enterprise, field) for field in _IDENTIFYING]


def _write(session: Session, enterprise: Enterprise, facts: EnterpriseFacts) -> list[str]:
    """Put the facts on the row and return the names of those that changed."""
    if facts.industry_code and find_industry(session, facts.industry_code) is None:
        raise UnknownIndustry(code=facts.industry_code)
    former = _former_names(enterprise, facts)
    values = {field: getattr(facts, field) for field in EnterpriseFacts.__dataclass_fields__}
    values |= {"former_names": former, "region_id": facts.region.id}
    changed = [field for field, value in values.items() if getattr(enterprise, field) != value]
    for field in changed:
        setattr(enterprise, field, values[field])
    enterprise.search_text = search_text_of(facts.name, facts.short_name, former, enterprise.credit_code)
    return [field for field in changed if field != "region_id"]


def _former_names(enterprise: Enterprise, facts: EnterpriseFacts) -> list[str]:
    given_up = [enterprise.name] if enterprise.name and enterprise.name != facts.name else []
    return [name for name in dict.fromkeys([*facts.former_names, *given_up]) if name != facts.name]


def _tell_office(session: Session, enterprise: Enterprise, title: str) -> None:
    """Tell the office nearest to the enterprise."""
    office = office_over(session, enterprise.region)
    if office is not None:
        tell(session, title=title, path=f"/enterprises/{enterprise.public_id}", office_id=office.id)
