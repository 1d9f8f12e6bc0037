"""How many firms and open needs stand at each segment of each chain, and where supply is thin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import User
from matchmaker.chains.models import Chain, Segment
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import (
    LISTED_STATES,
    OPEN_NEEDS,
    PUBLISHED_CAPABILITIES,
    Capability,
    CapabilityState,
    Enterprise,
    Need,
    NeedState,
)
from matchmaker.enterprises.queries.lines import is_open
from matchmaker.enterprises.scopes import unlisted
from matchmaker.web.visibility import everyones, may_see, visible

GAP_RATIO, GAP_LEAST = 2, 3
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class SegmentCount:
    """The firms that publish a capability in a segment, and the open needs for it."""

    suppliers: int = 0
    needs: int = 0

    @property
    def flag(self) -> str:
        """`single` for exactly one supplier, `gap` for at least three needs and twice the suppliers, or nothing."""
        if self.suppliers == 1:
            return "single"
        return "gap" if self.needs >= max(GAP_LEAST, GAP_RATIO * self.suppliers) else ""


@dataclass(frozen=True, slots=True)
class ChainCount:
    """One chain with its distinct firms, its open needs, and how many of its segments are thinly supplied."""

    chain: Chain
    suppliers: int
    needs: int
    gaps: int
    singles: int


def segment_counts(session: Session, user: User, chain: Chain | None = None) -> dict[int, SegmentCount]:
    """The counts of every segment, or of one chain's, by segment id, as far as this person sees."""
    suppliers = _suppliers_by_segment(session, user, chain)
    needs = _needs_by_segment(session, user, chain)
    return {key: SegmentCount(suppliers.get(key, 0), needs.get(key, 0)) for key in suppliers.keys() | needs.keys()}


def chain_counts(session: Session, user: User, chains: Iterable[Chain]) -> list[ChainCount]:
    """The counts of each chain; a firm at several of its segments is one firm."""
    by_segment, firms = segment_counts(session, user), _firms_by_chain(session, user)
    return [_chain_count(chain, by_segment, firms.get(chain.id, 0)) for chain in chains]


def chain_count(session: Session, user: User, chain: Chain, by_segment: dict[int, SegmentCount]) -> ChainCount:
    """The counts of one chain whose segments were counted already."""
    return _chain_count(chain, by_segment, _firms_by_chain(session, user, chain).get(chain.id, 0))


def _chain_count(chain: Chain, by_segment: dict[int, SegmentCount], suppliers: int) -> ChainCount:
    counts = [by_segment.get(segment.id, SegmentCount()) for segment in chain.segments]
    flags = [count.flag for count in counts]
    return ChainCount(chain, suppliers, sum(count.needs for count in counts), flags.count("gap"), flags.count("single"))


def _suppliers_by_segment(session: Session, user: User, chain: Chain | None) -> dict[int, int]:
    statement = select(Capability.segment_id, func.count(Capability.enterprise_id.distinct()))
    statement = statement.where(
        _is_published(),
        Capability.enterprise_id.not_in(unlisted()),
        Capability.segment_id.in_(_ids(chain)) if chain else Capability.segment_id.is_not(None),
    )
    grouped = statement.group_by(Capability.segment_id)
    return _counted(session, grouped, "published lines of listed firms")


def _needs_by_segment(session: Session, user: User, chain: Chain | None) -> dict[int, int]:
    statement = select(Need.segment_id, func.count()).where(
        may_see(Need, user),
        _is_open(),
        Need.enterprise_id.not_in(unlisted()),
        Need.segment_id.in_(_ids(chain)) if chain else Need.segment_id.is_not(None),
    )
    grouped = statement.group_by(Need.segment_id)
    return _counted(session, grouped, "the conditions scope it")


def _firms_by_chain(session: Session, user: User, chain: Chain | None = None) -> dict[int, int]:
    statement = select(Segment.chain_id, func.count(Capability.enterprise_id.distinct()))
    statement = statement.join(Segment, Segment.id == Capability.segment_id)
    statement = statement.where(_is_published(), Capability.enterprise_id.not_in(unlisted()))
    if chain is not None:
        statement = statement.where(Segment.chain_id == chain.id)
    grouped = statement.group_by(Segment.chain_id)
    return _counted(session, grouped, "published lines of listed firms")


def _is_published() -> ColumnElement[bool]:
    """Told by what it is not, so that the index by segment is walked and not the one by state."""
    return Capability.state.not_in([state for state in CapabilityState if state not in PUBLISHED_CAPABILITIES])


def _is_open() -> ColumnElement[bool]:
    """As `is_open`, told by what it is not."""
    still_valid = or_(Need.valid_until.is_(None), Need.valid_until >= shanghai_day(utcnow()))
    return and_(Need.state.not_in([state for state in NeedState if state not in OPEN_NEEDS]), still_valid)


def _counted(session: Session, grouped: Any, because: str) -> dict[int, int]:
    return {key: count for key, count in session.execute(everyones(grouped, because=because)) if key is not None}


def _ids(chain: Chain) -> list[int]:
    return [segment.id for segment in chain.segments]


def suppliers_in(session: Session, user: User, segment: Segment) -> list[Enterprise]:
    """Some firms that publish a capability in a segment, those lately active first."""
    supplying = select(Capability.enterprise_id).where(
        Capability.segment_id == segment.id, Capability.state.in_(PUBLISHED_CAPABILITIES)
    )
    statement = visible(Enterprise, user).where(Enterprise.id.in_(supplying), Enterprise.state.in_(LISTED_STATES))
    statement = statement.options(joinedload(Enterprise.region))
    return list(session.scalars(statement.order_by(Enterprise.updated_at.desc(), Enterprise.id).limit(_SHOWN)))


def open_needs_in(session: Session, user: User, segment: Segment) -> list[Need]:
    """Some open needs for a segment, those lately changed first."""
    statement = (
        visible(Need, user)
        .where(Need.segment_id == segment.id, is_open(), Need.enterprise_id.not_in(unlisted()))
        .options(joinedload(Need.enterprise).joinedload(Enterprise.region))
    )
    return list(session.scalars(statement.order_by(Need.updated_at.desc(), Need.id).limit(_SHOWN)))
