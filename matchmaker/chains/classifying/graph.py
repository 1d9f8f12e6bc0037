"""The chains as the classifier takes them: segments and the links between them, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_SEPARATORS: Final = str.maketrans(dict.fromkeys("/,;，；|", "、"))


@dataclass(frozen=True, slots=True)
class SegmentNode:
    """One segment: `terms` are its product names and their synonyms, `stage` is up, mid, down or support."""

    code: str
    chain: str
    name: str
    stage: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentLink:
    """What flows (`item`) from a supplying to a buying segment; `chain` is "" for a link between two chains."""

    supplier: str
    buyer: str
    item: str
    chain: str = ""

    @property
    def items(self) -> tuple[str, ...]:
        """The single products named in `item`."""
        return tuple(part.strip() for part in self.item.translate(_SEPARATORS).split("、") if part.strip())


@dataclass(frozen=True, slots=True)
class ChainGraph:
    """Every segment of every chain and every link between them."""

    nodes: tuple[SegmentNode, ...] = ()
    links: tuple[SegmentLink, ...] = ()
