"""A share that rises with the days that passed, and a whole split into parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.web.charts.curves import Frame
from matchmaker.web.charts.drawing import Point, Text, round_step, stairs, tenth

WIDE = Frame(640, 300, 56, 560, 24, 250, 1)
NARROW = Frame(360, 240, 46, 320, 20, 190, 1)
_SHORTEST = 90
_MOST_DAY_LABELS = 6
_MOST_SHARE_LABELS = 5


@dataclass(frozen=True, slots=True)
class WaitingCurve:
    """One drawing: axes, the staircase, and its end with the share in words."""

    frame: Frame
    grid: tuple[Text, ...]
    days: tuple[Text, ...]
    line: str
    dot: Point
    dot_text: Text


@dataclass(frozen=True, slots=True)
class WaitingPair:
    """The same staircase drawn for a desk and for a phone."""

    wide: WaitingCurve
    narrow: WaitingCurve


def waiting_curve(steps: Sequence[tuple[int, float]], longest: int) -> WaitingPair:
    """Shares from 0 to 1 by day, from day 0 on; the last holds until the longest wait."""
    return WaitingPair(_drawn(steps, longest, WIDE), _drawn(steps, longest, NARROW))


def _drawn(steps: Sequence[tuple[int, float]], longest: int, frame: Frame) -> WaitingCurve:
    day_step = max(1.0, round_step(max(longest, _SHORTEST), _MOST_DAY_LABELS))
    end = day_step * -(-max(longest, _SHORTEST) // day_step)
    top_share = max(share for _day, share in steps)
    share_step = round_step(max(top_share, 0.1), _MOST_SHARE_LABELS)
    ceiling = share_step * -(-max(top_share, 0.1) // share_step)

    def place(day: float, share: float) -> Point:
        x = frame.left + (frame.right - frame.left) * day / end
        return tenth(x), tenth(frame.bottom - (frame.bottom - frame.top) * share / ceiling)

    last = place(longest, steps[-1][1])
    return WaitingCurve(
        frame=frame,
        grid=tuple(
            Text(frame.left - 8, place(0, share_step * index)[1], f"{share_step * index:.0%}")
            for index in range(round(ceiling / share_step) + 1)
        ),
        days=tuple(
            Text(place(day_step * index, 0)[0], frame.bottom + 22, f"{day_step * index:.0f}")
            for index in range(round(end / day_step) + 1)
        ),
        line=stairs([*(place(day, share) for day, share in steps), last]),
        dot=last,
        dot_text=Text(last[0], tenth(last[1] - 10), f"{steps[-1][1]:.1%}"),
    )


@dataclass(frozen=True, slots=True)
class SplitPart:
    """A part of a bar: where it begins and how wide it is, of a width of 1000."""

    key: str
    x: float
    width: float


def split_bar(parts: Sequence[tuple[str, int]]) -> tuple[SplitPart, ...]:
    """A whole as a bar of parts in order, each as wide as its share; parts of nothing are left out."""
    total, x = sum(amount for _key, amount in parts), 0.0
    drawn = []
    for key, amount in parts:
        width = 1000 * amount / total if total else 0.0
        if width:
            drawn.append(SplitPart(key, tenth(x), tenth(width)))
        x += width
    return tuple(drawn)
