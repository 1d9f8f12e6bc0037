"""Every term the classifier knows and what it speaks for: segments of the graph and topics outside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matchmaker.chains.classifying.graph import ChainGraph
from matchmaker.chains.classifying.vocabulary import Vocabulary
from matchmaker.text import fold

# How much each kind of term tells about what is made in its segment.
_OWN, _WORD, _ITEM, _INDUSTRY = 1.0, 0.9, 0.7, 0.4

Owners = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Terms:
    """The folded terms with the weight each has for its places; segments come first, then topics outside."""

    owners: Mapping[str, Owners]
    chains: tuple[str, ...]  # by place; each topic outside is a chain of its own
    named: tuple[tuple[str, ...], ...]  # by place, the terms that speak for it

    @classmethod
    def of(cls, graph: ChainGraph, vocabulary: Vocabulary) -> Terms:
        """All terms of the graph and the words the vocabulary has for its segments and for what is outside."""
        chains = (*(node.chain for node in graph.nodes), *(f"outside {topic}" for topic in vocabulary.outside))
        found: dict[str, dict[int, float]] = defaultdict(dict)
        for term, place, weight in (*_inside(graph, vocabulary), *_outside(graph, vocabulary)):
            if key := fold(term):
                found[key][place] = max(weight, found[key].get(place, 0.0))
        owners = {term: found[term] for term in sorted(found)}
        return cls(owners, chains, _by_place(owners, len(chains)))


def _inside(graph: ChainGraph, vocabulary: Vocabulary) -> Iterator[tuple[str, int, float]]:
    places = {node.code: place for place, node in enumerate(graph.nodes)}
    for place, node in enumerate(graph.nodes):
        yield from ((term, place, _OWN) for term in (node.name, *node.terms))
        yield from ((word, place, _WORD) for word in vocabulary.words.get(node.code, ()))
        yield from ((word, place, _INDUSTRY) for word in vocabulary.industries.get(node.code, ()))
    for link in graph.links:
        if link.supplier in places:
            yield from ((item, places[link.supplier], _ITEM) for item in link.items)


def _outside(graph: ChainGraph, vocabulary: Vocabulary) -> Iterator[tuple[str, int, float]]:
    for place, words in enumerate(vocabulary.outside.values(), len(graph.nodes)):
        yield from ((word, place, _WORD) for word in words)


def _by_place(owners: Mapping[str, Owners], places: int) -> tuple[tuple[str, ...], ...]:
    named: list[list[str]] = [[] for _ in range(places)]
    for term, own in owners.items():
        for place in own:
            named[place].append(term)
    return tuple(map(tuple, named))
