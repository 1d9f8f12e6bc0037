"""An export proved: its chains, its facts, its result, its published months and its manifest, in this order.

Rows come before digests, so that whoever changed one is told which, and not only in which file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from matchmaker.audit import canonical
from matchmaker.deals.collecting import uncollected
from matchmaker.deals.counting import RULE_VERSION, Facts, count
from matchmaker.deals.facts import MalformedFacts, read_day, result_of
from matchmaker.operations.verifying import layout
from matchmaker.operations.verifying.chains import check_audit
from matchmaker.operations.verifying.facts import check_facts, read_facts
from matchmaker.operations.verifying.faults import Altered, Unreadable
from matchmaker.operations.verifying.ledger import follow_ledger, read_deals
from matchmaker.operations.verifying.opening import Package, decoded, opened
from matchmaker.operations.verifying.restating import Restated, restate
from matchmaker.operations.verifying.rows import Document, Head, ManifestRow
from matchmaker.operations.verifying.snapshots import check_snapshots, read_snapshots


@dataclass(frozen=True, slots=True)
class Proof:
    """What an export was found to hold, with the seals to be compared with those noted elsewhere."""

    programme: int
    as_of: str
    rule_version: int
    net: int
    deals: int
    ledger: Head
    audit: Head
    published: Head
    months: list[Restated]
    issued_files: int
    manifest: str


def prove(path: Path, *, through: str | None = None) -> Proof:
    """Prove an export from its own rows. Raises Unreadable or Altered.

    through: a seal of the ledger that was noted earlier, which the ledger must still bear.
    """
    with opened(path) as package, uncollected():
        try:
            return _prove(package, through)
        except (RecursionError, MemoryError) as fault:
            raise Unreadable(f"it is nested too deep or too large: {type(fault).__name__}") from None


def _prove(package: Package, through: str | None) -> Proof:
    manifest, spelt = _read_manifest(package)
    day = _day(manifest.as_of)
    heads = decoded(package.whole(layout.HEADS), dict[str, Head], layout.HEADS)
    ledger_head, audit, published = (_head(heads, name) for name in layout.CHAINS)
    check_audit(package, audit)
    deals, months = read_deals(package), read_snapshots(package, published)
    facts = read_facts(package.whole(layout.FACTS))
    marks = frozenset(each.said.entries[0] for each in months)
    ledger = follow_ledger(package, ledger_head, deals, facts, marks, through)
    check_facts(ledger, facts, manifest.programme)
    _check_result(package, facts, day, manifest)
    results = check_snapshots(package, months, ledger.states)
    _check_manifest(package, manifest, spelt)
    restated = [
        restate(facts, each.said, results[each.said.month], ledger.states[each.said.entries[0]])
        for each in months
        if each.year == manifest.programme
    ]
    return Proof(
        programme=manifest.programme,
        as_of=manifest.as_of,
        rule_version=manifest.rule_version,
        net=manifest.net,
        deals=len(facts.deals),
        ledger=ledger_head,
        audit=audit,
        published=published,
        months=restated,
        issued_files=sum(len(each.files) for each in months),
        manifest=manifest.sha256,
    )


def _read_manifest(package: Package) -> tuple[ManifestRow, bytes]:
    spelt = package.whole(layout.MANIFEST)
    manifest = decoded(spelt, ManifestRow, layout.MANIFEST)
    if (manifest.format, manifest.version) != (layout.FORMAT, layout.VERSION):
        raise Unreadable(f"{layout.MANIFEST}: this release reads {layout.FORMAT} {layout.VERSION}")
    if manifest.rule_version != RULE_VERSION:
        raise Unreadable(f"{layout.MANIFEST}: this release counts by rules {RULE_VERSION}, not {manifest.rule_version}")
    return manifest, spelt


def _day(text: str) -> date:
    try:
        return read_day(text)
    except MalformedFacts as fault:
        raise Unreadable(f"{layout.MANIFEST}: as_of: {fault.message}") from None


def _head(heads: dict[str, Head], name: str) -> Head:
    if name not in heads:
        raise Unreadable(f"{layout.HEADS}: {name} is missing")
    return heads[name]


def _check_result(package: Package, facts: Facts, day: date, manifest: ManifestRow) -> None:
    """Recount the facts and compare with the result and with the manifest's net. Raises Altered, naming the value."""
    recounted: Document = msgspec.json.decode(msgspec.json.encode(result_of(count(facts, day))))
    result = decoded(package.whole(layout.RESULT), Document, layout.RESULT)
    if result != recounted:
        raise Altered(layout.RESULT, _first_difference("", result, recounted))
    if manifest.net != recounted["net"]:
        raise Altered(layout.MANIFEST, f"net is {manifest.net}, recounted {recounted['net']}")


def _first_difference(path: str, here: Any, counted: Any) -> str:
    """Where a result departs from the recount, in words."""
    if not (isinstance(here, dict) and isinstance(counted, dict)):
        return f"{path or 'the result'} is {_short(here)}, recounted {_short(counted)}"
    for key in [*counted, *(key for key in here if key not in counted)]:
        step = f"{path}.{key}" if path else key
        if key not in here or key not in counted:
            return f"{step} is {'missing' if key not in here else 'not in the recount'}"
        if here[key] != counted[key]:
            return _first_difference(step, here[key], counted[key])
    return f"{path or 'the result'} differs"


def _short(value: object) -> str:
    return msgspec.json.encode(value).decode()[:60]


def _check_manifest(package: Package, manifest: ManifestRow, spelt: bytes) -> None:
    """Every member is as the manifest says and the manifest says nothing else. Raises Altered."""
    named = [layout.Member(each.name, each.size, each.sha256) for each in manifest.members]
    for name in package.names:
        if name not in package.read_members:
            package.digest(name)
    for member in named:
        found = package.read_members.get(member.name)
        if found is None:
            raise Altered(layout.MANIFEST, f"{member.name[:80]!a} is not in the export")
        if found != member:
            raise Altered(
                member.name, f"its SHA-256 is {found.sha256[:12]}…, {layout.MANIFEST} says {member.sha256[:12]}…"
            )
    strays = set(package.names) - {member.name for member in named} - {layout.MANIFEST}
    if strays:
        raise Altered(min(strays), f"{layout.MANIFEST} does not name it")
    content = decoded(spelt, Document, layout.MANIFEST)
    seal = content.pop("sha256")
    if seal != layout.digest_of([canonical(content)]) or layout.row(content | {"sha256": seal}) != spelt:
        raise Altered(layout.MANIFEST, "it was changed: its own digest does not fit")
