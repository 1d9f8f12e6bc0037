"""Which products are probably made from which others, learned from those that are known to be.

Nobody writes down every flow. An unknown one is the likelier the more signs point to it, each of them
one sparse matrix over products:

- the materials of a product usually go together with this one;
- products with names like it are made from this one;
- what it is made from is itself made from this one;
- kinds of the product are made from this one;
- much is known of the product at all.

`_WEIGHTS` say how much each sign counts. They were fitted by logistic regression on the public
product graph of listed companies (python -m benchmarks.learn_links): a quarter of its flows was held back at a
time, and the signs had to tell those from every other pair. The intercept is a hundredfold of the
fitted odds: nobody wrote down most of the true flows, so the fitted chance of a pair to be among
those held back is far below its chance to be true. Ten- and thirtyfold ranked held-back flows worse.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix, diags, vstack
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

_MOST_PAIRS: Final = 60  # considered for one product and sign, in either direction
_WEIGHTS: Final = (0.71, 0.34, 0.13, 0.23, 0.28)
_INTERCEPT: Final = 4.6
FLOOR: Final = 0.002  # what a sign that is absent counts as, before the logarithm
_LOOKALIKES: Final = 15
_LEAST_ALIKE: Final = 0.2
_COMMON: Final = 0.02  # grams in more than this share of names say nothing of a product
_BATCH: Final = 2000


def probable_links(made_from: Any, names: Any, kind_of: Any, wanted: Any, offers: Any) -> Any:
    """Products by products: how probably the first is made from the second, of pairs not known to be.

    names: products by grams of their names. kind_of: products by the products they are a kind of.
    wanted: for each product whether anybody asks for it; nothing is inferred of the others. offers: firms by products.
    """
    rows, columns, signs = signs_of(made_from, names, kind_of, wanted, offers)
    odds = np.log(signs + FLOOR) @ np.array(_WEIGHTS, np.float32) + np.float32(_INTERCEPT)
    return csr_matrix((1 / (1 + np.exp(-odds)), (rows, columns)), shape=made_from.shape, dtype=np.float32)


def signs_of(made_from: Any, names: Any, kind_of: Any, wanted: Any, offers: Any) -> tuple[Any, Any, Any]:
    """The pairs of products that anything speaks for, as rows and columns, and all signs of each pair.

    That the same firms make two products tells which pairs to look at (what goes into one may go into the other),
    but is no sign of its own: fitted together with the others it weighed next to nothing.
    """
    kept, known = diags(wanted.astype(np.float32)), np.diff(made_from.indptr)
    beside = _made_together(offers)
    signs = [
        (kept @ sign @ kept).tocsr()
        for sign in (
            made_from @ _going_together(made_from),
            _lookalikes(names, known > 0, wanted) @ made_from,
            made_from @ made_from,
            _spread((kind_of.T > 0).astype(np.float32).tocsr()) @ made_from,
        )
    ]
    looked_at = [*signs, *((kept @ sign @ kept).tocsr() for sign in (beside @ made_from, made_from @ beside))]
    pairs = _unknown(sum(map(_surest_of_each, looked_at)), made_from)
    values = [_at(sign, pairs) for sign in signs]
    return pairs.row, pairs.col, np.column_stack([*values, known[pairs.row]]).astype(np.float32)


def _spread(kinds: Any) -> Any:
    """Each row divided by the root of its length: many kinds together say more than one, but not many times more."""
    return diags(1 / np.sqrt(np.maximum(np.diff(kinds.indptr), 1)).astype(np.float32)) @ kinds


def _going_together(made_from: Any) -> Any:
    """Materials by materials: how far they go into the same products."""
    uses = normalize(made_from.T.tocsr())
    together = (uses @ uses.T).tocsr()
    together.setdiag(0)
    together.eliminate_zeros()
    return together


def _made_together(offers: Any) -> Any:
    """Products by products: how far the same firms make them, firms of many products saying less of each two."""
    made = normalize(_spread((offers > 0).astype(np.float32).tocsr()).T.tocsr())
    together = (made @ made.T).tocsr()
    together.setdiag(0)
    together.eliminate_zeros()
    return together


def _lookalikes(names: Any, known: Any, wanted: Any) -> Any:
    """Products by the known products whose names are most like theirs, by the cube of the likeness."""
    often = np.bincount(names.indices, minlength=names.shape[1])
    telling = (often > 1) & (often <= max(_COMMON * names.shape[0], 50))
    grams = normalize(TfidfTransformer(sublinear_tf=True).fit_transform(names[:, np.nonzero(telling)[0]]))
    places, asked = np.nonzero(known)[0], np.nonzero(wanted)[0]
    against = grams[places].T.tocsr()
    found = [_nearest(grams[asked[start : start + _BATCH]] @ against) for start in range(0, len(asked), _BATCH)]
    near = vstack([csr_matrix((0, len(places)), dtype=np.float32), *found]).tocoo()
    others = asked[near.row] != places[near.col]
    where = (asked[near.row[others]], places[near.col[others]])
    return csr_matrix((near.data[others] ** 3, where), shape=(len(known), len(known)))


def _nearest(likeness: Any) -> Any:
    likeness.data[likeness.data < _LEAST_ALIKE] = 0
    likeness.eliminate_zeros()
    return _strongest(likeness, _LOOKALIKES)


def _strongest(matrix: Any, most: int) -> Any:
    """The matrix with only the highest values of each row, the lower column first among equals."""
    rows = matrix.tocsr()
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    order = np.lexsort((rows.indices, -rows.data, row))
    kept = order[np.arange(len(order)) - rows.indptr[row] < most]
    return csr_matrix((rows.data[kept], (row[kept], rows.indices[kept])), shape=rows.shape)


def _surest_of_each(sign: Any) -> Any:
    """Where a sign is among the strongest of either product."""
    both = _strongest(sign, _MOST_PAIRS) + _strongest(sign.T, _MOST_PAIRS).T
    both.data[:] = 1
    return both


def _unknown(pairs: Any, made_from: Any) -> Any:
    pairs = pairs.tocsr()
    pairs.data[:] = 1
    rest = pairs - pairs.multiply(made_from > 0)
    rest.setdiag(0)
    rest.eliminate_zeros()
    rest.sort_indices()
    return rest.tocoo()


def _at(matrix: Any, pairs: Any) -> Any:
    """The values of a matrix at pairs of row and column."""
    width = matrix.shape[1]
    matrix.sort_indices()
    stored = np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr)) * width + matrix.indices
    asked = pairs.row.astype(np.int64) * width + pairs.col
    if not len(stored):
        return np.zeros(len(asked), np.float32)
    near = np.minimum(np.searchsorted(stored, asked), len(stored) - 1)
    return np.where(stored[near] == asked, matrix.data[near], 0.0)
