"""Why one firm may stand next to another: single reasons, and how they add up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matchmaker.matching.engine.store import Rows
from matchmaker.matching.engine.values import ChainStep, Part

_MOST_CERTAIN: Final = 0.95


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing a partner may offer (or need), for the sake of which own line, and the step along the chain."""

    text: str
    part: Part
    own_line: int
    step: ChainStep | None = None


@dataclass(frozen=True, slots=True)
class Reasons:
    """Reasons side by side: the firm each speaks for, how strongly, its line, and what was asked.

    `asked` tells a reason by its place; it is only ever called for the few that are shown.
    """

    part: Part
    firms: Any
    values: Any
    lines: Any
    asked: Callable[[int], Ask]

    def of(self, firm: int) -> Iterator[tuple[Ask, float, int]]:
        """What was asked, how strongly this firm answers, and with which line."""
        for place in np.nonzero(self.firms == firm)[0].tolist():
            yield self.asked(place), float(self.values[place]), int(self.lines[place])


def together(values: Any, owners: Any, size: int) -> Any:
    """Independent reasons add up as chances do: each closes a share of what is still open."""
    closed = np.log1p(-np.minimum(values, _MOST_CERTAIN))
    return -np.expm1(np.bincount(owners, closed, size))


def expand(rows: Rows, asked: Any) -> tuple[Any, Any, Any]:
    """All places of several rows with their weights, and for each the position in `asked` it came from."""
    starts, counts = rows.ends[asked], rows.ends[asked + 1] - rows.ends[asked]
    origin = np.repeat(np.arange(len(asked)), counts)
    near = np.arange(len(origin)) + np.repeat(starts - (np.cumsum(counts) - counts), counts)
    return rows.places[near], rows.weights[near], origin


def best_of_each(owners: Any, values: Any, lines: Any) -> Any:
    """Places of the highest value of each owner, by owner; the lower line first among equals."""
    order = np.lexsort((lines, -values, owners))
    return order[np.unique(owners[order], return_index=True)[1]]
