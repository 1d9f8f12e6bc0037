"""The prefectures as hexagons in a schematic layout: not a map, and without any border."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matchmaker.web.charts.drawing import tenth

HALF_WIDTH, RADIUS = 45.0, 52.0
COLUMN, ROW = 93.5, 81.0
MARGIN = 6.0


@dataclass(frozen=True, slots=True)
class HexCell:
    """One place of the layout with what it shows; band 1 to 5, best to worst, 0 without a target."""

    code: str
    name: str
    col: int
    row: int
    value_text: str
    band: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class HexTile:
    """One drawn hexagon: its corners and the heights of its three lines of text."""

    cell: HexCell
    points: str
    x: float
    name_y: float
    value_y: float
    band_y: float


@dataclass(frozen=True, slots=True)
class Hexmap:
    """All hexagons, even rows half a column to the right."""

    width: float
    height: float
    tiles: tuple[HexTile, ...]


def hexmap(cells: Iterable[HexCell]) -> Hexmap:
    """The layout drawn as large as it needs, in reading order so that the keyboard walks it row by row."""
    ordered = sorted(cells, key=lambda cell: (cell.row, cell.col))
    tiles = tuple(_tile(cell) for cell in ordered)
    right = max((tile.x + HALF_WIDTH for tile in tiles), default=0.0)
    bottom = max((cell.row for cell in ordered), default=0) * ROW + 2 * RADIUS + MARGIN
    return Hexmap(tenth(right + MARGIN), tenth(bottom + MARGIN), tiles)


def _tile(cell: HexCell) -> HexTile:
    x = MARGIN + HALF_WIDTH + (cell.col + (0.5 if cell.row % 2 == 0 else 0.0)) * COLUMN
    y = MARGIN + RADIUS + cell.row * ROW
    corners = (
        (x, y - RADIUS), (x + HALF_WIDTH, y - RADIUS / 2), (x + HALF_WIDTH, y + RADIUS / 2),
        (x, y + RADIUS), (x - HALF_WIDTH, y + RADIUS / 2), (x - HALF_WIDTH, y - RADIUS / 2),
    )  # fmt: skip
    points = " ".join(f"{corner_x:.1f},{corner_y:.1f}" for corner_x, corner_y in corners)
    return HexTile(cell, points, tenth(x), tenth(y - 6), tenth(y + 14), tenth(y + 31))
