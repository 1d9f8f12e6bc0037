"""The product's engines behind the methods a measuring harness calls; nothing is computed here."""

from __future__ import annotations

from typing import Any

from benchmarks.timetable_adapter import Timetable
from matchmaker import reference
from matchmaker.enterprises.resolving import DUPLICATE_THRESHOLD, Names
from matchmaker.matching.engine import (
    ChainGraph,
    Direction,
    Firm,
    Index,
    Knowledge,
    Line,
    ProductLink,
    Query,
    SegmentLink,
    SegmentNode,
)

__all__ = ["Matching", "Timetable", "chain_graph"]


def chain_graph() -> ChainGraph:
    """The chains this release ships, as the engine takes them."""
    nodes = (SegmentNode(one.code, one.chain, one.name, one.stage, one.terms) for one in reference.segments().values())
    flows = (SegmentLink(one.supplier, one.buyer, one.item) for one in reference.links())
    return ChainGraph(tuple(nodes), tuple(flows))


class Matching:
    """Search, partners and name resolution over listed companies with text ids."""

    dup_threshold = DUPLICATE_THRESHOLD

    def fit(self, companies: list[dict[str, Any]], products: list[str], edges: list[tuple[str, str, Any]]) -> None:
        self.ids = [company["id"] for company in companies]
        self.number = {company: number for number, company in enumerate(self.ids)}
        self.firms = [Firm(i, one["name"], trades=tuple(one["industries"])) for i, one in enumerate(companies)]
        offers = [(i, text, share) for i, one in enumerate(companies) for text, share in one["products"]]
        self.lines = [Line(n, firm, "product", text, share=share) for n, (firm, text, share) in enumerate(offers)]
        links = tuple(ProductLink(*edge) for edge in edges)
        self.knowledge = Knowledge(chain_graph(), links, tuple(products))
        self.index = Index.build(self.firms, self.lines, self.knowledge)

    def search(self, text: str, k: int) -> list[tuple[str, float]]:
        return [(self.ids[firm], score) for firm, score in self.index.rank(Query(text), k)]

    def recommend(self, company_id: str, direction: str, k: int) -> list[tuple[str, float]]:
        towards: Direction = "upstream" if direction == "up" else "downstream"
        found = self.index.rank_partners(self.number[company_id], towards, k)
        return [(self.ids[firm], score) for firm, score in found]

    def fit_names(self, registry: list[dict[str, Any]]) -> None:
        self.name_ids = [one["id"] for one in registry]
        self.names = Names.build((number, one["fullname"]) for number, one in enumerate(registry))

    def resolve(self, name: str, k: int) -> list[tuple[str, float]]:
        return [(self.name_ids[number], score) for number, score in self.names.resolve(name, k)]
