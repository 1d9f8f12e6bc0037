"""Which segment of which chain a text belongs to, with how likely that is, or that it belongs to none.

Pure computation: built from the graph and the words this release ships, no database, fast enough to answer while
a person types.
"""

from matchmaker.chains.classifying.classifier import LEAST_SCORE, SegmentClassifier, SegmentGuess, calibrated
from matchmaker.chains.classifying.graph import ChainGraph, SegmentLink, SegmentNode
from matchmaker.chains.classifying.vocabulary import Vocabulary, shipped_vocabulary
from matchmaker.chains.classifying.wording import product_stem

__all__ = [
    "LEAST_SCORE",
    "ChainGraph",
    "SegmentClassifier",
    "SegmentGuess",
    "SegmentLink",
    "SegmentNode",
    "Vocabulary",
    "calibrated",
    "product_stem",
    "shipped_vocabulary",
]
