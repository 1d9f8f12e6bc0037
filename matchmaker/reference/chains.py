"""Key industry chains, their segments and products, and who feeds whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from matchmaker.reference.files import read_json

Stage = Literal["up", "mid", "down", "support"]


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product of a segment, with other words for it."""

    name: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment; `code` is stable and begins with its chain's code."""

    code: str
    chain: str
    name: str
    name_en: str
    stage: Stage
    products: tuple[ProductRow, ...]
    industries: tuple[str, ...]  # GB/T 4754-2017 codes

    @property
    def terms(self) -> tuple[str, ...]:
        """Every word for what the segment makes: its name, its products, their synonyms."""
        return (self.name, *(word for product in self.products for word in (product.name, *product.synonyms)))


@dataclass(frozen=True, slots=True)
class ChainRow:
    """One key chain; `prefectures` says where it is strong, as a hint, strongest first."""

    code: str
    name: str
    short: str
    name_en: str
    prefectures: tuple[str, ...]
    segments: tuple[SegmentRow, ...]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One segment feeds another, within a chain or across two; `item` is what flows."""

    supplier: str
    buyer: str
    item: str

    @property
    def is_crossing(self) -> bool:
        """Whether the link joins two chains."""
        return self.supplier.split(".")[0] != self.buyer.split(".")[0]


def _segment(chain: str, row: dict[str, Any]) -> SegmentRow:
    return SegmentRow(
        code=row["code"],
        chain=chain,
        name=row["name"],
        name_en=row["name_en"],
        stage=row["stage"],
        products=tuple(ProductRow(product["name"], tuple(product["synonyms"])) for product in row["products"]),
        industries=tuple(row["industries"]),
    )


@cache
def chains() -> tuple[ChainRow, ...]:
    """Every chain with its segments, in the order they are shown."""
    return tuple(
        ChainRow(
            code=chain["code"],
            name=chain["name"],
            short=chain["short"],
            name_en=chain["name_en"],
            prefectures=tuple(chain["prefectures"]),
            segments=tuple(_segment(chain["code"], row) for row in chain["segments"]),
        )
        for chain in read_json("chains.json")["chains"]
    )


@cache
def segments() -> dict[str, SegmentRow]:
    """Every segment of every chain, by code."""
    return {segment.code: segment for chain in chains() for segment in chain.segments}


@cache
def links() -> tuple[LinkRow, ...]:
    """Every link, those inside the chains first, then those between chains."""
    return tuple(LinkRow(link["supplier"], link["buyer"], link["item"]) for link in read_json("chains.json")["links"])
