"""The plans of a workbook written to the register: in blocks, inside the caller's one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Final

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from matchmaker.chains.classifying import SegmentClassifier
from matchmaker.db import Base, new_public_id, utcnow
from matchmaker.enterprises import credit_codes
from matchmaker.enterprises.models import (
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
from matchmaker.imports.planning import Change, New, Plan, Plans, Values
from matchmaker.web.visibility import everyones

BLOCK: Final = 1000
CLEAR: Final = 0.7  # a segment proposed with less is left for a person to choose


@dataclass(frozen=True, slots=True)
class Directory:
    """What codes and texts stand for: ids of places and segments by code, segment codes proposed by text."""

    places: Mapping[str, int]
    segments: Mapping[str, int]
    proposed: Mapping[str, str | None]


def unplaced(plans: Plans) -> set[str]:
    """The texts of new lines whose author named no segment."""
    new = (*plans.products.new, *plans.capabilities.new, *plans.needs.new)
    return {_text(line.values) for line in new if "segment_code" not in line.values}


def proposals(classifier: SegmentClassifier, texts: Iterable[str]) -> dict[str, str | None]:
    """The segment of each text where one is clearly the likeliest."""
    ordered = sorted(texts)
    guesses = classifier.assign(ordered)
    return {text: code if sure >= CLEAR else None for text, (code, sure) in zip(ordered, guesses, strict=True)}


def write(session: Session, plans: Plans, directory: Directory, *, needs_state: NeedState) -> None:
    """Write everything and leave a mark for each line that is new or changed."""
    _write_firms(session, plans.enterprises, directory)
    firms = _firm_ids(session, [*plans.products.new, *plans.capabilities.new, *plans.needs.new])
    stated = {"state": CapabilityState.STATED}
    new = [*plans.products.new, *plans.capabilities.new]
    _write_lines(session, LineKind.CAPABILITY, Capability, [_line(each, firms, directory, stated) for each in new])
    _change(session, LineKind.CAPABILITY, Capability, plans.capabilities.changed, directory)
    published = {"state": needs_state}
    _write_lines(session, LineKind.NEED, Need, [_line(each, firms, directory, published) for each in plans.needs.new])
    _change(session, LineKind.NEED, Need, plans.needs.changed, directory)


def _write_firms(session: Session, plan: Plan, directory: Directory) -> None:
    _write_lines(session, LineKind.ENTERPRISE, Enterprise, [_firm(each, directory) for each in plan.new])
    _change(session, LineKind.ENTERPRISE, Enterprise, plan.changed, directory)


def _firm(new: New, directory: Directory) -> Values:
    identity = Identity.SAMPLE if credit_codes.is_sample(new.code) else Identity.CREDIT_CODE
    own = {"credit_code": new.code, "identity": identity, "state": EnterpriseState.UNCLAIMED}
    return _resolved(new.values, directory) | own


def _line(new: New, firms: Mapping[str, int], directory: Directory, own: Values) -> Values:
    values = dict(new.values)
    values.setdefault("segment_code", directory.proposed.get(_text(values)))
    return _resolved(values, directory) | own | {"enterprise_id": firms[new.code]}


def _text(values: Mapping[str, Any]) -> str:
    return str(values["product"] if "product" in values else values["text"])


def _resolved(values: Mapping[str, Any], directory: Directory) -> Values:
    """Codes of places and segments turned into their ids."""
    kept = {name: value for name, value in values.items() if name not in ("region_code", "segment_code")}
    if "region_code" in values:
        kept["region_id"] = directory.places[values["region_code"]]
    if "segment_code" in values:
        code = values["segment_code"]
        kept["segment_id"] = None if code is None else directory.segments[code]
    return kept


def _firm_ids(session: Session, lines: Iterable[New]) -> dict[str, int]:
    """The ids of the enterprises that lines are added to, those just added included."""
    found: dict[str, int] = {}
    for block in _blocks(sorted({line.code for line in lines})):
        statement = select(Enterprise.credit_code, Enterprise.id).where(Enterprise.credit_code.in_(block))
        rows = session.execute(everyones(statement, because="the lines of the workbook need their owner"))
        found |= dict(rows.all())
    return found


def _write_lines(session: Session, kind: LineKind, model: type[Base], rows: Sequence[Values]) -> None:
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
