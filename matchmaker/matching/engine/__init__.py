"""The matching engine: plain values in, ranked firms with their evidence out.

    index = Index.build(firms, lines, Knowledge(graph, product_links))
    index.save(folder); index = Index.load(folder)       # files, checked by digest, memory-mapped
    index.search(Query(text), k)                          # who can supply this
    index.search(Query(text, sides=DEMAND), k)            # who published a need for this
    index.partners(firm_id, "upstream", k)                # who feeds this firm, from its products alone
    index.weighted(weights)                               # the same index, parts weighed otherwise
    index.classify(text, k)                               # which segment a text belongs to
    LayeredIndex(index, changed, firms, lines)            # the same, with the latest changes laid over it
    digest(query)                                         # names a query for replays

Scores are whole hundredths of a point out of 10,000, and the parts of the evidence add up to them
exactly. Lists are in a total order: score, then the smaller firm id. The same input always gives the
same output: nothing here reads a clock, a database or a random number.
"""

from matchmaker.chains.classifying import (
    ChainGraph,
    SegmentClassifier,
    SegmentGuess,
    SegmentLink,
    SegmentNode,
)
from matchmaker.matching.engine.index import ENGINE_VERSION, Index, digest
from matchmaker.matching.engine.layering import LayeredIndex
from matchmaker.matching.engine.scoring import DEFAULT_WEIGHTS, Weights
from matchmaker.matching.engine.store import BrokenIndex
from matchmaker.matching.engine.values import (
    DEMAND,
    FULL_SCORE,
    SUPPLY,
    ChainStep,
    Direction,
    Evidence,
    Firm,
    Gap,
    Knowledge,
    Line,
    LinePair,
    Match,
    Missing,
    Part,
    PartScore,
    ProductLink,
    Query,
    Side,
)

__all__ = [
    "DEFAULT_WEIGHTS",
    "DEMAND",
    "ENGINE_VERSION",
    "FULL_SCORE",
    "SUPPLY",
    "BrokenIndex",
    "ChainGraph",
    "ChainStep",
    "Direction",
    "Evidence",
    "Firm",
    "Gap",
    "Index",
    "Knowledge",
    "LayeredIndex",
    "Line",
    "LinePair",
    "Match",
    "Missing",
    "Part",
    "PartScore",
    "ProductLink",
    "Query",
    "SegmentClassifier",
    "SegmentGuess",
    "SegmentLink",
    "SegmentNode",
    "Side",
    "Weights",
    "digest",
]
