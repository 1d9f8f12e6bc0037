"""Why one firm may stand next to another: single reasons, and how they add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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


@dataclass(frozen=True, slots=True)
class AllReasons:
    """Reasons from every source, one after another."""

    sources: tuple[Reasons, ...]
    starts: Any
    firms: Any
    values: Any

    @classmethod
    def of(cls, sources: Iterable[Reasons]) -> AllReasons:
        """The reasons of these sources."""
        known = tuple(sources)
        firms = np.concatenate([np.zeros(0, np.int64), *(source.firms for source in known)])
        values = np.concatenate([np.zeros(0), *(source.values for source in known)])
        return cls(known, np.cumsum([0, *(len(source.firms) for source in known)]), firms, values)

    def tells(self, part: Part) -> bool:
        """Whether anything was asked for this part, answered or not."""
        return any(source.part is part for source in self.sources)

    def pooled(self, part: Part, size: int) -> Any:
        """What all reasons of a part come to for each of `size` firms.

        Most firms stay near 0; the root keeps their differences visible beside the other parts.
        """
        is_part = np.repeat([source.part is part for source in self.sources], np.diff(self.starts))
        return np.sqrt(together(self.values[is_part], self.firms[is_part], size))

    def about(self, firm: int) -> Iterator[tuple[Ask, float, int]]:
        """What was asked, how strongly this firm answers, and with which line."""
        for place in np.nonzero(self.firms == firm)[0]:
            number = int(np.searchsorted(self.starts, place, "right")) - 1
            source, within = self.sources[number], int(place - self.starts[number])
            yield source.asked(within), float(source.values[within]), int(source.lines[within])


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
