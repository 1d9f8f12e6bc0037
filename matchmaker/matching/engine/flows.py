"""What is known of products being made from one another, and which trades buy from which because of it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
from scipy.sparse import diags

from matchmaker.chains.classifying import product_stem
from matchmaker.matching.engine.conditions import read_conditions
from matchmaker.matching.engine.store import Rows
from matchmaker.matching.engine.values import ProductLink

MOST_LIKELY: Final = 20  # inferred flows kept for one product
_SHORTEST_HEAD: Final = 2
_MOST_KINDS: Final = 150  # a head of more products than this (系统, 设备) says nothing of what goes into one
_ASSEMBLY: Final = re.compile("(?:系统|总成|组件|模组|成套设备|装置)$")


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
    return read_conditions(name).product


def likely_flows(made_from: Any) -> Any:
    """What a product is probably made from, because products that share its known materials are.

    A material everything is made from, and a product made from everything, say little: both are
    divided by how many flows they have.
    """
    if not made_from.nnz:
        return made_from
    usual = (_inverse_root(made_from, axis=1) @ made_from @ _inverse_root(made_from, axis=0)).astype(np.float32)
    likely = (usual @ usual.T) @ usual
    most = np.maximum(np.asarray(likely.max(axis=1).todense()).ravel(), 1e-9)
    return (diags(1 / most) @ likely).tocsr()


def _inverse_root(flows: Any, axis: int) -> Any:
    return diags(1 / np.sqrt(np.maximum(np.asarray(flows.sum(axis=axis)).ravel(), 1.0)))


def surest(flows: Any) -> Rows:
    """The surest flows of every product, surest first, as a share of its surest one."""
    rows = flows.tocsr()
    ends, places, weights = [0], [np.zeros(0, np.int32)], [np.zeros(0, np.float32)]
    for start, end in zip(rows.indptr, rows.indptr[1:], strict=False):
        near, sure = rows.indices[start:end], rows.data[start:end]
        order = np.lexsort((near, -sure))[:MOST_LIKELY]
        places.append(near[order])
        weights.append(sure[order] / max(float(sure.max(initial=0.0)), 1e-9))
        ends.append(ends[-1] + len(order))
    every = np.concatenate(places).astype(np.int32), np.concatenate(weights).astype(np.float32)
    return Rows(np.array(ends, np.int64), *every)


def heads_of(texts: Sequence[str], made_from: Any) -> Rows:
    """For each text the shorter texts it is a kind of whose flows are known, longest first.

    A head weighs as much as it is of the text, less when it heads many: 系统 says little.
    """
    known = (made_from.getnnz(axis=1) > 0) | (made_from.tocsc().getnnz(axis=0) > 0)
    number = {text: place for place, text in enumerate(texts) if known[place]}
    found = [[tail for tail in _tails(text) if tail in number and tail != text] for text in texts]
    kinds = Counter(tail for tails in found for tail in tails)
    found = [[tail for tail in tails if kinds[tail] <= _MOST_KINDS] for tails in found]
    ends = np.cumsum([0, *map(len, found)])
    places = [number[tail] for tails in found for tail in tails]
    weights = [
        len(tail) / len(text) / (1 + 0.5 * math.log10(kinds[tail]))
        for text, tails in zip(texts, found, strict=True)
        for tail in tails
    ]
    return Rows(np.array(ends, np.int64), np.array(places, np.int32), np.array(weights, np.float32))


def _tails(text: str) -> list[str]:
    """What a product is a kind of by its name, and what it is a system or an assembly of; longest first."""
    stem = product_stem(text.split(" ", maxsplit=1)[0])
    inner = _ASSEMBLY.sub("", stem)
    tails = [stem[start:] for start in range(len(stem) - _SHORTEST_HEAD + 1)]
    return [inner, *tails] if _SHORTEST_HEAD < len(inner) < len(stem) else tails


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
