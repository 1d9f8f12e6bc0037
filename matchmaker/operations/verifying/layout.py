"""The members of an export and how each is spelt; whoever writes one and whoever proves one read it here.

A member of rows holds one canonical JSON object a line: sorted keys, no blanks, UTF-8.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matchmaker.audit import canonical

FORMAT, VERSION = "matchmaker-export", 1

README = "README.txt"
LEDGER = "ledger.jsonl"
AUDIT = "audit.jsonl"
DEALS = "deals.jsonl"
SNAPSHOTS = "snapshots.jsonl"
HEADS = "heads.json"
FACTS = "FACTS.json"
RESULT = "result.json"
MANIFEST = "manifest.json"
REQUIRED = (README, LEDGER, AUDIT, DEALS, SNAPSHOTS, HEADS, FACTS, RESULT, MANIFEST)

# The names of the chains whose heads are exported, as the database calls them.
LEDGER_CHAIN, AUDIT_CHAIN, SNAPSHOT_CHAIN = CHAINS = "deal_entry", "audit_entry", "snapshot"

_SNAPSHOT = re.compile(r"snapshots/20\d\d-(0[1-9]|1[0-2])\.json")
_ISSUED = re.compile(r"issued/20\d\d-(0[1-9]|1[0-2])/[^/\\\x00-\x1f]{1,120}")


@dataclass(frozen=True, slots=True)
class Member:
    """One member as the manifest names it."""

    name: str
    size: int
    sha256: str


def is_member(name: str) -> bool:
    """Whether an export may hold a member of this name."""
    return name in REQUIRED or bool(_SNAPSHOT.fullmatch(name) or _is_issued(name))


def _is_issued(name: str) -> bool:
    return bool(_ISSUED.fullmatch(name)) and name.rpartition("/")[2] not in (".", "..")


def snapshot_member(month: str) -> str:
    """Where the published result of a month lies."""
    return f"snapshots/{month}.json"


def issued_member(month: str, name: str) -> str:
    """Where a file issued for a month lies; a name that could lead out of the folder loses its marks."""
    safe = re.sub(r"[/\\\x00-\x1f]", "_", name)[:120]
    return f"issued/{month}/{safe if safe not in ('', '.', '..') else '_'}"


def row(content: Mapping[str, Any]) -> bytes:
    """One line of a member of rows."""
    return canonical(content) + b"\n"


def manifest(about: Mapping[str, Any], members: Sequence[Member]) -> bytes:
    """The manifest: what the export is about, each member's digest, and a digest over all this."""
    named = [{"name": each.name, "sha256": each.sha256, "size": each.size} for each in members]
    content = {"format": FORMAT, "version": VERSION, **about, "members": named}
    return row(content | {"sha256": digest_of([canonical(content)])})


def digest_of(chunks: Iterable[bytes]) -> str:
    """SHA-256 in hexadecimal."""
    found = hashlib.sha256()
    for chunk in chunks:
        found.update(chunk)
    return found.hexdigest()
