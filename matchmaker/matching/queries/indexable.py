"""Everything an index is built from, read as light rows in a handful of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from matchmaker.chains.models import Segment
from matchmaker.chains.queries import all_chains, all_links
from matchmaker.enterprises.models import (
    GOODS,
    LISTED_STATES,
    OPEN_NEEDS,
    PUBLISHED_CAPABILITIES,
    Capability,
    CapabilityState,
    Enterprise,
    EnterpriseState,
    LineChange,
    LineKind,
    Need,
    NeedVisibility,
)
from matchmaker.matching.engine import ChainGraph, Firm, Knowledge, Line, SegmentLink, SegmentNode
from matchmaker.regions.models import Region
from matchmaker.web.visibility import everyones

_SLOW_WRITERS: Final = 50  # marks are numbered when written and seen when committed, not always in that order
_WHY: Final = "the index is read through visible() again whenever something of it is shown"
_VERIFIED: Final = {EnterpriseState.VERIFIED: 2, EnterpriseState.REVIEW: 1}
_BACKED: Final = {CapabilityState.EVIDENCED: 1, CapabilityState.VERIFIED: 2}


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far the marks of changed lines had come: the last of them, and how many there were."""

    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers at one moment, as the engine takes them."""

    cursor: Cursor
    firms: list[Firm]
    lines: list[Line]
    knowledge: Knowledge


def change_cursor(session: Session) -> Cursor:
    """How far the marks of changed lines have come."""
    last, count = session.execute(select(func.max(LineChange.id), func.count(LineChange.id))).one()
    return Cursor(last or 0, count)


def last_change(session: Session) -> int:
    """The last mark of a changed line; cheap enough for every request."""
    return session.scalar(select(func.max(LineChange.id))) or 0


def registers(session: Session) -> Registers:
    """All that is listed and published; the cursor is read first, so that nothing is ever missed."""
    cursor = change_cursor(session)
    trust: dict[int, int] = defaultdict(int)
    lines = [*_capabilities(session, trust), *_needs(session)]
    graph = chain_graph(session)
    names = dict.fromkeys(term for node in graph.nodes for term in node.terms)
    return Registers(cursor, list(_firms(session, trust)), lines, Knowledge(graph, names=tuple(names)))


def changed_firms(session: Session, *, since: int) -> frozenset[int]:
    """The firms of which anything changed after a mark, with whatever a slower writer may have marked before it."""
    marks = select(LineChange.kind, LineChange.line_id).where(LineChange.id > since - _SLOW_WRITERS).distinct()
    changed: dict[LineKind, set[int]] = defaultdict(set)
    for kind, line_id in session.execute(marks):
        changed[kind].add(line_id)
    return frozenset(
        changed[LineKind.ENTERPRISE]
        | _owners(session, Capability, changed[LineKind.CAPABILITY])
        | _owners(session, Need, changed[LineKind.NEED])
    )


def _owners(session: Session, model: type[Capability | Need], lines: set[int]) -> set[int]:
    statement = select(model.enterprise_id).where(model.id.in_(lines))
    return set(session.scalars(everyones(statement, because=_WHY))) if lines else set()


def registers_of(session: Session, firms: frozenset[int]) -> tuple[list[Firm], list[Line]]:
    """What of some firms is listed and published now, as the engine takes it."""
    trust: dict[int, int] = defaultdict(int)
    lines = [*_capabilities(session, trust, firms), *_needs(session, firms)]
    return list(_firms(session, trust, firms)), lines


def chain_graph(session: Session) -> ChainGraph:
    """The chains as the engine takes them."""
    nodes = (
        SegmentNode(segment.code, chain.code, segment.name, segment.stage.value, _terms(segment))
        for chain in all_chains(session)
        for segment in chain.segments
    )
    links = (SegmentLink(link.supplier.code, link.buyer.code, link.item) for link in all_links(session))
    return ChainGraph(tuple(nodes), tuple(links))


def line_number(kind: LineKind, line_id: int) -> int:
    """The one number under which the engine knows a capability or a need."""
    return 2 * line_id + (kind is LineKind.NEED)


def line_of(number: int) -> tuple[LineKind, int]:
    """Which line a number of the engine stands for."""
    return (LineKind.NEED if number % 2 else LineKind.CAPABILITY), number // 2


def _terms(segment: Segment) -> tuple[str, ...]:
    return (segment.name, *(word for one in segment.products for word in (one["name"], *one.get("synonyms", ()))))


def _firms(session: Session, backed: dict[int, int], only: frozenset[int] | None = None) -> Iterator[Firm]:
    statement = (
        select(Enterprise.id, Enterprise.name, Enterprise.state, Enterprise.industry_code, Region.code)
        .join(Enterprise.region)
        .where(Enterprise.state.in_(LISTED_STATES), _among(only))
        .order_by(Enterprise.id)
    )
    for row_id, name, state, industry, region in session.execute(everyones(statement, because=_WHY)):
        trust = _VERIFIED.get(state, 0) + backed[row_id]
        yield Firm(row_id, name, region, trust, (industry,) if industry else ())


def _among(only: frozenset[int] | None) -> ColumnElement[bool]:
    return true() if only is None else Enterprise.id.in_(only)


def _capabilities(session: Session, backed: dict[int, int], only: frozenset[int] | None = None) -> Iterator[Line]:
    """Published capabilities; notes on the way how far each firm's statements are backed."""
    statement = (
        select(
            Capability.id,
            Capability.enterprise_id,
            Capability.product,
            Capability.material,
            Capability.spec,
            Segment.code,
            Capability.certificates,
            Capability.spare,
            Capability.capacity_unit,
            Capability.lead_days,
            Capability.state,
        )
        .join(Capability.enterprise)
        .outerjoin(Capability.segment)
        .where(Capability.state.in_(PUBLISHED_CAPABILITIES), Enterprise.state.in_(LISTED_STATES), _among(only))
        .order_by(Capability.id)
    )
    for row_id, firm, product, material, spec, segment, certificates, spare, unit, days, state in session.execute(
        everyones(statement, because=_WHY)
    ):
        backed[firm] = max(backed[firm], _BACKED.get(state, 0))
        yield Line(
            line_number(LineKind.CAPABILITY, row_id),
            firm,
            "capability",
            " ".join(part for part in (product, material, spec) if part),
            segment,
            certificates=tuple(certificates),
            quantity=None if spare is None else float(spare),
            unit=unit,
            days=days,
        )


def _needs(session: Session, only: frozenset[int] | None = None) -> Iterator[Line]:
    """Open needs for goods and work; those for organisers only never enter, so that no score tells of them."""
    statement = (
        select(Need.id, Need.enterprise_id, Need.text, Segment.code, Need.quantity, Need.unit)
        .join(Need.enterprise)
        .outerjoin(Need.segment)
        .where(
            Need.state.in_(OPEN_NEEDS),
            Need.kind.in_(GOODS),
            Need.visibility != NeedVisibility.ORGANISERS,
            Enterprise.state.in_(LISTED_STATES),
            _among(only),
        )
        .order_by(Need.id)
    )
    for row_id, firm, text, segment, quantity, unit in session.execute(everyones(statement, because=_WHY)):
        amount = None if quantity is None else float(quantity)
        yield Line(line_number(LineKind.NEED, row_id), firm, "need", text, segment, quantity=amount, unit=unit)
