"""Which deals could be one handshake told twice: the pure part."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from matchmaker.deals.duplicates import clustering
from matchmaker.deals.duplicates.clustering import (
    Bearing,
    Facet,
    Trace,
    bearings,
    clusters_of,
    likely_pairs,
    may_be_one,
)

WAN = 10_000


def trace(id_=1, amount=3_000 * WAN, begins_on="2026-03-10", **values):
    known = {"buyer": 1, "seller": 2, "kind": "purchase", "months": 12}
    return Trace(id_, amount=amount, begins_on=date.fromisoformat(begins_on), **(known | values))


def test_near_amounts_of_the_same_pair_in_one_term_may_be_one_deal():
    first = trace()

    assert may_be_one(first, trace(2, amount=2_400 * WAN, begins_on="2026-07-01"))
    assert not may_be_one(first, trace(2, amount=2_400 * WAN - 1))
    assert not may_be_one(trace(months=3), trace(2, begins_on="2026-06-10", months=3))
    assert not may_be_one(first, trace(2, kind="framework"))
    assert not may_be_one(first, trace(2, is_renewal=True))


def test_another_segment_or_the_sides_turned_round_speak_against_it_unless_the_amount_is_the_same():
    first = trace(segment=7)

    for differing in ({"segment": 8}, {"buyer": 2, "seller": 1}):
        assert not may_be_one(first, trace(2, amount=2_999 * WAN, **differing))
        assert may_be_one(first, trace(2, **differing))
    assert may_be_one(first, trace(2, amount=2_999 * WAN, segment=None))


def test_one_contract_is_one_deal_and_two_contracts_are_two_whatever_their_amounts():
    first = trace(contract="HT-2026/7")

    assert may_be_one(first, trace(2, amount=1, begins_on="2024-01-01", contract="ｈｔ 2026-7"))
    assert not may_be_one(first, trace(2, contract="HT-2026-8"))
    assert may_be_one(first, trace(2, contract=""))


def test_a_pair_says_in_what_it_agrees():
    told = bearings(trace(event=5, contract="A"), trace(2, amount=2_900 * WAN, event=6, segment=1))

    assert told == {
        Facet.CONTRACT: Bearing.UNKNOWN,
        Facet.AMOUNT: Bearing.NEAR,
        Facet.SEGMENT: Bearing.UNKNOWN,
        Facet.EVENT: Bearing.DIFFERENT,
        Facet.TERM: Bearing.SAME,
        Facet.SIDES: Bearing.SAME,
        Facet.KIND: Bearing.SAME,
    }


def test_deals_of_other_firms_are_never_paired():
    assert list(likely_pairs([trace(1), trace(2, buyer=3), trace(3, seller=3), trace(4, buyer=3, seller=4)])) == []


def test_a_pair_has_another_key_once_anything_it_is_compared_in_changes():
    def key(**values):
        (pair,) = likely_pairs([trace(1), trace(2, **values)])
        return pair.key

    assert key() == key()
    changes = {"amount": 2_999 * WAN, "months": 13, "segment": 1, "event": 1, "contract": "A"}
    assert len({key(), *(key(**{name: value}) for name, value in changes.items())}) == 1 + len(changes)


_TRACES = st.lists(
    st.builds(
        Trace,
        id=st.just(0),
        buyer=st.sampled_from([1, 2]),
        seller=st.sampled_from([3, 4]),
        kind=st.sampled_from(["purchase", "framework"]),
        amount=st.sampled_from([80, 90, 100, 124, 125, 126, 10_000]),
        months=st.sampled_from([1, 12, 1200]),
        begins_on=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        segment=st.sampled_from([None, 1, 2]),
        contract=st.sampled_from(["", "", "A", "B"]),
    ),
    max_size=12,
)


@given(_TRACES, st.randoms(use_true_random=False))
def test_the_pairs_are_those_of_comparing_all_with_all_in_whatever_order_they_come(traces, rng):
    traces = [
        Trace(number, *(getattr(each, name) for name in Trace.__slots__[1:])) for number, each in enumerate(traces)
    ]
    found = [(pair.first, pair.second) for pair in likely_pairs(traces)]
    shuffled = list(traces)
    rng.shuffle(shuffled)

    everything = [
        (one.id, other.id)
        for one, other in combinations(traces, 2)
        if one.firms == other.firms and may_be_one(one, other)
    ]
    assert clusters_of(found) == clusters_of(everything)
    assert set(found) <= set(everything)
    assert [(pair.first, pair.second) for pair in likely_pairs(shuffled)] == found


def test_a_long_row_of_deals_alike_is_one_cluster_without_all_its_pairs():
    alike = [trace(number) for number in range(500)]
    pairs = list(likely_pairs(alike))

    assert len(pairs) < 500 * clustering._WINDOW
    assert clusters_of((pair.first, pair.second) for pair in pairs) == [tuple(range(500))]


def test_a_hundred_thousand_deals_are_compared_a_few_times_each():
    """The work follows the ledger, not its square: counted in comparisons, so that no clock decides."""
    rng, compared = random.Random(7), []
    traces = [
        trace(
            number,
            amount=rng.randrange(10**6, 10**9),
            begins_on=(date(2026, 1, 1) + timedelta(days=rng.randrange(300))).isoformat(),
            buyer=rng.randrange(2_000),
            seller=2_000 + rng.randrange(2_000),
        )
        for number in range(100_000)
    ]
    judge = clustering.may_be_one
    clustering.may_be_one = lambda one, other: compared.append(1) or judge(one, other)
    try:
        pairs = list(likely_pairs(traces))
    finally:
        clustering.may_be_one = judge

    assert pairs
    assert len(compared) < 100_000
