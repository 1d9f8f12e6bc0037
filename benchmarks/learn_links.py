"""Fit how much each sign of an unknown flow between products counts (matching/engine/linking.py).

    python -m benchmarks.learn_links COMPANIES.json.gz EDGES.json.gz

A quarter of the flows between products that companies make is held back at a time; the signs are read
from the rest, and a logistic regression has to tell the flows held back from all other pairs.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from matchmaker.matching.engine.flows import kinds_among, learned_flows, square
from matchmaker.matching.engine.linking import FLOOR, signs_of
from matchmaker.matching.engine.spelling import counts
from matchmaker.matching.engine.values import ProductLink

_FOLDS: Final = 4
_MOST_MAKERS: Final = 30  # everybody makes the others: a flow of theirs says little of who buys from whom


def _read(path: Path) -> Any:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def examples(companies: list[dict[str, Any]], edges: list[list[Any]]) -> tuple[Any, Any]:
    """The logarithm of every sign of every pair, and whether the pair is a flow that was held back."""
    number: dict[str, int] = {}
    made = [number.setdefault(text, len(number)) for one in companies for text, _share in one["products"]]
    links = [ProductLink(product, other, kind) for product, other, kind in edges]
    firms = [place for place, one in enumerate(companies) for _ in one["products"]]
    pairs = learned_flows(links, lambda text: number.setdefault(text, len(number)))
    makers = np.bincount(made, minlength=len(number))
    flows = sorted({(a, b) for a, b in zip(*pairs, strict=True) if a != b})
    usable = [(a, b) for a, b in flows if 0 < makers[a] <= _MOST_MAKERS and 0 < makers[b] <= _MOST_MAKERS]
    random.Random(7).shuffle(usable)
    texts, names = list(number), counts(number)
    offers = csr_matrix((np.ones(len(made), np.float32), (firms, made)), shape=(len(companies), len(number)))
    signs, labels = [], []
    for fold in range(_FOLDS):
        held = set(usable[fold::_FOLDS])
        known = [flow for flow in flows if flow not in held]
        made_from = square(([a for a, _ in known], [b for _, b in known]), len(texts))
        kind_of, wanted = kinds_among(texts, made_from, makers > 0)
        rows, columns, found = signs_of(made_from, names, kind_of, wanted, offers)
        signs.append(np.log(found + FLOOR))
        labels += [pair in held for pair in zip(rows.tolist(), columns.tolist(), strict=True)]
    return np.vstack(signs), np.array(labels)


def main() -> None:
    """Print the weights and the intercept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("companies", type=Path, metavar="COMPANIES.json.gz")
    parser.add_argument("edges", type=Path, metavar="EDGES.json.gz")
    arguments = parser.parse_args()
    signs, labels = examples(_read(arguments.companies), _read(arguments.edges))
    fitted = LogisticRegression(C=1, max_iter=500).fit(signs, labels)
    print(
        "weights", [round(float(one), 2) for one in fitted.coef_[0]], "intercept", round(float(fitted.intercept_[0]), 2)
    )
    print(f"{int(labels.sum())} flows held back among {len(labels)} pairs")


if __name__ == "__main__":
    main()
