"""The plans of a workbook written to the register: in blocks, inside the caller's one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Final

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from matchmaker.db import Base, new_public_id, utcnow
from matchmaker.enterprises import credit_codes
from matchmaker.enterprises.models import (
    LISTED_STATES,
    Capability,
    CapabilityState,
    Enterprise,
    EnterpriseState,
    Identity,
    LineChange,
    LineKind,
    Need,
    NeedState,
)
from matchmaker.imports.placing import text_of
from matchmaker.imports.planning import Change, New, Plans, Values
from matchmaker.web.visibility import everyones

BLOCK: Final = 1000
_TRUSTED: Final = (EnterpriseState.VERIFIED, EnterpriseState.REVIEW)


@dataclass(frozen=True, slots=True)
class Directory:
    """What codes and texts stand for: ids of places and segments by code, segment codes proposed by text."""

    places: Mapping[str, int]
    segments: Mapping[str, int]
    proposed: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Owner:
    """The enterprise a line is added to."""

    id: int
    state: EnterpriseState


def write(session: Session, plans: Plans, directory: Directory, *, by_office: bool) -> int:
    """Write everything and leave a mark for each line that is new or changed.

    Returns how many new needs wait for an office. As on the pages, the lines of a firm that is not listed
    are drafts, and the needs that an unverified firm brings itself wait for the office's look.
    """
    _add(session, LineKind.ENTERPRISE, Enterprise, [_firm(each, directory) for each in plans.enterprises.new])
    _change(session, LineKind.ENTERPRISE, Enterprise, plans.enterprises.changed, directory)
    capabilities = [*plans.products.new, *plans.capabilities.new]
    owners = _owners(session, [*capabilities, *plans.needs.new])
    supplied = [_line(each, owners, directory) | {"state": _supplied(owners[each.code])} for each in capabilities]
    _add(session, LineKind.CAPABILITY, Capability, supplied)
    _change(session, LineKind.CAPABILITY, Capability, plans.capabilities.changed, directory)
    wanted = [
        _line(each, owners, directory) | {"state": _wanted(owners[each.code], by_office=by_office)}
        for each in plans.needs.new
    ]
    _add(session, LineKind.NEED, Need, wanted)
    _change(session, LineKind.NEED, Need, plans.needs.changed, directory)
    return sum(each["state"] is NeedState.PENDING for each in wanted)


def _supplied(owner: Owner) -> CapabilityState:
    return CapabilityState.STATED if owner.state in LISTED_STATES else CapabilityState.DRAFT


def _wanted(owner: Owner, *, by_office: bool) -> NeedState:
    if owner.state not in LISTED_STATES:
        return NeedState.DRAFT
    return NeedState.PUBLISHED if by_office or owner.state in _TRUSTED else NeedState.PENDING


def _firm(new: New, directory: Directory) -> Values:
    identity = Identity.SAMPLE if credit_codes.is_sample(new.code) else Identity.CREDIT_CODE
    own = {"credit_code": new.code, "identity": identity, "state": EnterpriseState.UNCLAIMED}
    return _resolved(new.values, directory) | own


def _line(new: New, owners: Mapping[str, Owner], directory: Directory) -> Values:
    values = dict(new.values)
    values.setdefault("segment_code", directory.proposed.get(text_of(values)))
    return _resolved(values, directory) | {"enterprise_id": owners[new.code].id}


def _resolved(values: Mapping[str, Any], directory: Directory) -> Values:
    """Codes of places and segments turned into their ids."""
    kept = {name: value for name, value in values.items() if name not in ("region_code", "segment_code")}
    if "region_code" in values:
        kept["region_id"] = directory.places[values["region_code"]]
    if "segment_code" in values:
        code = values["segment_code"]
        kept["segment_id"] = None if code is None else directory.segments[code]
    return kept


def _owners(session: Session, lines: Iterable[New]) -> dict[str, Owner]:
    """The enterprises that lines are added to, those just added included."""
    found: dict[str, Owner] = {}
    for block in _blocks(sorted({line.code for line in lines})):
        columns = (Enterprise.credit_code, Enterprise.id, Enterprise.state)
        statement = select(*columns).where(Enterprise.credit_code.in_(block))
        rows = session.execute(everyones(statement, because="the lines of the workbook need their owner"))
        found |= {code: Owner(row_id, state) for code, row_id, state in rows}
    return found


def _add(session: Session, kind: LineKind, model: type[Base], rows: Sequence[Values]) -> None:
    """Add rows; those that fill the same columns go together."""
    table, added = _table(model), list[int]()
    for columns, alike in groupby(sorted(rows, key=_shape), key=_shape):
        del columns
        for block in _blocks(alike):
            numbered = [row | {"public_id": new_public_id()} for row in block]
            added += session.scalars(insert(table).returning(table.c.id), numbered)
    _mark(session, kind, added)


def _change(
    session: Session, kind: LineKind, model: type[Base], changes: Sequence[Change], directory: Directory
) -> None:
    """Change rows; those whose same columns change go together."""
    table = _table(model)
    rows = [(change.id, _resolved(change.values, directory)) for change in changes]
    for columns, alike in groupby(sorted(rows, key=lambda row: _shape(row[1])), key=lambda row: _shape(row[1])):
        values: Values = {name: bindparam(f"new_{name}") for name in columns}
        statement = (
            update(table)
            .where(table.c.id == bindparam("row_id"))
            .values(**values, version=table.c.version + 1, updated_at=utcnow())
        )
        for block in _blocks(alike):
            session.execute(
                statement,
                [{"row_id": row_id} | {f"new_{name}": row[name] for name in columns} for row_id, row in block],
            )
    _mark(session, kind, [change.id for change in changes])


def _mark(session: Session, kind: LineKind, ids: Iterable[int]) -> None:
    """Leave word of changed lines for those that read on from their own cursor."""
    for block in _blocks(ids):
        session.execute(insert(_table(LineChange)), [{"kind": kind, "line_id": row_id} for row_id in block])


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 -- no register is a join
    return table


def _shape(values: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(values))


def _blocks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    remaining = iter(rows)
    while block := list(islice(remaining, BLOCK)):
        yield block
