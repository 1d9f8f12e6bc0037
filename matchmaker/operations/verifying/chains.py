"""The two sealed records followed from their first row to the head kept beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from matchmaker.audit import GENESIS, seal_of
from matchmaker.operations.verifying.faults import Altered
from matchmaker.operations.verifying.layout import AUDIT, HEADS
from matchmaker.operations.verifying.opening import Package, decoded
from matchmaker.operations.verifying.rows import Head, SealedRow

Sealed = TypeVar("Sealed", bound=SealedRow)
UNFIT = "its seal does not fit: it was edited, or rows before it were removed or moved"


def followed(
    package: Package,
    member: str,
    head: Head,
    kind: type[Sealed],
    *,
    name: Callable[[Sealed], str],
    differs: Callable[[Sealed], str] | None = None,
) -> Iterator[tuple[int, Sealed]]:
    """The rows of a chain with their lines, each once its seal was found right. Raises Altered at the first not.

    name: what a row is about, in words; differs: what is wrong with one that does not fit.
    """
    previous, line = GENESIS, 0
    for line, content in package.lines(member):
        row = decoded(content, kind, f"{member} line {line}")
        if row.seal != seal_of(previous, bytes(row.content)):
            raise Altered(member, differs(row) if differs else UNFIT, line=line, entry=name(row))
        if line > head.count:
            raise Altered(
                member, f"it stands after the head, which counts {head.count} rows", line=line, entry=name(row)
            )
        previous = row.seal
        yield line, row
    if line < head.count:
        raise Altered(member, f"rows are missing at the end: the head counts {head.count}, there are {line}", line=line)
    if previous != head.seal:
        raise Altered(HEADS, f"the seal of {member} ends in {previous[:12]}…, not in {head.seal[:12]}…")


def check_audit(package: Package, head: Head) -> None:
    """Follow the audit record. Raises Altered, naming the audit entry by its number."""
    for _sealed in followed(package, AUDIT, head, SealedRow, name=lambda row: f"audit entry {row.id}"):
        pass
