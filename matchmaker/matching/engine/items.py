"""Which lines name what flows over the links of the chains, read once when an index is built."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix

from matchmaker.chains.classifying import ChainGraph
from matchmaker.matching.engine.retrieval import Retrieval
from matchmaker.matching.engine.store import Rows
from matchmaker.matching.engine.tables import Tables
from matchmaker.matching.engine.values import SUPPLY

_TEXTS_PER_ITEM: Final = 60
_LEAST_CLOSENESS: Final = 0.4


def items_of(graph: ChainGraph) -> dict[str, int]:
    """Everything that flows over any link, numbered."""
    items = sorted({item for link in graph.links for item in link.items})
    return {item: number for number, item in enumerate(items)}


def no_items() -> Rows:
    """The lines of no item at all."""
    return Rows.of(csr_matrix((0, 0), dtype=np.float32))


def with_items(tables: Tables, graph: ChainGraph, wanted: Collection[str] | None = None) -> Tables:
    """The tables, now with the offered lines that name each item (or each of those wanted) and how nearly they do."""
    retrieval = Retrieval(tables)
    none = np.zeros(0, np.int32), np.zeros(0, np.float32)
    found = [_naming(retrieval, item) if wanted is None or item in wanted else none for item in items_of(graph)]
    ends = np.cumsum([0, *(len(lines) for lines, _ in found)], dtype=np.int64)
    lines = np.concatenate([np.zeros(0, np.int32), *(lines for lines, _ in found)]).astype(np.int32)
    close = np.concatenate([np.zeros(0, np.float32), *(close for _, close in found)]).astype(np.float32)
    return replace(tables, item_lines=Rows(ends, lines, close))


def _naming(retrieval: Retrieval, item: str) -> tuple[Any, Any]:
    lines, close = retrieval.lines_of(retrieval.like(item, SUPPLY, _TEXTS_PER_ITEM), SUPPLY)
    near = close >= _LEAST_CLOSENESS
    return lines[near], close[near]
