"""What is known of products being made from one another, and which trades buy from which because of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags

from matchmaker.chains.classifying import product_stem
from matchmaker.matching.engine.conditions import read_conditions
from matchmaker.matching.engine.linking import probable_links
from matchmaker.matching.engine.store import Rows
from matchmaker.matching.engine.values import SIDES, ProductLink

_MAKES_KIND: Final = 0.3  # how surely a maker of a kind of a product serves those who ask for the product
_SHORTEST_HEAD: Final = 2
_MOST_KINDS: Final = 150  # a head of more products than this (系统, 设备) says nothing of what goes into one


def learned_flows(links: Iterable[ProductLink], number: Callable[[str], int]) -> tuple[list[int], list[int]]:
    """Numbered pairs (product, what it is made from) of a learned product graph.

    `number` gives a bare text its number; kinds of a product are not flows and are left out.
    """
    flows = [link for link in links if link.kind != "sub"]
    of_name = {name: number(product_key(name)) for name in flowing_names(flows)}
    ends = [(link.product, link.other) if link.kind == "up" else (link.other, link.product) for link in flows]
    return [of_name[made] for made, _ in ends], [of_name[source] for _, source in ends]


def flowing_names(links: Iterable[ProductLink]) -> dict[str, None]:
    """The names of everything that is made from something or becomes something, each once."""
    return {name: None for link in links if link.kind != "sub" for name in (link.product, link.other)}


def product_key(name: str) -> str:
    """A product's name as the index knows it."""
    return read_conditions(name).product


def flow_tables(
    pairs: tuple[list[int], list[int]], texts: Sequence[str], names: Any, offers: Any, lines: Mapping[str, Any]
) -> dict[str, Any]:
    """The tables of flows between products, known (weight 1) and inferred (less), and of who makes what.

    pairs: the learned flows by number. names: texts by grams. lines: the columns of the lines.
    """
    made_from = square(pairs, len(texts))
    offered = np.zeros(len(texts), bool)
    offered[lines["line_text"][lines["line_side"] != SIDES.index("need")]] = True
    kind_of, wanted = kinds_among(texts, made_from, offered)
    inferred = probable_links(made_from, names, kind_of, wanted, offers) if made_from.nnz else made_from
    flows = (made_from + inferred).tocsr()
    flowing = _flowing(flows)
    heads = (kind_of @ diags(flowing.astype(np.float32))).tocsr()
    heads.eliminate_zeros()
    return {
        "heads": Rows.of(heads),
        "flow_from": Rows.of(flows),
        "flow_into": Rows.of(flows.T),
        "makers": _makers(heads, flowing, lines),
    }


def kinds_among(texts: Sequence[str], made_from: Any, offered: Any) -> tuple[Any, Any]:
    """Texts by the products they are kinds of, and which texts anybody offers, by themselves or as a kind."""
    if not made_from.nnz:
        return csr_matrix(made_from.shape, dtype=np.float32), offered
    kind_of = _kinds(texts, offered | _flowing(made_from))
    return kind_of, offered | (kind_of[offered].getnnz(axis=0) > 0)


def square(pairs: tuple[list[int], list[int]], size: int) -> Any:
    """Numbered pairs as a matrix of ones; nothing is made from itself."""
    products, others = (np.array(one, np.int64) for one in pairs)
    apart = products != others
    where = (products[apart], others[apart])
    matrix = coo_matrix((np.ones(int(apart.sum()), np.float32), where), shape=(size, size)).tocsr()
    matrix.data[:] = 1.0
    return matrix


def _flowing(flows: Any) -> Any:
    """For each product whether anything is known to go into it or to be made from it."""
    return (flows.getnnz(axis=1) > 0) | (flows.getnnz(axis=0) > 0)


def _kinds(texts: Sequence[str], possible: Any) -> Any:
    """Texts by the shorter texts they are a kind of by name, as far as those may be products, by how much of it.

    One that heads more than `_MOST_KINDS` texts says nothing of what goes into any of them.
    """
    number = {text: place for place, text in enumerate(texts) if possible[place]}
    found = [[number[tail] for tail in _tails(text) if tail in number and tail != text] for text in texts]
    rows = np.repeat(np.arange(len(texts)), list(map(len, found)))
    columns = np.fromiter(chain.from_iterable(found), np.int64, len(rows))
    common = np.bincount(columns, minlength=len(texts)) > _MOST_KINDS
    kept = ~common[columns]
    length = np.array([len(text) for text in texts], np.float32)
    weights = length[columns] / np.maximum(length[rows], 1)
    return csr_matrix((weights[kept], (rows[kept], columns[kept])), shape=(len(texts), len(texts)))


def _tails(text: str) -> list[str]:
    """What a product may be a kind of by its name, longest first."""
    stem = product_stem(text.split(" ", maxsplit=1)[0])
    return [stem[start:] for start in range(len(stem) - _SHORTEST_HEAD + 1)]


def _makers(heads: Any, flowing: Any, lines: Mapping[str, Any]) -> Rows:
    """For each product the best line of every firm that makes it or a kind of it, by how surely it does."""
    supply = np.nonzero(lines["line_side"] != SIDES.index("need"))[0]
    text = lines["line_text"][supply]
    kinds = heads[text].tocoo()
    exact = np.nonzero(flowing[text])[0]
    line = supply[np.concatenate([exact, kinds.row])]
    product = np.concatenate([text[exact], kinds.col])
    sure = np.repeat(np.array([1.0, _MAKES_KIND], np.float32), [len(exact), kinds.nnz])
    firm = lines["line_firm"][line]
    order = np.lexsort((line, -lines["line_share"][line], -sure, firm, product))
    kept = order[first_of_each(product[order], firm[order])]
    ends = np.searchsorted(product[kept], np.arange(heads.shape[0] + 1))
    return Rows(ends.astype(np.int64), line[kept].astype(np.int32), sure[kept].astype(np.float32))


def first_of_each(*columns: Any) -> Any:
    """Where sorted columns differ from the row before: the first row of each combination."""
    first = np.ones(len(columns[0]), bool)
    first[1:] = np.any([np.diff(column) != 0 for column in columns], axis=0)
    return first


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


def traded_as(trade: Any, size: int) -> Any:
    """What trades buy from each other by a larger index, for one that numbers the same trades first and some more."""
    wider = np.zeros((size, size), np.float32)
    wider[: len(trade), : len(trade)] = trade
    return wider
