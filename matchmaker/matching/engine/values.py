"""What goes into the matching engine and what comes out of it: plain values, nothing that touches the world."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Final, Literal

from matchmaker.chains.classifying import ChainGraph

FULL_SCORE: Final = 10_000  # scores and points are whole hundredths of a point, so 10_000 reads as 100.00

Side = Literal["capability", "product", "need"]
SIDES: Final[tuple[Side, ...]] = ("capability", "product", "need")
SUPPLY: Final[tuple[Side, ...]] = ("capability", "product")
DEMAND: Final[tuple[Side, ...]] = ("need",)

Direction = Literal["upstream", "downstream"]


class Part(enum.StrEnum):
    """A share of the score; together they are the whole score."""

    SEGMENT = "segment"  # 环节: the segments are the same, or one feeds the other
    WORDING = "wording"  # 产品与工艺: the two lines name the same thing
    CATALOGUE = "catalogue"  # 主营相近: everything the firm offers resembles what is asked
    FLOW = "flow"  # 供需物料: what one makes is what the other is known to use
    NEED = "need"  # 已发布需求: a published need is answered by an own line
    TRADE = "trade"  # 行业惯例: what firms of this trade usually make, or buy from each other (inferred)
    SPECIFICATION = "specification"  # 规格
    CAPACITY = "capacity"  # 余量
    DELIVERY = "delivery"  # 交期
    CERTIFICATE = "certificate"  # 资质
    REGION = "region"  # 区域
    TRUST = "trust"  # 可信度


class Gap(enum.StrEnum):
    """Something asked for, or usually wanted, that the other side does not show."""

    SPECIFICATION = "specification"
    CERTIFICATE = "certificate"
    OUTSIDE_REGION = "outside_region"
    REGION_UNKNOWN = "region_unknown"
    CAPACITY_UNKNOWN = "capacity_unknown"
    CAPACITY_SHORT = "capacity_short"
    DELIVERY_UNKNOWN = "delivery_unknown"
    DELIVERY_LATE = "delivery_late"
    INFERRED = "inferred"  # nothing published says so; it follows from what such firms usually trade


@dataclass(frozen=True, slots=True)
class Firm:
    """One enterprise; `trust` is 0 to 4 (how far its statements are verified) or None when nobody knows.

    region_code: GB/T 2260. trades: its industry codes, any classification, used only against each other.
    """

    id: int
    name: str = ""
    region_code: str | None = None
    trust: int | None = None
    trades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One capability, product or need as its firm wrote it.

    segment_code is proposed from the text when None. share: part of the firm's business, 0 to 1.
    quantity: what a need asks for or a capability has to spare, in `unit`; days: lead time or time left.
    """

    id: int
    firm_id: int
    side: Side
    text: str
    segment_code: str | None = None
    share: float | None = None
    certificates: tuple[str, ...] = ()
    region_code: str | None = None
    quantity: float | None = None
    unit: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True)
class ProductLink:
    """A learned fact: up = `product` is made from `other`, down = it becomes `other`, sub = `other` is a kind of it."""

    product: str
    other: str
    kind: Literal["up", "down", "sub"]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the engine knows besides the firms: the chains, and optionally a learned product graph.

    names: product names of which nothing else is known; a misspelled or wordy text is understood by them.
    """

    graph: ChainGraph = field(default_factory=ChainGraph)
    products: tuple[ProductLink, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: suppliers of `text`, or with sides=DEMAND the buyers who published a need for it.

    Certificates and specifications written inside the text count as asked for too.
    """

    text: str
    sides: tuple[Side, ...] = SUPPLY
    segment_code: str | None = None
    certificates: tuple[str, ...] = ()
    region_code: str | None = None
    quantity: float | None = None
    unit: str = ""
    days: int | None = None
    exclude: frozenset[int] = frozenset()
    specifications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part of a score: its points of its maximum (hundredths), what was compared, and the words in common.

    The words are of the folded texts; a part that cannot be computed for a query has maximum 0.
    """

    part: Part
    points: int
    maximum: int
    ours: str = ""
    theirs: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinePair:
    """Two lines that answer each other: `ours` as asked (own line id or None), `theirs` as published."""

    our_line_id: int | None
    their_line_id: int
    ours: str
    theirs: str
    words: tuple[str, ...]
    points: int


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step along the chain, from the supplying to the buying segment, and what flows."""

    supplier: str
    buyer: str
    item: str
    is_inferred: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that would raise the score, and what exactly was asked for."""

    gap: Gap
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why: parts whose points add up exactly to the score, the lines that met, the path, what is missing."""

    parts: tuple[PartScore, ...]
    pairs: tuple[LinePair, ...] = ()
    path: tuple[ChainStep, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """One suggested firm with its score in hundredths of a point, out of 10,000."""

    firm_id: int
    score: int
    evidence: Evidence
