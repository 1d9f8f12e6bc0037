"""What is known of products being made from one another, and which trades buy from which because of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from scipy.sparse import diags

from matchmaker.matching.engine.conditions import read_conditions
from matchmaker.matching.engine.grams import bare
from matchmaker.matching.engine.values import ProductLink


def learned_flows(links: Iterable[ProductLink], number: Callable[[str], int]) -> tuple[list[int], list[int]]:
    """Numbered pairs (product, what it is made from) of a learned product graph.

    `number` gives a bare text its number; kinds of a product are not flows and are left out.
    """
    products: list[int] = []
    others: list[int] = []
    for link in links:
        if link.kind == "sub":
            continue
        made, source = (link.product, link.other) if link.kind == "up" else (link.other, link.product)
        products.append(number(product_key(made)))
        others.append(number(product_key(source)))
    return products, others


def product_key(name: str) -> str:
    """A product's name as the index knows it."""
    return bare(read_conditions(name).core)


def trade_between(groups: Any, offers: Any, made_from: Any) -> Any:
    """How much each trade usually buys from each other, 0 to 1, from what firms offer and what it is made from.

    Common trades do not win by being common: flows are divided by how much both sides trade at all.
    """
    size = groups.shape[1]
    if not made_from.nnz or not size:
        return np.zeros((size, size), np.float32)
    spread = diags(1 / np.maximum(np.asarray(groups.sum(axis=0)).ravel(), 1.0))
    offered = spread @ groups.T @ offers
    flows = np.asarray((offered @ made_from @ offered.T).todense(), np.float64)
    bought = np.sqrt(np.maximum(flows.sum(axis=1, keepdims=True), 1e-12))
    sold = np.sqrt(np.maximum(flows.sum(axis=0, keepdims=True), 1e-12))
    usual = flows / (bought * sold)
    return (usual / max(float(usual.max()), 1e-12)).astype(np.float32)
