"""What trades usually buy from each other, when nothing more precise is known of a firm."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from matchmaker.matching.engine.tables import Tables
from matchmaker.matching.engine.values import Direction


class Trade:
    """For the trades of one firm, how usual it is that they buy from those of every other."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._owner = np.repeat(np.arange(len(tables.firm_id)), np.diff(tables.firm_groups.ends))
        self._usual = lru_cache(maxsize=256)(self._find_usual)

    def between(self, firm: int, direction: Direction) -> Any:
        """For every firm 0 to 1, 1 for the most usual."""
        return self._usual(tuple(self._tables.firm_groups.row(firm)[0].tolist()), direction)

    def _find_usual(self, groups: tuple[int, ...], direction: Direction) -> Any:
        tables = self._tables
        trade = tables.trade if direction == "upstream" else tables.trade.T
        value = np.zeros(len(tables.firm_id), np.float32)
        if groups:
            np.maximum.at(value, self._owner, trade[list(groups)].max(axis=0)[tables.firm_groups.places])
        return value / max(float(value.max(initial=0.0)), 1e-9)
