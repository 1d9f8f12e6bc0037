"""Which deals come into an audit sample."""

from __future__ import annotations

import hashlib
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.deals.sampling import CERTAIN_FROM, Item, Stratum, digest_of, draw
from matchmaker.deals.sampling.drawing import systematic

amounts = st.lists(
    st.one_of(st.integers(1, 10**6), st.integers(1, 3 * CERTAIN_FROM), st.just(CERTAIN_FROM)), max_size=40
)


def items_of(values):
    return [Item(f"d{number:03d}", amount) for number, amount in enumerate(values)]


@settings(deadline=None)
@given(amounts, st.text(max_size=10), st.integers(0, 50))
def test_every_large_deal_is_in_and_of_the_others_as_many_as_were_asked_for(values, seed, size):
    items = items_of(values)
    drawn = draw(items, seed=seed, size=size)

    known = {item.id: item.amount for item in items}
    assert len({pick.id for pick in drawn.picks}) == len(drawn.picks)
    assert all(known[pick.id] == pick.amount for pick in drawn.picks)
    large = {item.id for item in items if item.amount >= CERTAIN_FROM}
    assert large <= {pick.id for pick in drawn.picks if pick.stratum is Stratum.CERTAIN}
    assert len(drawn.picks) == len(large) + min(size, len(items) - len(large))
    certain = sum(pick.amount for pick in drawn.picks if pick.stratum is Stratum.CERTAIN)
    assert (drawn.count, drawn.amount) == (len(items), certain + drawn.sampled_from)


@settings(deadline=None)
@given(amounts, st.text(max_size=10), st.integers(0, 20), st.randoms(use_true_random=False))
def test_the_same_seed_draws_the_same_sample_whatever_the_order(values, seed, size, shuffling):
    items = items_of(values)
    shuffled = list(items)
    shuffling.shuffle(shuffled)

    assert draw(shuffled, seed=seed, size=size) == draw(items, seed=seed, size=size)


@settings(deadline=None)
@given(st.lists(st.integers(1, 1000), min_size=3, max_size=12), st.integers(1, 3))
def test_at_equal_starts_a_deal_is_picked_as_often_as_its_amount_says(values, count):
    """Over so many starts as there are yuan, a deal of x yuan is picked count·x times, to within the two ends."""
    items, total = items_of(values), sum(values)
    if max(values) * count >= total:
        return
    starts = [step * 2**64 // total for step in range(total)]
    picked = Counter(item.id for start in starts for item in systematic(items, count=count, start=start))

    assert all(abs(picked[item.id] - count * item.amount) <= count for item in items)
    assert all(len(systematic(items, count=count, start=start)) == count for start in starts[:: max(1, total // 7)])


def test_other_seeds_draw_other_samples_in_proportion_to_the_amounts():
    items = items_of([random.Random(3).randrange(1_000, 100_000) for _ in range(50)])
    total, size, seeds = sum(item.amount for item in items), 5, 2_000
    picked = Counter(pick.id for seed in range(seeds) for pick in draw(items, seed=str(seed), size=size).picks)

    for item in items:
        share = size * item.amount / total
        deviation = (seeds * share * (1 - share)) ** 0.5
        assert abs(picked[item.id] - seeds * share) < 4.5 * deviation


def test_a_deal_longer_than_a_step_is_certain():
    drawn = draw(items_of([900, 50, 50, 50]), seed="x", size=2)

    assert [(pick.amount, pick.stratum) for pick in drawn.picks] == [(900, "certain"), (50, "sampled")]
    assert drawn.sampled_from == 150


def test_the_digest_is_of_lines_anybody_can_write():
    expected = hashlib.sha256(b"d000 5\nd001 7\n").hexdigest()

    assert digest_of(items_of([5, 7])) == draw(reversed(items_of([5, 7])), seed="x", size=1).digest == expected


@pytest.mark.parametrize(("values", "size"), [([5], -1), ([0], 1), ([-5], 1)])
def test_what_cannot_be_drawn_from_is_refused(values, size):
    with pytest.raises(ValueError, match=r"a sample cannot|above zero"):
        draw(items_of(values), seed="x", size=size)
