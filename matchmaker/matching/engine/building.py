"""Firms, lines and knowledge turned into the tables of an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Self

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags
from sklearn.preprocessing import normalize

from matchmaker.chains.classifying import ChainGraph, SegmentClassifier
from matchmaker.matching.engine import dictionary
from matchmaker.matching.engine.conditions import certificate_key, read_conditions
from matchmaker.matching.engine.flows import (
    flow_tables,
    flowing_names,
    learned_flows,
    product_key,
    square,
    trade_between,
)
from matchmaker.matching.engine.items import no_items, with_items
from matchmaker.matching.engine.profiles import Usual, firm_profiles, trade_pieces
from matchmaker.matching.engine.spelling import counts, piece_counts
from matchmaker.matching.engine.store import Rows, Texts
from matchmaker.matching.engine.tables import NOWHERE, Tables
from matchmaker.matching.engine.trade_words import SERVICE, placed, worth_of
from matchmaker.matching.engine.values import SIDES, Firm, Knowledge, Line
from matchmaker.text import syllable

Progress = Callable[[int, int], None]

STEPS: Final = 6
LEAST_CONFIDENCE: Final = 0.45  # below it a line stands in no segment rather than in a doubtful one
_DEFAULT_SHARE: Final = 0.1


class Numbering:
    """Gives each distinct value a number in order of first appearance."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def of(self, value: str) -> int:
        """The number of this value."""
        return self.places.setdefault(value, len(self.places))

    def texts(self) -> Texts:
        """All values by number."""
        return Texts.of(self.places)


@dataclass(frozen=True, slots=True)
class Measures:
    """What an index measures its lines by; taken from a larger index, the two give comparable scores."""

    classifier: SegmentClassifier
    rarity: Any
    usual: Usual
    group_names: tuple[str, ...]
    group_grams: Rows

    @classmethod
    def of(cls, tables: Tables, classifier: SegmentClassifier) -> Self:
        """The measures of a finished index."""
        names = tuple(tables.group_name.at(range(len(tables.group_name))))
        usual = Usual(tables.profile_rarity, float(tables.profile_length[0]))
        return cls(classifier, tables.rarity, usual, names, tables.group_grams)


@lru_cache(maxsize=1)
def classifier_of(graph: ChainGraph) -> SegmentClassifier:
    """The classifier of these chains; who builds an index asks it for the lines, and who reads one for the queries."""
    return SegmentClassifier.build(graph)


def build_tables(
    firms: Iterable[Firm],
    lines: Iterable[Line],
    knowledge: Knowledge,
    progress: Progress | None = None,
    *,
    measures: Measures | None = None,
) -> Tables:
    """The tables of an index; lines of unknown firms are an error, the order of the input does not matter.

    measures: those of the index beside which this one will be asked; its own when None.
    """
    tell = progress or (lambda _done, _total: None)
    known = sorted(firms, key=lambda firm: firm.id)
    stated = sorted(lines, key=lambda line: line.id)
    firm_place = {firm.id: place for place, firm in enumerate(known)}
    texts, tags = Numbering(), Numbering()
    tags.of("")
    columns = _line_columns(stated, firm_place, texts, tags)
    columns["firm_certificates"] = _firm_certificates(columns, len(known), tags)
    tell(1, STEPS)
    columns |= _segments_of(stated, knowledge, measures)
    tell(2, STEPS)
    learned = learned_flows(knowledge.products, texts.of)
    numbered = flowing_names(knowledge.products)
    for name in knowledge.names:
        if name not in numbered:
            texts.of(product_key(name))
    text_counts = counts(texts.places)
    tell(3, STEPS)
    rarity = _rarity(text_counts) if measures is None else measures.rarity
    tell(4, STEPS)
    offers = _offers(columns, len(known), len(texts.places))
    offered = (offers > 0).astype(np.float32)
    pieces = piece_counts(texts.places)
    usual = Usual.among(offered @ pieces) if measures is None else measures.usual
    worth = worth_of(texts.places)
    firm_segments = _firm_segments(columns, worth, len(known), len(knowledge.graph.nodes))
    groups, group_names = _groups(known, firm_segments, knowledge, measures)
    tell(5, STEPS)
    trade = trade_between(groups, offers, square(learned, len(texts.places)))
    flows = flow_tables(learned, list(texts.places), text_counts, offers, columns)
    tell(STEPS, STEPS)
    tables = Tables(
        text=texts.texts(),
        written=Texts.of(columns.pop("written")),
        tags=tags.texts(),
        sound=Texts.of(sorted({syllable(c) for text in texts.places for c in set(text) if not c.isascii()} - {""})),
        segment_code=Texts.of(node.code for node in knowledge.graph.nodes),
        group_name=Texts.of(group_names),
        grams=_by_rarity(text_counts, rarity),
        profile=firm_profiles(offered @ pieces, usual),
        rarity=rarity,
        profile_rarity=usual.rarity,
        profile_length=np.array([usual.length]),
        group_grams=trade_pieces(pieces, offered.T @ groups) if measures is None else measures.group_grams,
        **dictionary.columns(list(texts.places)),
        text_lines=_grouped(columns["line_text"], len(texts.places)),
        text_sides=_sides(columns, len(texts.places)),
        firm_id=np.array([firm.id for firm in known], np.int64),
        firm_region=np.array([region_number(firm.region_code) for firm in known], np.int32),
        firm_trust=np.array([NOWHERE if firm.trust is None else firm.trust for firm in known], np.int8),
        firm_certificates=columns.pop("firm_certificates"),
        firm_lines=_grouped(columns["line_firm"], len(known)),
        firm_segments=Rows.of(firm_segments),
        segment_firms=Rows.of(firm_segments.T),
        firm_groups=Rows.of(groups),
        trade=trade,
        text_worth=worth,
        item_lines=no_items(),
        **flows,
        **columns,
    )
    return tables if measures else with_items(tables, knowledge.graph)


def region_number(code: str | None) -> int:
    """A region code as a number, 0 when there is none."""
    return int(code) if code and code.isascii() and code.isdigit() else 0


def _line_columns(
    lines: Sequence[Line], firm_place: dict[int, int], texts: Numbering, tags: Numbering
) -> dict[str, Any]:
    written = Numbering()
    readings = [read_conditions(line.text) for line in lines]
    certificates = [
        dict.fromkeys((*map(certificate_key, line.certificates), *reading.certificates))
        for line, reading in zip(lines, readings, strict=True)
    ]
    columns = {
        "line_id": _column((line.id for line in lines), np.int64),
        "line_firm": _column((firm_place[line.firm_id] for line in lines), np.int32),
        "line_side": _column((SIDES.index(line.side) for line in lines), np.uint8),
        "line_text": _column((texts.of(reading.product) for reading in readings), np.int32),
        "line_written": _column((written.of(line.text) for line in lines), np.int32),
        "line_share": _column((_DEFAULT_SHARE if line.share is None else line.share for line in lines), np.float32),
        "line_specifications": _column((tags.of("\n".join(r.specifications)) for r in readings), np.int32),
        "line_certificates": _column((tags.of("\n".join(held)) for held in certificates), np.int32),
        "line_region": _column((region_number(line.region_code) for line in lines), np.int32),
        "line_quantity": _column((np.nan if line.quantity is None else line.quantity for line in lines), np.float64),
        "line_unit": _column((tags.of(line.unit) for line in lines), np.int32),
        "line_days": _column((NOWHERE if line.days is None else line.days for line in lines), np.int32),
    }
    return columns | {"written": list(written.places)}


def _firm_certificates(columns: dict[str, Any], firms: int, tags: Numbering) -> Any:
    held: list[dict[str, None]] = [{} for _ in range(firms)]
    stated = list(tags.places)
    need = SIDES.index("need")
    for firm, tag, side in zip(columns["line_firm"], columns["line_certificates"], columns["line_side"], strict=True):
        if side != need:
            held[firm].update(dict.fromkeys(filter(None, stated[tag].split("\n"))))
    return _column((tags.of("\n".join(sorted(one))) for one in held), np.int32)


def _column(values: Iterable[Any], dtype: Any) -> Any:
    return np.array(list(values), dtype)


def _segments_of(lines: Sequence[Line], knowledge: Knowledge, measures: Measures | None) -> dict[str, Any]:
    place = {node.code: i for i, node in enumerate(knowledge.graph.nodes)}
    unplaced = sorted({line.text for line in lines if line.segment_code is None})
    classifier = classifier_of(knowledge.graph) if measures is None else measures.classifier
    guessed = dict(zip(unplaced, placed(classifier, unplaced), strict=True))
    found = [guessed[line.text] if line.segment_code is None else (line.segment_code, 1.0) for line in lines]
    doubtful = [code is None or code not in place or sure < LEAST_CONFIDENCE for code, sure in found]
    segments = (NOWHERE if doubt else place[str(code)] for (code, _), doubt in zip(found, doubtful, strict=True))
    sure = (0.0 if doubt else sure for (_, sure), doubt in zip(found, doubtful, strict=True))
    return {"line_segment": _column(segments, np.int32), "line_sure": _column(sure, np.float32)}


def _rarity(counts: Any) -> Any:
    """How rare each feature is among the texts (smoothed inverse document frequency), 0 for one never seen."""
    if not counts.shape[0]:
        return np.zeros(counts.shape[1], np.float32)
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.where(seen > 0, np.log((1 + counts.shape[0]) / (1 + seen)) + 1, 0.0).astype(np.float32)


def _by_rarity(counts: Any, rarity: Any) -> Rows:
    """Features by texts: TF-IDF, each text of length 1. A feature without rarity counts as the rarest."""
    weighted = counts.tocsr(copy=True)
    if not weighted.nnz:
        return Rows.of(weighted.T)
    known = rarity[weighted.indices]
    weighted.data = weighted.data * np.where(known > 0, known, rarity.max(initial=1.0))
    return Rows.of(normalize(weighted).T)


def _offers(columns: dict[str, Any], firms: int, texts: int) -> Any:
    """Firms by texts: the share of the business that each text it offers stands for."""
    supply = columns["line_side"] != SIDES.index("need")
    where = (columns["line_firm"][supply], columns["line_text"][supply])
    return coo_matrix((columns["line_share"][supply], where), shape=(firms, texts)).tocsr()


def _firm_segments(columns: dict[str, Any], worth: Any, firms: int, segments: int) -> Any:
    """Firms by segments: what each offers there beside its largest line, whether that is placed or not.

    A side business (废料销售) counts for little, however it is placed; so does a service (水路运输) beside
    goods, while a firm of nothing but services is measured by the largest of them.
    """
    placed = (columns["line_segment"] != NOWHERE) & (columns["line_side"] != SIDES.index("need"))
    where = (columns["line_firm"][placed], columns["line_segment"][placed])
    said = columns["line_share"] * worth[columns["line_text"]]
    raw = coo_matrix(((said * columns["line_sure"])[placed], where), shape=(firms, segments)).tocsr()
    most = np.zeros(firms, np.float32)
    np.maximum.at(most, columns["line_firm"], np.maximum(said, SERVICE * columns["line_share"]))
    return (diags(1 / np.maximum(most, 1e-6)) @ raw).minimum(1.0).tocsr()


def _groups(
    firms: Sequence[Firm], firm_segments: Any, knowledge: Knowledge, measures: Measures | None
) -> tuple[Any, list[str]]:
    """Firms by trades; a firm that names no trade stands in the segments it offers in."""
    names = Numbering()
    for name in measures.group_names if measures else ():
        names.of(name)
    codes = [node.code for node in knowledge.graph.nodes]
    rows, columns = [], []
    for place, firm in enumerate(firms):
        segments = firm_segments.indices[firm_segments.indptr[place] : firm_segments.indptr[place + 1]]
        for name in firm.trades or [codes[segment] for segment in segments]:
            rows.append(place)
            columns.append(names.of(name))
    shape = (len(firms), len(names.places))
    return csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape), list(names.places)


def _grouped(owner: Any, owners: int) -> Rows:
    """For each owner the places that name it, ascending."""
    order = np.argsort(owner, kind="stable").astype(np.int32)
    ends = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=owners))))
    return Rows(ends.astype(np.int64), order, np.ones(len(order), np.float32))


def _sides(columns: dict[str, Any], texts: int) -> Any:
    bits = np.zeros(texts, np.uint8)
    np.bitwise_or.at(bits, columns["line_text"], np.uint8(1) << columns["line_side"])
    return bits
