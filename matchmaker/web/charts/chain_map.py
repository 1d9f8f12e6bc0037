"""A chain as columns of segments: upstream, midstream, downstream, and what supports them all below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matchmaker.web.charts.drawing import fitted, tenth

STAGES = ("up", "mid", "down")
SUPPORT = "support"
NODE_WIDTH, NODE_HEIGHT, NODE_GAP = 150.0, 50.0, 14.5
LAYER_PITCH, PADDING, STAGE_GAP, EDGE = 180.0, 10.0, 20.0, 6.0
HEAD = 44.0
DEEPEST = 4
ROOMY, CROWDED = 6, 8  # up to the first a stage stays one column, past the second it never does
SWEEPS = 6
TEXT_WIDTH, TEXT_SIZE = NODE_WIDTH - 20, 14.5


@dataclass(frozen=True, slots=True)
class ChainNode:
    """One segment: stage up, mid, down or support; flag gap, single or nothing; facts is its second line.

    layer is its column within the stage; None lets the links decide.
    """

    code: str
    name: str
    stage: str
    facts: str = ""
    flag: str = ""
    url: str | None = None
    layer: int | None = None


@dataclass(frozen=True, slots=True)
class ChainLink:
    """What one segment feeds to another."""

    supplier: str
    buyer: str


@dataclass(frozen=True, slots=True)
class NodeBox:
    """A drawn segment: the upper left corner of its box, and its name as far as it fits."""

    node: ChainNode
    x: float
    y: float
    label: str
    is_selected: bool


@dataclass(frozen=True, slots=True)
class LinkPath:
    """A drawn link; hot ones touch the selected segment."""

    link: ChainLink
    path: str
    is_hot: bool


@dataclass(frozen=True, slots=True)
class StageBox:
    """The sunken ground of one stage."""

    stage: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ChainMap:
    """Everything to draw, in drawing order, and the same segments as lists with the problems first."""

    width: float
    height: float
    stages: tuple[StageBox, ...]
    links: tuple[LinkPath, ...]
    boxes: tuple[NodeBox, ...]
    lists: tuple[tuple[str, tuple[ChainNode, ...]], ...]
    selected: str | None


Column = list[ChainNode]


def chain_map(nodes: Sequence[ChainNode], links: Iterable[ChainLink], selected: str | None = None) -> ChainMap:
    """The chain drawn left to right, with few crossings, and the links of the selected segment strong.

    Links of supporting segments are drawn only when one of their ends is selected: they go everywhere.
    Links to segments that are not given are left out.
    """
    known = {node.code: node for node in nodes}
    inner = [link for link in links if link.supplier in known and link.buyer in known and link.supplier != link.buyer]
    columns = _columns(nodes, inner)
    _untangle([column for stage in STAGES for column in columns.get(stage, [])], inner)
    height = HEAD + max((len(column) for stage in columns.values() for column in stage), default=1) * (
        NODE_HEIGHT + NODE_GAP
    )
    places, stages, width = _place_stages(columns, height)
    support = [node for node in nodes if node.stage == SUPPORT]
    bottom = EDGE + 2 + height
    if support:
        ground, below, bottom = _place_support(support, width, bottom + 14)
        stages.append(ground)
        places.update(below)
    return ChainMap(
        width=width,
        height=tenth(bottom + EDGE),
        stages=tuple(stages),
        links=_link_paths(inner, places, known, selected),
        boxes=tuple(_box(node, places[node.code], selected) for node in _drawn_order(nodes, places)),
        lists=_lists(nodes),
        selected=selected if selected in known else None,
    )


def _columns(nodes: Sequence[ChainNode], links: Sequence[ChainLink]) -> dict[str, list[Column]]:
    """The nodes of each stage in one or two columns: what feeds its own stage stands to the left."""
    columns: dict[str, list[Column]] = {}
    for stage in STAGES:
        members = [node for node in nodes if node.stage == stage]
        if members:
            columns[stage] = _split(members, _depths(members, links))
    return columns


def _depths(members: Sequence[ChainNode], links: Sequence[ChainLink]) -> dict[str, int]:
    """How many steps of its own stage lie before each node, as far as that still moves it; circles end there too."""
    depths = {node.code: node.layer or 0 for node in members}
    fixed = {node.code for node in members if node.layer is not None}
    within = [link for link in links if link.supplier in depths and link.buyer in depths and link.buyer not in fixed]
    for _round in range(DEEPEST):
        before = dict(depths)
        for link in within:
            depths[link.buyer] = max(depths[link.buyer], min(DEEPEST, before[link.supplier] + 1))
    return depths


def _split(members: Sequence[ChainNode], depths: Mapping[str, int]) -> list[Column]:
    deepest = max(depths.values())
    if len(members) <= ROOMY or (deepest == 0 and len(members) <= CROWDED):
        return [list(members)]
    if deepest == 0:
        return [list(members[::2]), list(members[1::2])]
    cut = min(
        range(deepest),
        key=lambda at: abs(2 * sum(depths[node.code] <= at for node in members) - len(members)),
    )
    return [
        [node for node in members if depths[node.code] <= cut],
        [node for node in members if depths[node.code] > cut],
    ]


def _untangle(columns: list[Column], links: Sequence[ChainLink]) -> None:
    """Order each column by the mean height of what its nodes are linked to, sweeping both ways."""
    linked: dict[str, set[str]] = defaultdict(set)
    for link in links:
        linked[link.supplier].add(link.buyer)
        linked[link.buyer].add(link.supplier)
    for sweep in range(SWEEPS):
        ordered = list(range(len(columns))) if sweep % 2 == 0 else list(range(len(columns)))[::-1]
        for index in ordered:
            heights = _heights(columns, but=index)
            columns[index].sort(key=lambda node: (_mean_height(node, linked, heights), node.code))


def _heights(columns: Sequence[Column], *, but: int) -> dict[str, float]:
    """Where each node of the other columns stands, from 0 at the top to 1."""
    return {
        node.code: (place + 0.5) / len(column)
        for index, column in enumerate(columns)
        if index != but
        for place, node in enumerate(column)
    }


def _mean_height(node: ChainNode, linked: Mapping[str, set[str]], heights: Mapping[str, float]) -> float:
    near = [heights[code] for code in sorted(linked.get(node.code, ())) if code in heights]
    return round(sum(near) / len(near), 9) if near else 0.5


Places = dict[str, tuple[float, float]]


def _place_stages(columns: Mapping[str, list[Column]], height: float) -> tuple[Places, list[StageBox], float]:
    places: Places = {}
    stages: list[StageBox] = []
    x, y = EDGE, EDGE + 2
    for stage, layers in columns.items():
        width = 2 * PADDING + NODE_WIDTH + LAYER_PITCH * (len(layers) - 1)
        stages.append(StageBox(stage, x, y, width, tenth(height)))
        for layer, column in enumerate(layers):
            room = (height - HEAD) / len(column)
            for place, node in enumerate(column):
                top = y + HEAD + room * place + (room - NODE_HEIGHT) / 2 - NODE_GAP / 2
                places[node.code] = (x + PADDING + LAYER_PITCH * layer, tenth(top))
        x += width + STAGE_GAP
    return places, stages, tenth(max(x - STAGE_GAP + EDGE, 2 * EDGE + NODE_WIDTH))


def _place_support(members: Sequence[ChainNode], width: float, top: float) -> tuple[StageBox, Places, float]:
    across = max(1, int((width - 2 * EDGE - PADDING) // (NODE_WIDTH + PADDING)))
    rows = -(-len(members) // across)
    height = 36 + rows * (NODE_HEIGHT + NODE_GAP)
    places = {
        node.code: (
            EDGE + PADDING + (index % across) * (NODE_WIDTH + PADDING),
            tenth(top + 34 + (index // across) * (NODE_HEIGHT + NODE_GAP)),
        )
        for index, node in enumerate(members)
    }
    return StageBox(SUPPORT, EDGE, tenth(top), tenth(width - 2 * EDGE), tenth(height)), places, top + height


def _link_paths(
    links: Sequence[ChainLink], places: Places, known: Mapping[str, ChainNode], selected: str | None
) -> tuple[LinkPath, ...]:
    drawn = []
    for link in dict.fromkeys(links):
        is_hot = selected in (link.supplier, link.buyer)
        supports = SUPPORT in (known[link.supplier].stage, known[link.buyer].stage)
        if is_hot or not supports:
            drawn.append(LinkPath(link, _path(places[link.supplier], places[link.buyer]), is_hot))
    return tuple(sorted(drawn, key=lambda path: path.is_hot))


def _path(supplier: tuple[float, float], buyer: tuple[float, float]) -> str:
    """From the supplier's right side to the buyer's left; within a column around the right, backwards below."""
    start_x, start_y = supplier[0] + NODE_WIDTH, tenth(supplier[1] + NODE_HEIGHT / 2)
    end_x, end_y = buyer[0], tenth(buyer[1] + NODE_HEIGHT / 2)
    if buyer[0] == supplier[0]:
        return f"M{start_x:g} {start_y:g}C{start_x + 14:g} {start_y:g} {start_x + 14:g} {end_y:g} {start_x:g} {end_y:g}"
    if buyer[0] < supplier[0]:
        start_x, end_x = supplier[0], buyer[0] + NODE_WIDTH
    bend = (end_x - start_x) / 2 if abs(end_x - start_x) > LAYER_PITCH else 24.0 * (1 if end_x > start_x else -1)
    return f"M{start_x:g} {start_y:g}C{start_x + bend:g} {start_y:g} {end_x - bend:g} {end_y:g} {end_x:g} {end_y:g}"


def _drawn_order(nodes: Sequence[ChainNode], places: Places) -> list[ChainNode]:
    """Column by column from the top, which is also the order of the keyboard; what supports comes last."""
    return sorted(nodes, key=lambda node: (node.stage == SUPPORT, places[node.code]))


def _box(node: ChainNode, place: tuple[float, float], selected: str | None) -> NodeBox:
    return NodeBox(node, place[0], place[1], fitted(node.name, TEXT_WIDTH, TEXT_SIZE), node.code == selected)


def _lists(nodes: Sequence[ChainNode]) -> tuple[tuple[str, tuple[ChainNode, ...]], ...]:
    """The segments by stage for a phone, gaps first, single sources next, then as given."""
    urgency = {"gap": 0, "single": 1}
    grouped = []
    for stage in (*STAGES, SUPPORT):
        members = sorted((node for node in nodes if node.stage == stage), key=lambda node: urgency.get(node.flag, 2))
        if members:
            grouped.append((stage, tuple(members)))
    return tuple(grouped)
