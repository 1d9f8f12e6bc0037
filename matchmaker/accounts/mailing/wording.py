"""A mail address as whoever only holds a link may see it."""

from __future__ import annotations


def masked(address: str) -> str:
    """Enough of an address for its owner to know it again: b***@example.com."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1] if len(name) > 1 else ''}***@{domain}"
