"""The reference data this release ships, as typed rows; the README beside it names every source."""

from matchmaker.reference.chains import (
    ChainRow,
    LinkRow,
    ProductRow,
    SegmentRow,
    Stage,
    chains,
    links,
    segments,
)
from matchmaker.reference.files import REFERENCE_VERSION, digest
from matchmaker.reference.industries import IndustryRow, industries
from matchmaker.reference.naming import NameWeights, NameWords, name_weights, name_words
from matchmaker.reference.places import (
    ABROAD_CODE,
    PROVINCE_CODE,
    UNSPECIFIED_OUTSIDE_CODE,
    CircleMemberRow,
    CircleRow,
    RegionRow,
    TileRow,
    circles,
    regions,
    tiles,
)
from matchmaker.reference.words import outside_words, trade_words

__all__ = [
    "ABROAD_CODE",
    "PROVINCE_CODE",
    "REFERENCE_VERSION",
    "UNSPECIFIED_OUTSIDE_CODE",
    "ChainRow",
    "CircleMemberRow",
    "CircleRow",
    "IndustryRow",
    "LinkRow",
    "NameWeights",
    "NameWords",
    "ProductRow",
    "RegionRow",
    "SegmentRow",
    "Stage",
    "TileRow",
    "chains",
    "circles",
    "digest",
    "industries",
    "links",
    "name_weights",
    "name_words",
    "outside_words",
    "regions",
    "segments",
    "tiles",
    "trade_words",
]
