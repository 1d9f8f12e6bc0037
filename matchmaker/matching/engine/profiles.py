"""What a firm does overall, and what firms of its trade usually do: for texts that no line names outright."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Self

import numpy as np
from scipy.sparse import diags

from matchmaker.matching.engine.grams import bare, bucket
from matchmaker.matching.engine.store import Rows

# Okapi BM25 (Robertson and Zaragoza, 2009) over one document per firm. Lines are short lists, so a
# second mention adds little (k1) and a long catalogue is no fault (b).
_K1, _B = 0.6, 0.5
_PIECE, _EDGE = 1.0, 0.5
_PRIOR: Final = 2.0  # lines a feature is thought to have been seen in, spread over the trades as all lines are


def pieces(text: str) -> dict[int, float]:
    """Hashed characters, pairs of characters, and what a folded text begins and ends with, with their weights."""
    return {bucket(piece): weight for piece, weight in _pieces(bare(text))}


def _pieces(plain: str) -> Iterator[tuple[str, float]]:
    for character in plain:
        yield character, _PIECE
    for one, other in pairwise(plain):
        yield one + other, _PIECE
    if len(plain) > 1:
        yield f"^{plain[:2]}", _EDGE
        yield f"{plain[-2:]}$", _EDGE


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual among all firms: how rare every piece is, and how many pieces a firm's offer has."""

    rarity: Any
    length: float

    @classmethod
    def among(cls, counts: Any) -> Self:
        """The usual of these firms, one row of piece counts each."""
        firms = counts.shape[0]
        seen = np.bincount(counts.indices, minlength=counts.shape[1])
        length = float(counts.sum()) / max(firms, 1)
        return cls(np.log1p((firms - seen + 0.5) / (seen + 0.5)).astype(np.float32), length)


def firm_profiles(counts: Any, usual: Usual) -> Rows:
    """From firms by pieces: pieces by firms, weighted by BM25."""
    length = np.asarray(counts.sum(axis=1)).ravel()
    spread = (_K1 * (1 - _B + _B * length / max(usual.length, 1e-9))).astype(np.float32)
    weighted = counts.tocsr(copy=True)
    each = np.repeat(spread, np.diff(weighted.indptr))
    weighted.data = weighted.data * (_K1 + 1) / (weighted.data + each) * usual.rarity[weighted.indices]
    return Rows.of(weighted.T)


def trade_pieces(line_pieces: Any, groups: Any) -> Rows:
    """From lines by pieces and lines by trades: pieces by trades, weighted by how telling each is of the trade.

    The weight is the logarithm of how much likelier a line of the trade has the piece than any line
    (naive Bayes), less what is the same for all trades.
    """
    together = (line_pieces.T @ groups).tocsr()
    lines = np.asarray(groups.sum(axis=0)).ravel()
    usual = _PRIOR * lines / max(float(lines.sum()), 1.0)
    telling = together @ diags(1 / np.maximum(usual, 1e-9))
    telling.data = np.log1p(telling.data).astype(np.float32)
    return Rows.of(telling)


def covered(postings: Rows, rarity: Any, asked: Mapping[int, float], size: int) -> Any:
    """For every firm the share of the asked pieces, by rarity, that what it offers has (1: all, as often as usual)."""
    scores = np.zeros(size, np.float32)
    for piece, weight in asked.items():
        places, values = postings.row(piece)
        scores[places] += values * np.float32(weight)
    most = sum(weight * float(rarity[piece]) for piece, weight in asked.items())
    return scores / np.float32(max(most, 1e-9))


def likely_trades(postings: Rows, asked: Mapping[int, float], size: int) -> Any:
    """For every trade how likely its lines read like this beside the likeliest one, 0 to 1."""
    scores = np.zeros(size, np.float32)
    for piece, weight in asked.items():
        places, values = postings.row(piece)
        scores[places] += values * np.float32(weight)
    best = float(scores.max(initial=0.0))
    return scores / best if best > 0 else scores
