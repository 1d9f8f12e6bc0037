"""The rows of an export as values; what is sealed stays as the bytes that were sealed."""

from __future__ import annotations

from typing import Any

from msgspec import Raw, Struct


class SealedRow(Struct):
    """One entry of a chain: its content to the byte, and the seal it carries."""

    id: str
    content: Raw
    seal: str


class Head(Struct):
    """The end of a chain, as it is kept beside it."""

    count: int
    seal: str


class SealedTerms(Struct):
    """What a declaration seals of its deal, in the keys of the database it was made in."""

    number: str
    buyer: int
    seller: int
    kind: str
    months: int
    event: int | None
    amount_high: int | None
    currency: str
    rate: str | None
    is_renewal: bool
    former_amount: int | None = None  # sealed where it was told


class Said(Struct):
    """What an entry of the ledger says, as far as it bears on the count."""

    deal: str
    number: int
    type: str
    party: str
    round: int
    amount: int | None
    at: str
    other: int | None = None
    terms: SealedTerms | None = None


class DealRow(Struct):
    """One deal; the keys tie it to what its declaration sealed."""

    key: int
    id: str
    number: str
    buyer_key: int
    buyer: str
    seller_key: int
    seller: str
    kind: str
    months: int
    event_key: int | None
    event: str | None
    event_year: int | None
    amount_max: int | None
    currency: str
    rate: str | None
    is_renewal: bool
    segment: str | None
    duplicate_of: str | None
    former_amount: int | None = None  # older exports do not say it


class IssuedRow(Struct):
    """A file issued for a month."""

    name: str
    media_type: str
    digest: str
    size: int


class SnapshotRow(SealedRow):
    """A published month as it was sealed, and the files issued for it."""

    year: int
    files: list[IssuedRow]


class Published(Struct):
    """What of a published month is sealed, as far as it is compared with the rest; with the digest, its content."""

    month: str
    number: int
    taken_at: str
    as_of: str
    rule_version: int
    entries: tuple[int, str]
    digest: str
    previous: str


class MemberRow(Struct):
    """A member as the manifest names it."""

    name: str
    sha256: str
    size: int


class ManifestRow(Struct):
    """What the export says it is."""

    format: str
    version: int
    programme: int
    as_of: str
    rule_version: int
    net: int
    members: list[MemberRow]
    sha256: str


Document = dict[str, Any]
