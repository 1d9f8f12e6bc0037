"""How well a text finds its segment of the chains, or none: `python -m benchmarks.segments`.

The labelled texts are the shipped terms themselves. In five rounds a fifth of them is taken out of everything the
classifier is built from (products, synonyms, link items, trade words, industry classes, words outside), and asked
for: as it stands, and in other words (a qualifier, a specification, a sentence, a typing error, traditional
characters, a word for dealing in it). One term of each segment at least, its name, always stays. A term that stands
in several segments is right for each; the column “same step” also takes a segment of another chain that names one
of the right segment's products, one step of work seen from two chains. “none” is right only for what belongs to no
chain, and an answer of “none” is wrong for everything else.

`--fit` prints the weights of matchmaker/chains/classifying/weights.py.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from opencc import OpenCC
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression

from benchmarks.adapters import chain_graph
from matchmaker.chains.classifying import (
    ChainGraph,
    SegmentClassifier,
    SegmentLink,
    SegmentNode,
    Vocabulary,
    calibrated,
    shipped_vocabulary,
)
from matchmaker.chains.classifying.features import FEATURES, Features
from matchmaker.chains.classifying.terms import Terms
from matchmaker.text import fold

PARTS: Final = 5
SEED: Final = 2026
UNSEEN, UNSEEN_WORDED, KNOWN = "unseen terms", "unseen terms, reworded", "known terms, reworded"
SYNONYMS, OUTSIDE, OUTSIDE_WORDED = "unseen synonyms", "of no chain", "of no chain, reworded"
# The share of each group in what the weights are fitted to, and in the reliability table.
MIX: Final = {UNSEEN: 0.25, UNSEEN_WORDED: 0.15, KNOWN: 0.3, OUTSIDE: 0.2, OUTSIDE_WORDED: 0.1}
_POINTS: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.9995, 1.0)
_SPEED_TEXTS: Final = 20_000

_QUALIFIERS: Final = (
    "高强度",
    "汽车用",
    "新型",
    "环保",
    "定制",
    "国产",
    "精密",
    "工业用",
    "高端",
    "智能",
    "船用",
    "家用",
)
_DEALING: Final = ("销售", "业务", "系列", "产品", "制造", "加工", "及配件")
_SPECIFIED: Final = ("{} M8×30 304", "{} DN50", "Φ20×1.5 {}", "{} 年需20万件", "500吨 {}", "{}（规格12mm）", "{} 100套")
_SENTENCES: Final = (
    "我司急需采购{}，要求质量稳定，武汉交货",
    "求购{}一批",
    "寻找{}供应商，长期合作",
    "专业生产{}，通过ISO9001认证",
    "拟采购{}，预算50万元，月底前交付",
    "需要{}配套厂家，距离襄阳200公里内",
)
_LEAST_TO_MISTYPE: Final = 4


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled text; `right` is empty when it belongs to no chain."""

    group: str
    text: str
    term: str
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Round:
    """One part of the labelled texts, and the graph and vocabulary from which it is taken out."""

    graph: ChainGraph
    vocabulary: Vocabulary
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The cases with the probability of each segment and, last, of none."""

    cases: tuple[Case, ...]
    codes: tuple[str, ...]
    likely: Any

    def of(self, chosen: Callable[[Case], bool]) -> Asked:
        """Only some cases."""
        places = [place for place, case in enumerate(self.cases) if chosen(case)]
        return Asked(tuple(self.cases[place] for place in places), self.codes, self.likely[places])

    @property
    def top(self) -> Any:
        """The three likeliest segments of each case."""
        return np.argsort(-self.likely[:, :-1], axis=1, kind="stable")[:, :3]

    @property
    def best(self) -> Any:
        """The probability of the likeliest segment of each case, before calibration."""
        return self.likely[:, :-1].max(1)

    @property
    def none(self) -> Any:
        """Which cases are answered with “none”."""
        return self.likely[:, -1] > 0.5

    def hits(self, k: int, right: Callable[[Case], frozenset[str]]) -> Any:
        """Which cases are answered with a right segment among the first k."""
        named = ({self.codes[place] for place in row[:k]} for row in self.top)
        return ~self.none & np.array([bool(right(case) & some) for case, some in zip(self.cases, named, strict=True)])


@cache
def owners() -> dict[str, frozenset[str]]:
    """Each product term, folded, with the segments it stands in; names of segments are not asked for."""
    graph = chain_graph()
    names = {fold(node.name) for node in graph.nodes}
    found: dict[str, set[str]] = {}
    for node in graph.nodes:
        for term in map(fold, node.terms):
            found.setdefault(term, set()).add(node.code)
    return {term: frozenset(codes) for term, codes in sorted(found.items()) if term not in names}


@cache
def same_step() -> dict[str, frozenset[str]]:
    """Each segment with those that name one of its products."""
    found = {node.code: {node.code} for node in chain_graph().nodes}
    for codes in owners().values():
        for code in codes:
            found[code] |= codes
    return {code: frozenset(codes) for code, codes in found.items()}


@cache
def outside_terms() -> tuple[str, ...]:
    """The words of no chain, by hand, without those of the national classification."""
    topics = (words for topic, words in shipped_vocabulary().outside.items() if not topic.isascii())
    return tuple(sorted({fold(word) for words in topics for word in words}))


@cache
def synonyms() -> frozenset[str]:
    """The terms that are nowhere the first name of a product."""
    from matchmaker import reference  # noqa: PLC0415 -- only the products know which name comes first

    first = {fold(product.name) for row in reference.segments().values() for product in row.products}
    return frozenset(owners().keys() - first)


def without(hidden: set[str]) -> tuple[ChainGraph, Vocabulary]:
    """Everything the classifier is built from, less some terms."""

    def kept(words: Iterable[str]) -> tuple[str, ...]:
        return tuple(word for word in words if fold(word) not in hidden)

    graph, known = chain_graph(), shipped_vocabulary()
    nodes = (SegmentNode(n.code, n.chain, n.name, n.stage, kept(n.terms)) for n in graph.nodes)
    links = (SegmentLink(n.supplier, n.buyer, "、".join(kept(n.items)), n.chain) for n in graph.links)
    parts = (
        {name: kept(words) for name, words in one.items()} for one in (known.words, known.industries, known.outside)
    )
    return ChainGraph(tuple(nodes), tuple(links)), Vocabulary(*parts)


def rounds(parts: int = PARTS, seed: int = SEED) -> Iterator[Round]:
    """The labelled texts in parts, each with a graph and a vocabulary that do not know it."""
    chance = random.Random(seed)
    terms, outside = list(owners()), list(outside_terms())
    chance.shuffle(terms)
    chance.shuffle(outside)
    for part in range(parts):
        asked, none, known = terms[part::parts], outside[part::parts], terms[(part + 1) % parts :: parts]
        cases = (*_cases(UNSEEN, asked, chance), *_cases(OUTSIDE, none, chance), *_cases(KNOWN, known, chance))
        yield Round(*without({*asked, *none}), cases)


def _cases(group: str, terms: Sequence[str], chance: random.Random) -> Iterator[Case]:
    again = {UNSEEN: UNSEEN_WORDED, OUTSIDE: OUTSIDE_WORDED}
    for term in terms:
        right = owners().get(term, frozenset())
        if group in again:
            yield Case(group, term, term, right)
        yield Case(again.get(group, group), fold(reworded(term, chance)), term, right)


def reworded(term: str, chance: random.Random) -> str:
    """The term as somebody might write it."""
    qualified = chance.choice(_QUALIFIERS) + term
    ways: tuple[Callable[[], str], ...] = (
        lambda: qualified,
        lambda: qualified + chance.choice(_DEALING),
        lambda: term + chance.choice(_DEALING),
        lambda: chance.choice(_SPECIFIED).format(term),
        lambda: chance.choice(_SENTENCES).format(term),
        lambda: _to_traditional().convert(term),
        lambda: mistyped(term, chance) if len(term) >= _LEAST_TO_MISTYPE else qualified,
    )
    return chance.choice(ways)()


@cache
def _to_traditional() -> Any:
    return OpenCC("s2t")


def mistyped(term: str, chance: random.Random) -> str:
    """The term with one character left out, or two that changed places."""
    place = chance.randrange(len(term) - 1)
    swapped = term[place + 1] + term[place] if chance.random() < 0.5 else term[place]
    return term[:place] + swapped + term[place + 2 :]


def ask(some: Iterable[Round]) -> Asked:
    """Every case put to a classifier that has not seen it."""
    cases: list[Case] = []
    likely: list[Any] = []
    for one in some:
        classifier = SegmentClassifier.build(one.graph, one.vocabulary)
        cases += one.cases
        likely += classifier.likelihoods(case.text for case in one.cases)
    return Asked(tuple(cases), tuple(node.code for node in chain_graph().nodes), np.array(likely))


def broadly(case: Case) -> frozenset[str]:
    """The right segments and those that are the same step of work."""
    return frozenset().union(*(same_step()[code] for code in case.right))


def unreachable(some: Iterable[Round]) -> tuple[int, int]:
    """How many unseen terms share not two characters running, and not even one, with any term of a right segment."""
    pair = single = 0
    for one in some:
        terms = Terms.of(one.graph, Vocabulary(one.vocabulary.words, one.vocabulary.industries))
        named = {node.code: own for node, own in zip(one.graph.nodes, terms.named, strict=False)}
        for case in one.cases:
            if case.group == UNSEEN:
                known = {term for code in case.right for term in named[code]}
                pair += not any(case.text[at : at + 2] in term for term in known for at in range(len(case.text) - 1))
                single += not any(set(case.text) & set(term) for term in known)
    return pair, single


def print_hits(asked: Asked) -> None:
    """Top-1 and top-3 of what belongs to a chain."""
    print(f"{'texts of a chain':<26}{'texts':>7}{'top-1':>8}{'top-3':>8}{'same step 1':>13}{'3':>7}{'“none”':>9}")
    groups: dict[str, Callable[[Case], bool]] = {
        KNOWN: lambda case: case.group == KNOWN,
        UNSEEN: lambda case: case.group == UNSEEN,
        SYNONYMS: lambda case: case.group == UNSEEN and case.term in synonyms(),
        UNSEEN_WORDED: lambda case: case.group == UNSEEN_WORDED,
    }
    for name, chosen in groups.items():
        some = asked.of(chosen)
        figures = [some.hits(k, right).mean() for right in (lambda case: case.right, broadly) for k in (1, 3)]
        print(
            f"{name:<26}{len(some.cases):>7}{figures[0]:>8.3f}{figures[1]:>8.3f}{figures[2]:>13.3f}{figures[3]:>7.3f}{some.none.mean():>9.3f}"
        )


def print_none(asked: Asked) -> None:
    """How far “none” can be believed, with the groups in the shares of MIX."""
    weight, outside = weights_of(asked.cases), np.array([not case.right for case in asked.cases])
    told = asked.none
    print(f"\n“none”: precision {weight[told & outside].sum() / weight[told].sum():.3f}", end="")
    print(f", recall {weight[told & outside].sum() / weight[outside].sum():.3f}", end="")
    for name in (OUTSIDE, OUTSIDE_WORDED):
        print(f"; {name} {asked.of(lambda case, name=name: case.group == name).none.mean():.3f}", end="")
    sure = ~told & np.array([calibrated(best) >= 0.7 for best in asked.best])
    print(f"\nof no chain, yet placed with a confidence of 0.7 or more: {(sure & outside).sum() / outside.sum():.3f}")


def print_reliability(asked: Asked) -> None:
    """What share of the first proposals is right at each confidence, with the groups in the shares of MIX."""
    weight, sure = weights_of(asked.cases), np.array([calibrated(best) for best in asked.best])
    right, answered = asked.hits(1, lambda case: case.right), ~asked.none
    print(f"\n{'confidence':<14}{'share':>7}{'told':>8}{'right':>8}")
    error = 0.0
    for low in np.arange(0, 1, 0.1):
        inside = answered & (sure >= low) & (sure < low + 0.1 + (low > 0.85))
        if total := weight[inside].sum():
            told, true = np.average(sure[inside], weights=weight[inside]), weight[inside & right].sum() / total
            error += total * abs(told - true)
            print(f"{low:.1f} – {low + 0.1:.1f}{total:>13.3f}{told:>8.3f}{true:>8.3f}")
    print(f"mean difference of told and right {error / weight[answered].sum():.3f}")


def weights_of(cases: Sequence[Case]) -> Any:
    """What each case weighs so that every group has its share."""
    sizes = {name: sum(case.group == name for case in cases) for name in MIX}
    return np.array([MIX[case.group] / sizes[case.group] for case in cases])


def print_cost() -> None:
    """CPU of a build and of placing many texts."""
    begun = time.process_time()
    classifier = SegmentClassifier.build(chain_graph())
    built = time.process_time() - begun
    texts = [case.text for one in rounds(seed=SEED + 1) for case in one.cases]
    texts = (texts * (_SPEED_TEXTS // len(texts) + 1))[:_SPEED_TEXTS]
    begun = time.process_time()
    for _ in classifier.assign(texts):
        pass
    each = (time.process_time() - begun) / len(texts)
    print(f"\nbuild {built:.2f} s CPU; {each * 1e6:.0f} µs CPU per text, {each * 45_000:.1f} s for 45,000")


def fit(some: Iterable[Round]) -> Any:
    """The weights under which the right answers of all rounds are likeliest; the last is that of “none”."""
    codes = {node.code: place for place, node in enumerate(chain_graph().nodes)}
    measured, right, cases = [], [], []
    for one in some:
        features = Features.of(Terms.of(one.graph, one.vocabulary))
        measured.append(features.measured([case.text for case in one.cases]))
        cases += one.cases
        for case in one.cases:
            places = np.zeros(measured[-1].shape[1] + 1, bool)
            places[[codes[code] for code in case.right] or slice(len(codes), None)] = True
            right.append(places)
    begin = np.array([*[10.0] * len(FEATURES), 5.0])
    arguments = (np.vstack(measured), np.array(right), weights_of(cases))
    return minimize(_unlikelihood, begin, arguments, jac=True, method="L-BFGS-B").x


def _unlikelihood(weights: Any, measured: Any, right: Any, share: Any) -> tuple[float, Any]:
    drawn = np.column_stack((measured @ weights[:-1], np.full(len(measured), weights[-1])))
    drawn = np.exp(drawn - drawn.max(1, keepdims=True))
    among, total = (drawn * right).sum(1), drawn.sum(1)
    slope = share[:, None] * (drawn / total[:, None] - drawn * right / among[:, None])
    towards = np.einsum("tp,tpf->f", slope[:, :-1], measured, optimize=True)
    return -float(share @ np.log(among / total)), np.append(towards, slope[:, -1].sum())


def calibrate(asked: Asked) -> list[tuple[float, float]]:
    """At a few probabilities, how often a best segment that is given one is right."""
    answered, right = ~asked.none, asked.hits(1, lambda case: case.right)
    curve = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
    curve.fit(asked.best[answered], right[answered], weights_of(asked.cases)[answered])
    return list(zip(_POINTS, np.round(curve.predict(_POINTS), 3).tolist(), strict=True))


def main() -> None:
    """Print the table, or the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--fit", action="store_true", help="print the weights instead")
    if parser.parse_args().fit:
        print(dict(zip((*FEATURES, "none"), np.round(fit(rounds(seed=SEED + 1)), 2).tolist(), strict=True)))
        print("calibration under the weights in use", calibrate(ask(rounds(seed=SEED + 1))))
        return
    asked = ask(rounds())
    print_hits(asked)
    pair, single = unreachable(rounds())
    print(f"of {len(owners())} unseen terms {pair} share no two characters running with any term of a right segment,")
    print(f"{single} not even one")
    print_none(asked)
    print_reliability(asked)
    print_cost()


if __name__ == "__main__":
    main()
