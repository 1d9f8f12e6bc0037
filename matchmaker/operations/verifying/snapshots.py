"""The months as published: each under its digest, on the ledger it was counted from, with the files issued for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matchmaker.audit import GENESIS
from matchmaker.operations.verifying.faults import Altered
from matchmaker.operations.verifying.layout import (
    LEDGER,
    SNAPSHOTS,
    Member,
    digest_of,
    issued_member,
    snapshot_member,
)
from matchmaker.operations.verifying.opening import Package, decoded
from matchmaker.operations.verifying.rows import Document, SnapshotRow


def read_snapshots(package: Package) -> list[SnapshotRow]:
    """The published months in the order of freezing."""
    return [decoded(content, SnapshotRow, f"{SNAPSHOTS} line {line}") for line, content in package.lines(SNAPSHOTS)]


def check_snapshots(package: Package, snapshots: Sequence[SnapshotRow], seals: Mapping[int, str]) -> None:
    """Compare contents, files and ledger with what each month says of them. Raises Altered, naming the month.

    seals: those of the ledger after as many entries as the snapshots name.
    """
    last: dict[int, SnapshotRow] = {}
    for line, snapshot in enumerate(snapshots, 1):
        _check_content(package, snapshot, line)
        if seals.get(snapshot.entry_count) != snapshot.entry_seal:
            raise _fault(snapshot, line, f"{LEDGER} does not bear its seal after {snapshot.entry_count} rows")
        before = last.get(snapshot.year)
        due = (1, GENESIS) if before is None else (before.number + 1, before.digest)
        if (snapshot.number, snapshot.previous_digest) != due:
            raise _fault(snapshot, line, "it does not follow from the month published before it")
        last[snapshot.year] = snapshot
        _check_files(package, snapshot)
    _check_strays(package, snapshots)


def _check_content(package: Package, snapshot: SnapshotRow, line: int) -> None:
    name = snapshot_member(snapshot.month)
    if name not in package.names:
        raise _fault(snapshot, line, f"{name} is missing")
    content = package.whole(name)
    if digest_of([content]) != snapshot.digest:
        raise Altered(
            name, f"its digest is not {snapshot.digest[:12]}…, under which it was published", entry=snapshot.month
        )
    said = decoded(content, Document, name)
    if (said.get("as_of"), said.get("rule_version")) != (snapshot.as_of, snapshot.rule_version):
        raise _fault(snapshot, line, f"{name} is as of {said.get('as_of')} by rules {said.get('rule_version')}")


def _check_files(package: Package, snapshot: SnapshotRow) -> None:
    for file in snapshot.files:
        name = issued_member(snapshot.month, file.name)
        if name not in package.names:
            raise Altered(SNAPSHOTS, f"{name} is missing", entry=snapshot.month)
        package.digest(name)
        if package.read_members[name] != Member(name, file.size, file.digest):
            raise Altered(name, f"it is not the file issued under {file.digest[:12]}…", entry=snapshot.month)


def _check_strays(package: Package, snapshots: Sequence[SnapshotRow]) -> None:
    known = {snapshot_member(each.month) for each in snapshots}
    known |= {issued_member(each.month, file.name) for each in snapshots for file in each.files}
    for name in package.names:
        if "/" in name and name not in known:
            raise Altered(name, f"{SNAPSHOTS} knows nothing of it")


def _fault(snapshot: SnapshotRow, line: int, differs: str) -> Altered:
    return Altered(SNAPSHOTS, differs, line=line, entry=snapshot.month)
