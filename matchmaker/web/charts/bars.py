"""Bars: a figure against its target, and the way from declared to delivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.web.charts.drawing import tenth

TARGET_WIDTH = 400.0
FUNNEL_WIDTH, FUNNEL_LEFT, FUNNEL_LONGEST, FUNNEL_ROW = 1180.0, 150.0, 690.0, 52.0


@dataclass(frozen=True, slots=True)
class TargetBar:
    """A bar from zero: achieved, the tick of the pace, and where there is one, the forecast's whisker."""

    width: float
    fill: float
    tick: float | None
    low: float | None
    high: float | None
    dot: float | None


def target_bar(
    value: float, target: float, pace: float | None,
    *, low: float | None = None, high: float | None = None, forecast: float | None = None,
) -> TargetBar:  # fmt: skip
    """The bar of a figure against its target.

    The whole width is the largest of them all, so an overfilled target still fits.
    low, high and forecast come together or not at all (below eight past events there is no forecast).
    """
    top = max(value, target, pace or 0, high or 0, forecast or 0) or 1

    def at(figure: float | None) -> float | None:
        return None if figure is None else tenth(max(figure, 0) / top * TARGET_WIDTH)

    return TargetBar(TARGET_WIDTH, at(value) or 0.0, at(pace), at(low), at(high), at(forecast))


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One stage: what is known to have come so far, and what nobody knows yet.

    text and note are shown beside the bar; quiet is for a figure that only stands for comparison.
    """

    label: str
    known: float
    unknown: float = 0
    text: str = ""
    unknown_text: str = ""
    note: str = ""
    url: str | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class FunnelBar:
    """One stage's bar: solid from the left, hatched behind it, words at the end."""

    row: FunnelRow
    y: float
    width: float
    unknown_x: float
    unknown_width: float
    text_x: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """All stages on one scale."""

    width: float
    height: float
    left: float
    bars: tuple[FunnelBar, ...]


def funnel(rows: Sequence[FunnelRow]) -> Funnel:
    """Bars from zero on the scale of the longest; stages are drawn side by side and never added."""
    longest = max((row.known + row.unknown for row in rows), default=0) or 1
    scale = FUNNEL_LONGEST / longest
    bars = tuple(_funnel_bar(row, 8 + FUNNEL_ROW * index, scale) for index, row in enumerate(rows))
    return Funnel(FUNNEL_WIDTH, FUNNEL_ROW * len(rows) - 10, FUNNEL_LEFT, bars)


def _funnel_bar(row: FunnelRow, y: float, scale: float) -> FunnelBar:
    width, unknown = tenth(max(row.known, 0) * scale), tenth(max(row.unknown, 0) * scale)
    end = tenth(FUNNEL_LEFT + width)
    return FunnelBar(row, y, width, end, unknown, tenth(end + unknown + 10))
