"""What all charts share: scales from zero, round steps of an axis, paths, and how wide a text is."""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a place; the side of the place they stand on is the drawing's business."""

    x: float
    y: float
    text: str


def tenth(value: float) -> float:
    """A coordinate to a tenth of a unit."""
    return round(value, 1)


def path(points: Sequence[Point], *, closed: bool = False) -> str:
    """Straight lines through the points, as an SVG path."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if closed else "")


def stairs(points: Sequence[Point]) -> str:
    """A value that holds until the next point: right, then up or down."""
    (x, y), *rest = points
    return f"M{x:.1f} {y:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in rest)


def round_step(span: float, most: int) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that covers the span in at most so many steps."""
    if span <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(span / most))
    return next(step * power for step in (1, 2, 2.5, 5, 10, 20) if span <= step * power * most * (1 + 1e-9))


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """The heights nearest to those wanted at which labels keep a gap; their order is kept."""
    placed = sorted(range(len(wanted)), key=lambda index: wanted[index])
    heights = list(wanted)
    for before, after in itertools.pairwise(placed):
        heights[after] = max(heights[after], heights[before] + gap)
    return [tenth(height) for height in heights]


def width_of(text: str, size: float) -> float:
    """How wide a text is about: Han characters, and the marks set like them, are square; others a little over half."""
    return sum(size if unicodedata.east_asian_width(character) in "WFA" else size * 0.58 for character in text)


def fitted(text: str, width: float, size: float) -> str:
    """The text, cut with an ellipsis where it would not fit the width."""
    if width_of(text, size) <= width:
        return text
    kept = text
    while kept and width_of(kept + "…", size) > width:
        kept = kept[:-1]
    return kept.rstrip(" （(、与") + "…"
