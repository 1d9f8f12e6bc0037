"""Enterprises as the count reads them: with the prefecture they count for, and their parents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, String, or_, select, true, type_coerce
from sqlalchemy.orm import Session

from matchmaker.deals.counting import EnterpriseFacts, EnterpriseKind
from matchmaker.enterprises.models import Enterprise
from matchmaker.enterprises.queries.duplicates import mergers_in_force
from matchmaker.regions.models import Region, RegionLevel
from matchmaker.regions.queries import all_regions
from matchmaker.web.visibility import everyones

_FIRM = Enterprise.__table__.c  # as tuples of the model the same rows take twice as long
_KINDS = {kind.value: kind for kind in EnterpriseKind}


@dataclass(frozen=True, slots=True)
class Register:
    """Every enterprise by its credit code, and by the id the tables use the code it counts under.

    A registration put behind another as its duplicate counts under the other's code (R5), and is a firm below it for
    whoever still names it as a parent.
    """

    codes: Mapping[int, str]
    firms: Mapping[str, EnterpriseFacts]

    def with_parents(self, involved: Iterable[str]) -> list[EnterpriseFacts]:
        """The enterprises involved and their parents as far as they are registered, by code."""
        wanted: set[str] = set()
        for code in involved:
            firm = self.firms.get(code)
            while firm is not None and firm.credit_code not in wanted:
                wanted.add(firm.credit_code)
                firm = self.firms.get(firm.parent or "")
        return [self.firms[code] for code in sorted(wanted)]


def places(session: Session) -> dict[int, str | None]:
    """The code each place counts for, by its id: a county's is its prefecture's; None outside the province."""
    return {region.id: _counts_for(region) for region in all_regions(session)}


def _counts_for(region: Region) -> str | None:
    if region.level is RegionLevel.OUTSIDE:
        return None
    return region.prefecture.code if region.prefecture is not None else region.code


def read_register(session: Session) -> Register:
    """Every enterprise as the count reads it."""
    return _register(session, _rows(session, true()), mergers_in_force(session))


def read_parties(session: Session, ids: Collection[int]) -> Register:
    """These enterprises, those they were merged into, and every registered parent above them."""
    mergers = mergers_in_force(session)
    rows: dict[str, Row[*tuple[Any, ...]]] = {}
    wanted, parents = set(ids), set[str]()
    while wanted or parents:
        which = or_(_FIRM.id.in_(wanted), _FIRM.credit_code.in_(parents))
        found = {row.credit_code: row for row in _rows(session, which)}
        rows |= found
        known = {row.id for row in rows.values()}
        wanted = {mergers[row.id] for row in found.values() if row.id in mergers} - known
        parents = {row.parent_code for row in found.values() if row.parent_code} - rows.keys()
    return _register(session, rows.values(), mergers)


def _rows(session: Session, which: ColumnElement[bool]) -> Sequence[Row[*tuple[Any, ...]]]:
    statement = select(
        _FIRM.id,
        _FIRM.credit_code,
        _FIRM.name,
        _FIRM.region_id,
        type_coerce(_FIRM.kind, String).label("kind"),
        _FIRM.last_year_revenue,
        _FIRM.parent_code,
        _FIRM.legal_representative,
    ).where(which)
    because = "place, kind, revenue and relations of the parties bear on the count"
    return session.execute(everyones(statement.order_by(_FIRM.id), because=because)).all()


def _register(session: Session, rows: Collection[Row[*tuple[Any, ...]]], mergers: Mapping[int, int]) -> Register:
    counts_for = places(session)
    own = {row.id: row.credit_code for row in rows}
    behind = {own[duplicate]: own[survivor] for duplicate, survivor in mergers.items() if duplicate in own}
    parents = without_circles({row.credit_code: row.parent_code for row in rows if row.parent_code} | behind)
    firms = {
        code: EnterpriseFacts(
            code, name, counts_for[place], _KINDS[kind], revenue, parents.get(code), representative or None
        )
        for _id, code, name, place, kind, revenue, _parent, representative in rows
    }
    return Register({key: _survivor(code, behind) for key, code in own.items()}, firms)


def _survivor(code: str, behind: Mapping[str, str]) -> str:
    """The end of a chain of mergers; it has one, for what is merged already takes nobody in."""
    while code in behind:
        code = behind[code]
    return code


def without_circles(parents: Mapping[str, str]) -> dict[str, str]:
    """Parents among whom every chain ends: a circle ends at its smallest code, so that all in it stay one family.

    The register takes parents as they are typed, and firms that name themselves are common; the count refuses circles.
    """
    kept = dict(parents)
    settled: set[str] = set()
    for start in parents:
        trail: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in settled and here not in trail:
            trail[here] = None
            here = kept.get(here)
        if here in trail:
            passed = list(trail)
            del kept[min(passed[passed.index(here) :])]
        settled.update(trail)
    return kept
