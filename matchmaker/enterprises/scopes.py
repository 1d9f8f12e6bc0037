"""Who sees which enterprises, capabilities and needs."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from matchmaker.accounts.models import OfficeLevel, User
from matchmaker.accounts.scopes import is_office
from matchmaker.enterprises.models import (
    LISTED_STATES,
    PUBLISHED_CAPABILITIES,
    Capability,
    Enterprise,
    EnterpriseState,
    LikenessVerdict,
    Need,
    NeedState,
    NeedVisibility,
)
from matchmaker.enterprises.policies import VERIFIERS
from matchmaker.regions.models import Region
from matchmaker.web.visibility import scope

# Most firms are listed: told by the few that are not, a search reads the table once, not by its index on states.
_UNLISTED_STATES = tuple(state for state in EnterpriseState if state not in LISTED_STATES)
SHOWN_NEEDS = (NeedState.PUBLISHED, NeedState.TALKING, NeedState.INTENDED, NeedState.MET)


def unlisted() -> Select[int]:
    """The enterprises that publish nothing; they are few, so leaving them out is cheap."""
    return select(Enterprise.id).where(Enterprise.state.in_(_UNLISTED_STATES))


@scope(Enterprise)
def _enterprises(user: User | None) -> ColumnElement[bool]:
    """Members see the listed register; offices see all of it; a firm always sees itself."""
    if user is None:
        return false()
    if is_office(user):
        return true()
    return or_(Enterprise.state.not_in(_UNLISTED_STATES), Enterprise.id == user.enterprise_id)


@scope(Capability)
def _capabilities(user: User | None) -> ColumnElement[bool]:
    """Members see what is published; a firm sees its drafts, offices see all."""
    if user is None:
        return false()
    if is_office(user):
        return true()
    return or_(
        Capability.enterprise_id == user.enterprise_id,
        and_(Capability.state.in_(PUBLISHED_CAPABILITIES), Capability.enterprise_id.not_in(unlisted())),
    )


@scope(Need)
def _needs(user: User | None) -> ColumnElement[bool]:
    """Published needs of listed firms by their visibility: “matched” means firms supplying the same segment."""
    if user is None:
        return false()
    if is_office(user):
        return true()
    own = aliased(Capability)
    supplied = select(own.segment_id).where(
        own.enterprise_id == user.enterprise_id, own.state.in_(PUBLISHED_CAPABILITIES), own.segment_id.is_not(None)
    )
    readable = or_(
        Need.visibility == NeedVisibility.PUBLIC,
        and_(Need.visibility == NeedVisibility.MATCHED, Need.segment_id.in_(supplied)),
    )
    shown = and_(Need.state.in_(SHOWN_NEEDS), Need.enterprise_id.not_in(unlisted()), readable)
    return or_(Need.enterprise_id == user.enterprise_id, shown)


@scope(LikenessVerdict)
def _likely_duplicates(user: User | None) -> ColumnElement[bool]:
    """Who checks firms sees the pairs of which one firm at least is of the office's region."""
    if user is None or user.office is None or user.role not in VERIFIERS:
        return false()
    if user.office.level is OfficeLevel.PROVINCE:
        return true()
    place = user.office.region_id
    inside = select(Enterprise.id).join(Enterprise.region).where(or_(Region.id == place, Region.parent_id == place))
    return or_(LikenessVerdict.first_id.in_(inside), LikenessVerdict.second_id.in_(inside))
