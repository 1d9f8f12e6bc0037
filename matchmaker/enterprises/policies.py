"""Who comes to the registers, and who may change what in them."""

from __future__ import annotations

from matchmaker.accounts.models import Office, OfficeLevel, Role, User
from matchmaker.enterprises.models import Enterprise
from matchmaker.enterprises.transitions import EDITABLE, STEPS, Step
from matchmaker.regions.models import Region

REGISTRARS = frozenset({Role.OFFICIAL, Role.COUNTY_OFFICER, Role.ORGANISER, Role.ADMINISTRATOR})
VERIFIERS = frozenset({Role.OFFICIAL, Role.COUNTY_OFFICER})


def reaches(office: Office | None, region: Region) -> bool:
    """Whether a place lies in an office's region; the whole register is the province's."""
    if office is None:
        return False
    return office.level is OfficeLevel.PROVINCE or office.region_id in (region.id, region.parent_id)


def may_edit(user: User, enterprise: Enterprise) -> bool:
    """Whether somebody may change an enterprise's facts: the firm itself, or a registrar of its region."""
    if user.enterprise_id is not None:
        return enterprise.id == user.enterprise_id
    return user.role in REGISTRARS and reaches(user.office, enterprise.region)


def may_verify(user: User, enterprise: Enterprise) -> bool:
    """Whether somebody may check an enterprise and its needs: an official of its region."""
    return user.role in VERIFIERS and reaches(user.office, enterprise.region)


def may_take(user: User, enterprise: Enterprise, step: Step) -> bool:
    """Whether this step is this person's to take."""
    if step.by_office:
        return may_verify(user, enterprise)
    return user.enterprise_id is not None and user.enterprise_id == enterprise.id


def open_steps(user: User, enterprise: Enterprise) -> dict[str, Step]:
    """The steps this person may take now, by name."""
    return {
        name: step
        for name, step in STEPS.items()
        if enterprise.state in step.sources and may_take(user, enterprise, step)
    }


def is_editable_by(user: User, enterprise: Enterprise) -> bool:
    """Whether the facts may be changed, by this person and in this state."""
    return enterprise.state in EDITABLE and may_edit(user, enterprise)


def knows_figures(user: User, enterprise: Enterprise) -> bool:
    """Whether revenue, legal representative and parent are shown: to offices and the firm itself, never to rivals."""
    return user.office is not None or enterprise.id == user.enterprise_id
