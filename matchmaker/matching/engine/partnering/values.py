"""What scoring partners comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matchmaker.matching.engine.partnering.own import Own
from matchmaker.matching.engine.partnering.reasons import AllReasons
from matchmaker.matching.engine.values import Direction, Part


@dataclass(frozen=True, slots=True)
class Partners:
    """Firms by place with the points of each part, and the reasons the points come from; own is None if unknown."""

    own: Own | None
    direction: Direction
    firms: Any
    points: Mapping[Part, Any]
    maxima: Mapping[Part, int]
    reasons: AllReasons

    @property
    def score(self) -> Any:
        """The points of all parts added up."""
        return sum(self.points.values(), np.zeros(len(self.firms), np.int64))
