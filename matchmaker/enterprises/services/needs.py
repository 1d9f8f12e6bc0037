"""State, edit, publish, withdraw and close what a firm wants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.chains.models import Segment
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import (
    LISTED_STATES,
    Enterprise,
    EnterpriseState,
    Need,
    NeedKind,
    NeedState,
    NeedVisibility,
)
from matchmaker.enterprises.policies import may_edit, may_verify
from matchmaker.enterprises.queries.picking import office_over
from matchmaker.enterprises.refusals import (
    BudgetUpsideDown,
    EnterpriseNotListed,
    NeedCannotMove,
    NeedNotEditable,
    OutOfReach,
    QuantityWithoutUnit,
    ReasonMissing,
    ValidityOver,
)
from matchmaker.enterprises.services.marking import mark_changed
from matchmaker.enterprises.transitions import CLOSABLE, EDITABLE_NEEDS, NEED_MOVES, PUBLISHABLE
from matchmaker.enterprises.wording import NEED_STATES, STATES
from matchmaker.i18n import gettext as _
from matchmaker.notices.services import tell

_TRUSTED = (EnterpriseState.VERIFIED, EnterpriseState.REVIEW)
_OUT = (NeedState.PUBLISHED, NeedState.TALKING, NeedState.PENDING)


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """What is wanted; budgets are whole yuan."""

    text: str
    kind: NeedKind = NeedKind.PURCHASE
    segment: Segment | None = None
    quantity: Decimal | None = None
    unit: str = ""
    budget_low: int | None = None
    budget_high: int | None = None
    deliver_by: date | None = None
    hard_conditions: tuple[str, ...] = ()
    soft_conditions: tuple[str, ...] = ()
    visibility: NeedVisibility = NeedVisibility.PUBLIC
    valid_until: date | None = None


def add_need(session: Session, *, enterprise: Enterprise, facts: NeedFacts, actor: User) -> Need:
    """Write down a need as a draft. Raises OutOfReach, QuantityWithoutUnit and BudgetUpsideDown."""
    if not may_edit(actor, enterprise):
        raise OutOfReach
    _check(facts)
    need = Need(enterprise=enterprise, state=NeedState.DRAFT)
    _write(need, facts)
    session.add(need)
    mark_changed(session, need)
    record(session, actor=actor, action="add need", subject=need)
    return need


def edit_need(session: Session, *, need: Need, facts: NeedFacts, actor: User) -> None:
    """Change a need that is not closed.

    Raises as `add_need` does, NeedNotEditable, and ValidityOver for a need that is out or waiting to be.
    """
    if not may_edit(actor, need.enterprise):
        raise OutOfReach
    if need.state not in EDITABLE_NEEDS:
        raise NeedNotEditable(state=NEED_STATES[need.state])
    _check(facts)
    if need.state in _OUT:
        _check_validity(facts.valid_until)
    if changed := _write(need, facts):
        mark_changed(session, need)
        detail = {"fields": changed}
        record(session, actor=actor, action="edit need", subject=need, detail=detail)


def publish_need(session: Session, *, need: Need, actor: User) -> None:
    """Put a need before other firms: at once for a verified firm, after the office's look for others.

    Raises OutOfReach, EnterpriseNotListed, ValidityOver and NeedCannotMove.
    """
    if not may_edit(actor, need.enterprise):
        raise OutOfReach
    if need.enterprise.state not in LISTED_STATES:
        raise EnterpriseNotListed(state=STATES[need.enterprise.state])
    if need.state not in PUBLISHABLE:
        raise NeedCannotMove(state=NEED_STATES[need.state])
    _check_validity(need.valid_until)
    trusted = need.enterprise.state in _TRUSTED
    _move(session, need, NeedState.PUBLISHED if trusted else NeedState.PENDING, actor, "publish need")
    if not trusted:
        _tell_office(session, need)


def approve_need(session: Session, *, need: Need, actor: User) -> None:
    """Let a waiting need out. Raises OutOfReach and NeedCannotMove."""
    if not may_verify(actor, need.enterprise):
        raise OutOfReach
    if need.state is not NeedState.PENDING:
        raise NeedCannotMove(state=NEED_STATES[need.state])
    _move(session, need, NeedState.PUBLISHED, actor, "approve need")
    path = f"/needs/{need.public_id}"
    tell(session, title=_("贵公司的需求已发布"), body=need.text[:60], path=path, enterprise_id=need.enterprise_id)


def withdraw_need(session: Session, *, need: Need, actor: User) -> None:
    """Take a need back; it can be published again. Raises OutOfReach and NeedCannotMove."""
    if not may_edit(actor, need.enterprise):
        raise OutOfReach
    _move(session, need, NeedState.WITHDRAWN, actor, "withdraw need")


def close_need(session: Session, *, need: Need, actor: User, is_met: bool, reason: str = "") -> None:
    """End a need as met, or as unmet with the reason. Raises OutOfReach, NeedCannotMove and ReasonMissing."""
    if not may_edit(actor, need.enterprise):
        raise OutOfReach
    if need.state not in CLOSABLE:
        raise NeedCannotMove(state=NEED_STATES[need.state])
    if not is_met and not reason:
        raise ReasonMissing
    need.reason = "" if is_met else reason
    _move(session, need, NeedState.MET if is_met else NeedState.UNMET, actor, "close need")


def _move(session: Session, need: Need, target: NeedState, actor: User, action: str) -> None:
    if target not in NEED_MOVES[need.state]:
        raise NeedCannotMove(state=NEED_STATES[need.state])
    before, need.state = need.state, target
    mark_changed(session, need)
    detail = {"from": before.value, "to": target.value}
    record(session, actor=actor, action=action, subject=need, detail=detail)


def _check(facts: NeedFacts) -> None:
    if facts.quantity is not None and not facts.unit:
        raise QuantityWithoutUnit
    if facts.budget_low is not None and facts.budget_high is not None and facts.budget_low > facts.budget_high:
        raise BudgetUpsideDown


def _check_validity(valid_until: date | None) -> None:
    if valid_until is not None and valid_until < shanghai_day(utcnow()):
        raise ValidityOver(day=valid_until)


def _write(need: Need, facts: NeedFacts) -> list[str]:
    """Put the facts on the row and return the names of those that changed."""
    values = {field: getattr(facts, field) for field in NeedFacts.__dataclass_fields__}
    values |= {"hard_conditions": list(facts.hard_conditions), "soft_conditions": list(facts.soft_conditions)}
    changed = [field for field, value in values.items() if getattr(need, field) != value]
    for field in changed:
        setattr(need, field, values[field])
    return changed


def _tell_office(session: Session, need: Need) -> None:
    office = office_over(session, need.enterprise.region)
    if office is not None:
        title = _("%(name)s有一条需求待审", name=need.enterprise.display_name)
        tell(session, title=title, path=f"/needs/{need.public_id}", office_id=office.id)
