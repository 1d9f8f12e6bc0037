"""The names behind the codes that evidence is kept with."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.chains.models import Chain, Segment
from matchmaker.regions.models import Region


@dataclass(frozen=True, slots=True)
class Names:
    """Segments as “chain › segment”, places by their short name, and chains, each by code."""

    segments: dict[str, str]
    regions: dict[str, str]
    chains: dict[str, str] = field(default_factory=dict)

    def segment(self, code: str) -> str:
        """A segment in words; an unknown code shows itself."""
        return self.segments.get(code, code)

    def chain(self, code: str) -> str:
        """A chain in words; an unknown code shows itself."""
        return self.chains.get(code, code)

    def region(self, code: str) -> str:
        """A place in words; an unknown code shows itself."""
        return self.regions.get(code, code)


def names(session: Session) -> Names:
    """All of them: a few hundred light rows."""
    segments = session.execute(select(Segment.code, Segment.name, Chain.code, Chain.name).join(Chain)).all()
    regions = session.execute(select(Region.code, Region.short_name))
    return Names(
        {code: f"{chain.partition('（')[0]} › {name}" for code, name, _, chain in segments},
        {code: name for code, name in regions},  # noqa: C416 -- rows are not pairs to dict()
        {code: name for _, _, code, name in segments},
    )
