"""State, edit, publish and withdraw what a firm can supply."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.chains.models import Segment
from matchmaker.enterprises.models import (
    LISTED_STATES,
    PUBLISHED_CAPABILITIES,
    Capability,
    CapabilityState,
    Enterprise,
)
from matchmaker.enterprises.policies import may_edit
from matchmaker.enterprises.queries.lines import same_capability
from matchmaker.enterprises.refusals import (
    CapabilityAlreadyStated,
    CapabilityCannotMove,
    CapacityWithoutUnit,
    EnterpriseNotListed,
    OutOfReach,
    SpareAboveCapacity,
)
from matchmaker.enterprises.services.marking import mark_changed
from matchmaker.enterprises.transitions import CAPABILITY_MOVES
from matchmaker.enterprises.wording import CAPABILITY_STATES, STATES


@dataclass(frozen=True, slots=True)
class CapabilityFacts:
    """One product or process with what is known of it."""

    product: str
    segment: Segment | None = None
    material: str = ""
    spec: str = ""
    capacity: Decimal | None = None
    capacity_unit: str = ""
    capacity_period: str = ""
    spare: Decimal | None = None
    lead_days: int | None = None
    certificates: tuple[str, ...] = ()
    radius_km: int | None = None


def add_capability(session: Session, *, enterprise: Enterprise, facts: CapabilityFacts, actor: User) -> Capability:
    """Write down a capability as a draft.

    Raises OutOfReach, CapacityWithoutUnit, SpareAboveCapacity, and CapabilityAlreadyStated for one already listed.
    """
    if not may_edit(actor, enterprise):
        raise OutOfReach
    _check(session, enterprise, facts, None)
    capability = Capability(enterprise=enterprise, state=CapabilityState.DRAFT)
    _write(capability, facts)
    session.add(capability)
    mark_changed(session, capability)
    record(session, actor=actor, action="add capability", subject=capability)
    return capability


def edit_capability(session: Session, *, capability: Capability, facts: CapabilityFacts, actor: User) -> None:
    """Change a capability; what was evidenced or verified is only stated again once it says something else.

    Raises as `add_capability` does.
    """
    if not may_edit(actor, capability.enterprise):
        raise OutOfReach
    _check(session, capability.enterprise, facts, capability)
    changed = _write(capability, facts)
    if changed and capability.state in (CapabilityState.EVIDENCED, CapabilityState.VERIFIED):
        capability.state = CapabilityState.STATED
    if changed:
        mark_changed(session, capability)
        detail = {"fields": changed, "state": capability.state.value}
        record(session, actor=actor, action="edit capability", subject=capability, detail=detail)


def publish_capability(session: Session, *, capability: Capability, actor: User) -> None:
    """Show a draft or withdrawn capability to other firms, as the firm's own statement.

    Raises OutOfReach, EnterpriseNotListed and CapabilityCannotMove.
    """
    if capability.enterprise.state not in LISTED_STATES:
        raise EnterpriseNotListed(state=STATES[capability.enterprise.state])
    if capability.state in PUBLISHED_CAPABILITIES:
        raise CapabilityCannotMove(state=CAPABILITY_STATES[capability.state])
    _move(session, capability, CapabilityState.STATED, actor, "publish capability")


def withdraw_capability(session: Session, *, capability: Capability, actor: User) -> None:
    """Take a capability off the register; it can be published again. Raises OutOfReach and CapabilityCannotMove."""
    _move(session, capability, CapabilityState.WITHDRAWN, actor, "withdraw capability")


def _move(session: Session, capability: Capability, target: CapabilityState, actor: User, action: str) -> None:
    if not may_edit(actor, capability.enterprise):
        raise OutOfReach
    if target not in CAPABILITY_MOVES[capability.state]:
        raise CapabilityCannotMove(state=CAPABILITY_STATES[capability.state])
    before, capability.state = capability.state, target
    mark_changed(session, capability)
    detail = {"from": before.value, "to": target.value}
    record(session, actor=actor, action=action, subject=capability, detail=detail)


def _check(session: Session, enterprise: Enterprise, facts: CapabilityFacts, own: Capability | None) -> None:
    if (facts.capacity is not None or facts.spare is not None) and not facts.capacity_unit:
        raise CapacityWithoutUnit
    if facts.capacity is not None and facts.spare is not None and facts.spare > facts.capacity:
        raise SpareAboveCapacity
    known = same_capability(session, enterprise, product=facts.product, spec=facts.spec)
    if known is not None and known is not own:
        raise CapabilityAlreadyStated


def _write(capability: Capability, facts: CapabilityFacts) -> list[str]:
    """Put the facts on the row and return the names of those that changed."""
    values = {field: getattr(facts, field) for field in CapabilityFacts.__dataclass_fields__}
    values["certificates"] = list(facts.certificates)
    changed = [field for field, value in values.items() if getattr(capability, field) != value]
    for field in changed:
        setattr(capability, field, values[field])
    return changed
