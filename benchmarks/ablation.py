"""What each part of the matching engine contributes: every part removed in turn, measured as the whole is.

    python -m benchmarks.matching --ablation [--limit 300] [--harness DIR]

A part of the score is removed by giving it no weight, a piece of knowledge by building the index without it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.adapters import Matching
from matchmaker.matching.engine import DEFAULT_WEIGHTS, ChainGraph, Index, Knowledge, Part, Weights

SEARCH_PARTS = (Part.WORDING, Part.CATALOGUE, Part.TRADE, Part.SEGMENT)
PARTNER_PARTS = (Part.FLOW, Part.SEGMENT, Part.TRADE)
FIGURES = (
    ("T1a", 10, 10, "ndcg@10"),
    ("T1b", 10, 10, "ndcg@10"),
    ("T1b", 10, 10, "recall@10"),
    ("T3", 10, 10, "recall@10"),
    ("T2up", 20, 50, "ndcg@20"),
    ("T2up", 20, 50, "recall@50"),
    ("T2down", 20, 50, "ndcg@20"),
    ("T2down", 20, 50, "recall@50"),
)


def table(folder: Path, limit: int) -> Iterator[str]:
    """The table line by line, the whole engine first."""
    sys.path.insert(0, str(folder))
    harness = importlib.import_module("harness")
    names = [f"{task} {figure}" for task, _, _, figure in FIGURES]
    yield f"{'':<24}" + "".join(f"{name:>18}" for name in names)
    for name, engine in variants(harness, folder):
        figures = measured(harness, folder, engine, limit)
        yield f"{name:<24}" + "".join(f"{figure:>18.4f}" for figure in figures)


def variants(harness: Any, folder: Path) -> Iterator[tuple[str, Matching]]:
    """The engine as it is, then without each part of its scores, then without each thing it knows."""
    names = ("companies", "products", "edges")
    companies, products, edges = (harness.get(folder / "data" / f"{name}.json.gz") for name in names)
    engine = Matching()
    engine.fit(companies, products, [tuple(edge) for edge in edges])
    yield "all", engine
    whole = engine.index
    for part in SEARCH_PARTS:
        engine.index = whole.weighted(Weights({**DEFAULT_WEIGHTS.search, part: 0}, DEFAULT_WEIGHTS.partner))
        yield f"search, no {part}", engine
    for part in PARTNER_PARTS:
        engine.index = whole.weighted(Weights(DEFAULT_WEIGHTS.search, {**DEFAULT_WEIGHTS.partner, part: 0}))
        yield f"partners, no {part}", engine
    del whole
    knowledge = engine.knowledge
    for name, less in (
        ("no product links", Knowledge(knowledge.graph, (), knowledge.names)),
        ("no product names", Knowledge(knowledge.graph, knowledge.products)),
        ("no chains", Knowledge(ChainGraph(), knowledge.products, knowledge.names)),
    ):
        engine.index = Index.build(engine.firms, engine.lines, less)
        yield name, engine


def measured(harness: Any, folder: Path, engine: Matching, limit: int) -> list[float]:
    """The figures of one variant, in the order of FIGURES."""
    queries = harness.get(folder / "data" / "dev.json.gz")
    found: dict[str, dict[str, float]] = {}
    for task, depth, reach, _ in FIGURES:
        if task not in found:
            asked = queries[task][:: max(1, len(queries[task]) // limit)] if limit else queries[task]
            found[task] = harness.retrieval(engine, asked, _call(engine, task), depth, reach)
    return [found[task][figure] for task, _, _, figure in FIGURES]


def _call(engine: Matching, task: str) -> Any:
    if task.startswith("T2"):
        return lambda query, count: engine.recommend(query["c"], task.removeprefix("T2"), count)
    return lambda query, count: engine.search(query["q"], count)
