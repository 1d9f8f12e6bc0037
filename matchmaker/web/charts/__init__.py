"""Where every line of a server-drawn chart goes: plain values in, frozen geometry out.

No colour, no words and no markup here: `templates/macros/charts.html` draws what these
functions compute, and the style sheet colours it. Coordinates are in the units of each
drawing's own view box, rounded to a tenth.
"""

from __future__ import annotations

from matchmaker.web.charts.bars import Funnel, FunnelBar, FunnelRow, TargetBar, funnel, target_bar
from matchmaker.web.charts.chain_map import ChainLink, ChainMap, ChainNode, chain_map
from matchmaker.web.charts.curves import Curve, CurvePair, Forecast, SolveCurve, curve, solve_curve
from matchmaker.web.charts.hexagons import HexCell, Hexmap, HexTile, hexmap

__all__ = [
    "ChainLink",
    "ChainMap",
    "ChainNode",
    "Curve",
    "CurvePair",
    "Forecast",
    "Funnel",
    "FunnelBar",
    "FunnelRow",
    "HexCell",
    "HexTile",
    "Hexmap",
    "SolveCurve",
    "TargetBar",
    "chain_map",
    "curve",
    "funnel",
    "hexmap",
    "solve_curve",
    "target_bar",
]
