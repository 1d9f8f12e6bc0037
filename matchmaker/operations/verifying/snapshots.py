"""The months as published: sealed one to the next, on the ledger they were counted from, with the files issued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matchmaker.audit import GENESIS
from matchmaker.operations.verifying.chains import followed
from matchmaker.operations.verifying.faults import Altered
from matchmaker.operations.verifying.layout import (
    LEDGER,
    SNAPSHOTS,
    Member,
    digest_of,
    issued_member,
    snapshot_member,
)
from matchmaker.operations.verifying.ledger import State
from matchmaker.operations.verifying.opening import Package, decoded
from matchmaker.operations.verifying.rows import Document, Head, IssuedRow, Published, SnapshotRow


@dataclass(frozen=True, slots=True)
class Month:
    """A published month, and where its row stands."""

    line: int
    year: int
    said: Published
    files: list[IssuedRow]


def read_snapshots(package: Package, head: Head) -> list[Month]:
    """The published months in the order of freezing, as they are sealed. Raises Altered."""
    rows = followed(package, SNAPSHOTS, head, SnapshotRow, name=lambda row: _published(row).month)
    return [Month(line, row.year, _published(row), row.files) for line, row in rows]


def _published(row: SnapshotRow) -> Published:
    return decoded(bytes(row.content), Published, f"{SNAPSHOTS} {row.id}")


def check_snapshots(package: Package, months: Sequence[Month], states: Mapping[int, State]) -> dict[str, Document]:
    """The published results by month, once contents, files and ledger are as each month says. Raises Altered.

    states: those of the ledger after as many rows as the months name.
    """
    last: dict[int, Published] = {}
    results = {}
    for month in months:
        said = month.said
        results[said.month] = _content(package, month)
        count, seal = said.entries
        if count not in states or states[count].seal != seal:
            raise _fault(month, f"{LEDGER} does not bear its seal after {count} rows")
        before = last.get(month.year)
        due = (1, GENESIS) if before is None else (before.number + 1, before.digest)
        if (said.number, said.previous) != due:
            raise _fault(month, "it does not follow from the month published before it")
        last[month.year] = said
        _check_files(package, month)
    _check_strays(package, months)
    return results


def _content(package: Package, month: Month) -> Document:
    said, name = month.said, snapshot_member(month.said.month)
    if name not in package.names:
        raise _fault(month, f"{name} is missing")
    content = package.whole(name)
    if digest_of([content]) != said.digest:
        raise Altered(name, f"its digest is not {said.digest[:12]}…, under which it was published", entry=said.month)
    result = decoded(content, Document, name)
    if (result.get("as_of"), result.get("rule_version")) != (said.as_of, said.rule_version):
        raise _fault(month, f"{name} is as of {result.get('as_of')} by rules {result.get('rule_version')}")
    return result


def _check_files(package: Package, month: Month) -> None:
    for file in month.files:
        name = issued_member(month.said.month, file.name)
        if name not in package.names:
            raise _fault(month, f"{name} is missing")
        package.digest(name)
        if package.read_members[name] != Member(name, file.size, file.digest):
            raise Altered(name, f"it is not the file issued under {file.digest[:12]}…", entry=month.said.month)


def _check_strays(package: Package, months: Sequence[Month]) -> None:
    known = {snapshot_member(each.said.month) for each in months}
    known |= {issued_member(each.said.month, file.name) for each in months for file in each.files}
    for name in package.names:
        if "/" in name and name not in known:
            raise Altered(name, f"{SNAPSHOTS} knows nothing of it")


def _fault(month: Month, differs: str) -> Altered:
    return Altered(SNAPSHOTS, differs, line=month.line, entry=month.said.month)
