"""Floors under the measured quality of placing texts; `python -m benchmarks.segments` prints the whole table."""

import random

import numpy as np
import pytest

from benchmarks.segments import (
    KNOWN,
    OUTSIDE,
    UNSEEN,
    ask,
    mistyped,
    outside_terms,
    owners,
    rounds,
    weights_of,
    without,
)
from matchmaker.chains.classifying import calibrated
from matchmaker.text import fold


@pytest.fixture(scope="module")
def asked():
    return ask(list(rounds())[:2])


def share(asked, group, k):
    return asked.of(lambda case: case.group == group).hits(k, lambda case: case.right).mean()


def test_known_products_in_other_words_find_their_segment(asked):
    assert share(asked, KNOWN, 1) > 0.91
    assert share(asked, KNOWN, 3) > 0.95


def test_words_never_seen_find_their_segment_more_often_than_not(asked):
    assert share(asked, UNSEEN, 1) > 0.55
    assert share(asked, UNSEEN, 3) > 0.72


def test_what_belongs_to_no_chain_is_told_so_and_little_else_is(asked):
    assert asked.of(lambda case: case.group == OUTSIDE).none.mean() > 0.8
    assert asked.of(lambda case: case.group == KNOWN).none.mean() < 0.03
    assert asked.of(lambda case: case.group == UNSEEN).none.mean() < 0.11


def test_a_confidence_is_how_often_the_proposal_is_right(asked):
    answered, weight = ~asked.none, weights_of(asked.cases)
    right = asked.hits(1, lambda case: case.right)
    told = np.array([calibrated(best) for best in asked.best])
    for low, high in ((0, 0.4), (0.4, 0.7), (0.7, 0.9), (0.9, 1.01)):
        inside = answered & (told >= low) & (told < high)
        assert np.average(told[inside], weights=weight[inside]) == pytest.approx(
            weight[inside & right].sum() / weight[inside].sum(), abs=0.1
        )


def test_a_term_taken_out_is_known_from_nowhere_else():
    hidden = {fold("碳酸锂"), fold("酒店住宿")}
    graph, vocabulary = without(hidden)
    left = [
        *(term for node in graph.nodes for term in node.terms),
        *(item for link in graph.links for item in link.items),
    ]
    left += [
        word
        for part in (vocabulary.words, vocabulary.industries, vocabulary.outside)
        for words in part.values()
        for word in words
    ]

    assert hidden & set(map(fold, left)) == set()
    assert hidden <= owners().keys() | set(outside_terms())


def test_a_typing_error_leaves_out_a_character_or_swaps_two():

    found = {mistyped("压铸模具", random.Random(seed)) for seed in range(40)}

    assert all(sorted(one) == sorted("压铸模具") or len(one) == 3 for one in found)
    assert len(found) > 3
