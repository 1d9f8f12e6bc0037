"""What a firm has not said of itself yet, each with what saying it brings."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.enterprises.models import PUBLISHED_CAPABILITIES, Capability, Enterprise, Need


class Item(enum.Enum):
    """One thing to say."""

    FACTS = "facts"
    REVENUE = "revenue"
    CAPABILITY = "capability"
    SEGMENT = "segment"
    CAPACITY = "capacity"
    CERTIFICATE = "certificate"
    NEED = "need"


@dataclass(frozen=True, slots=True)
class Completeness:
    """What is said and what is missing, in the order in which it helps."""

    said: tuple[Item, ...]
    missing: tuple[Item, ...]

    @property
    def total(self) -> int:
        """How many things there are to say."""
        return len(self.said) + len(self.missing)


def completeness(enterprise: Enterprise, capabilities: Sequence[Capability], needs: Sequence[Need]) -> Completeness:
    """How much a firm has told; only published capabilities count, since only they are matched."""
    out = [line for line in capabilities if line.state in PUBLISHED_CAPABILITIES]
    said = {
        Item.CAPABILITY: bool(out),
        Item.SEGMENT: bool(out) and all(line.segment_id is not None for line in out),
        Item.CAPACITY: any(line.spare is not None or line.lead_days is not None for line in out),
        Item.CERTIFICATE: any(line.certificates for line in out),
        Item.NEED: bool(needs),
        Item.FACTS: bool(enterprise.industry_code and enterprise.size and enterprise.legal_representative),
        Item.REVENUE: enterprise.last_year_revenue is not None,
    }
    return Completeness(
        tuple(item for item, done in said.items() if done), tuple(item for item, done in said.items() if not done)
    )
