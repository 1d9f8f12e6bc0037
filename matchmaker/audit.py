"""The hash chain under every append-only record: each entry seals the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One sealed entry as it was stored: its content, and the seal it carries."""

    key: str
    content: Mapping[str, object]
    seal: str


def canonical(content: Mapping[str, object]) -> bytes:
    """The one spelling of an entry that is sealed: sorted keys, no blanks, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def seal(previous: str, content: Mapping[str, object]) -> str:
    """SHA-256 over the previous seal and this entry, in hexadecimal."""
    return seal_of(previous, canonical(content))


def seal_of(previous: str, spelt: bytes) -> str:
    """The same seal of an entry that is spelt already."""
    return hashlib.sha256(previous.encode() + spelt).hexdigest()


def first_break(links: Iterable[Link], *, head: str | None = None) -> str | None:
    """The key of the first entry that was edited, removed or reordered, or None when the chain holds.

    head: the last seal as kept elsewhere; without it a cut at the end cannot be seen.
    """
    previous, key = GENESIS, "head"
    for link in links:
        if link.seal != seal(previous, link.content):
            return link.key
        previous, key = link.seal, link.key
    return None if head in (None, previous) else f"after {key}"
