"""Curves: the year's total against its plan with a forecast, and a solver closing its gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matchmaker.web.charts.drawing import Point, Text, path, round_step, spread, stairs, tenth

MONTHS = 12
LABEL_GAP = 18.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the months after the last known one are expected to reach, with the interval around it."""

    low: tuple[float, ...]
    expected: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """The inside of a drawing: its edges, how many steps fit its axis, and every how many months one is named."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    named_every: int


WIDE = Frame(640, 400, 56, 520, 50, 356, 2)
NARROW = Frame(360, 290, 46, 262, 40, 246, 3)


@dataclass(frozen=True, slots=True)
class Curve:
    """One drawing of the year: axis, plan, achieved, forecast, and the labels at the right edge."""

    frame: Frame
    grid: tuple[Text, ...]
    months: tuple[Text, ...]
    plan: str
    line: str
    fan: str
    expected: str
    dot: Point | None
    dot_text: Text | None
    plan_label: Text
    expected_label: Text | None


@dataclass(frozen=True, slots=True)
class CurvePair:
    """The same curve drawn twice: a phone gets its own drawing, not a shrunk one."""

    wide: Curve
    narrow: Curve


def plain(value: float) -> str:
    """A figure of an axis as it is."""
    return f"{value:,.0f}"


def curve(
    points: Sequence[float], plan: Sequence[float],
    *, forecast: Forecast | None = None, unit: float = 1,
    write: Callable[[float], str] = plain, say: Callable[[float], str] | None = None,
) -> CurvePair:  # fmt: skip
    """The running total of a year against its plan.

    points: the totals at the end of January, February, … as far as known. plan: all twelve.
    unit: what the axis counts in (100_000_000 for 亿元). write puts a figure of that unit on the axis,
    say beside the curve, where it may be more exact.
    """
    ends = forecast.high if forecast else ()
    top = max([*points, *plan, *ends, 0]) / unit
    draw = _Drawing(points, plan, forecast, unit, write, say or write, top or 1)
    return CurvePair(draw.on(WIDE), draw.on(NARROW))


@dataclass(frozen=True, slots=True)
class _Drawing:
    points: Sequence[float]
    plan: Sequence[float]
    forecast: Forecast | None
    unit: float
    write: Callable[[float], str]
    say: Callable[[float], str]
    top: float

    def on(self, frame: Frame) -> Curve:
        step = round_step(self.top, 4)
        count = int(-(-self.top // step))
        ceiling = step * count
        line = self._line(frame, self.points, 0, ceiling)
        fan, expected = self._future(frame, line[-1], ceiling)
        plan_y, expected_y = self._label_heights(frame, ceiling)
        return Curve(
            frame=frame,
            grid=tuple(
                Text(frame.left - 8, self._y(frame, step * index * self.unit, ceiling), self.write(step * index))
                for index in range(count + 1)
            ),
            months=tuple(
                Text(self._x(frame, month), frame.bottom + 22, str(month)) for month in _named(frame.named_every)
            ),
            plan=path(self._line(frame, self.plan, 0, ceiling)),
            line=path(line) if self.points else "",
            fan=fan,
            expected=expected,
            dot=line[-1] if self.points else None,
            dot_text=self._dot_text(line[-1]) if self.points else None,
            plan_label=Text(frame.right + 8, plan_y, self.say(self.plan[-1] / self.unit) if self.plan else ""),
            expected_label=self._expected_label(frame, expected_y),
        )

    def _x(self, frame: Frame, month: int) -> float:
        return tenth(frame.left + (frame.right - frame.left) * month / MONTHS)

    def _y(self, frame: Frame, value: float, ceiling: float) -> float:
        return tenth(frame.bottom - (frame.bottom - frame.top) * value / self.unit / ceiling)

    def _line(self, frame: Frame, values: Sequence[float], start: int, ceiling: float) -> list[Point]:
        """Points from the month after start on; a year begins at nothing."""
        begin = [(self._x(frame, 0), self._y(frame, 0, ceiling))] if start == 0 else []
        return begin + [
            (self._x(frame, month), self._y(frame, value, ceiling)) for month, value in enumerate(values, start + 1)
        ]

    def _future(self, frame: Frame, last: Point, ceiling: float) -> tuple[str, str]:
        known = len(self.points)
        if self.forecast is None or not known or known >= MONTHS:
            return "", ""
        low, middle, high = (
            self._line(frame, values, known, ceiling)
            for values in (self.forecast.low, self.forecast.expected, self.forecast.high)
        )
        return path([last, *high, *reversed(low)], closed=True), path([last, *middle])

    def _label_heights(self, frame: Frame, ceiling: float) -> tuple[float, float]:
        """Plan and forecast end near each other; the labels keep apart, the plan's own place first."""
        plan = self._y(frame, self.plan[-1], ceiling) if self.plan else frame.top
        if self.forecast is None:
            return plan, plan
        heights = spread([plan, self._y(frame, self.forecast.expected[-1], ceiling)], LABEL_GAP)
        return heights[0], heights[1]

    def _dot_text(self, last: Point) -> Text:
        return Text(tenth(last[0] + 4), tenth(last[1] + 28), self.say(self.points[-1] / self.unit))

    def _expected_label(self, frame: Frame, y: float) -> Text | None:
        if self.forecast is None:
            return None
        return Text(frame.right + 8, y, self.say(self.forecast.expected[-1] / self.unit))


def _named(every: int) -> range:
    return range(1, MONTHS + 1, every) if every < 3 else range(every, MONTHS + 1, every)  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class SolveCurve:
    """A solver's value rising and its bound falling; where they meet nothing better exists."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    grid: tuple[Text, ...]
    seconds: tuple[Text, ...]
    value: str
    bound: str
    dot: Point
    value_text: Text
    bound_text: Text


def solve_curve(values: Sequence[Point], bounds: Sequence[Point]) -> SolveCurve:
    """Two staircases over seconds: (second, value) and (second, bound), each in order and not empty.

    The axis need not begin at zero: these are lines whose distance matters, not bars.
    """
    left, right, top, bottom = 44.0, 300.0, 14.0, 118.0
    end = max(values[-1][0], bounds[-1][0], 1.0)
    figures = [figure for _second, figure in (*values, *bounds)]
    step = round_step(max(figures) - min(figures), 3)
    floor = step * int(min(figures) // step)
    count = max(1, int(-(-(max(figures) - floor) // step)))

    def place(point: Point) -> Point:
        x = left + (right - left) * point[0] / end
        return tenth(x), tenth(bottom - (bottom - top) * (point[1] - floor) / (step * count))

    last, bound = place((end, values[-1][1])), place((end, bounds[-1][1]))
    value_y, bound_y = _beside(last[1], bound[1])
    return SolveCurve(
        width=312,
        height=150,
        left=left,
        right=right,
        bottom=bottom,
        grid=tuple(
            Text(left - 6, place((0, floor + step * index))[1], plain(floor + step * index))
            for index in range(count + 1)
        ),
        seconds=tuple(Text(tenth(left + (right - left) * part / 3), 136, f"{end * part / 3:.0f}") for part in range(4)),
        value=stairs([*(place(point) for point in values), last]),
        bound=stairs([*(place(point) for point in bounds), bound]),
        dot=last,
        value_text=Text(right - 4, max(value_y, 10.0), plain(values[-1][1])),
        bound_text=Text(right - 4, max(bound_y, 10.0), plain(bounds[-1][1])),
    )


def _beside(value: float, bound: float) -> tuple[float, float]:
    """Where the labels stand: outside both lines where the value rises, above each where it falls to its bound."""
    if value < bound:
        upper, lower = spread([value - 8, bound - 6], LABEL_GAP)
        return upper, lower
    upper, lower = spread([bound - 6, value + 18], LABEL_GAP)
    return lower, upper
