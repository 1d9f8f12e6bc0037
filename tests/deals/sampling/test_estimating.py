"""What the findings say of everything: the estimate is right on average, the interval holds as often as it says."""

from __future__ import annotations

import random
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.deals.sampling import Audited, Item, Stratum, draw, estimate
from matchmaker.deals.sampling.estimating import upper_mean

audited = st.builds(Audited, st.integers(1, 10**8), st.integers(0, 2 * 10**8))


def test_the_certain_stratum_is_added_exactly():
    certain = [Audited(300, 250), Audited(200, 200), Audited(100, 130)]

    found = estimate(certain, [], sampled_from=0)

    assert (found.overstated, found.low, found.high, found.under) == (50, 50, 50, 30)


def test_a_pick_stands_for_its_share_of_what_was_sampled_from():
    sampled = [Audited(100, 50), Audited(10, 10), Audited(40, 40), Audited(20, 20)]

    found = estimate([Audited(1_000, 900)], sampled, sampled_from=8_000)

    assert found.overstated == 100 + 8_000 // 8
    assert (found.certain, found.observed) == (100, 150)


def test_without_any_finding_the_bound_is_that_of_clopper_and_pearson():
    assert upper_mean([0.0] * 60, risk=0.05) == pytest.approx(1 - 0.05 ** (1 / 60))
    clean = estimate([], [Audited(10, 10)] * 60, sampled_from=10_000_000)
    assert (clean.overstated, clean.low) == (0, 0)
    assert clean.high == pytest.approx(10_000_000 * (1 - 0.025 ** (1 / 60)), abs=1)


def test_one_whole_error_bounds_as_two_in_sixty_would():
    """Tables of monetary-unit sampling: 4.74 expected errors at 95 % for one found, 3.00 for none."""
    assert 60 * upper_mean([1.0] + [0.0] * 59, risk=0.05) == pytest.approx(4.74, abs=0.15)
    assert 60 * upper_mean([0.0] * 60, risk=0.05) == pytest.approx(3.00, abs=0.1)


@settings(deadline=None, max_examples=60)
@given(st.lists(audited, max_size=10), st.lists(audited, min_size=1, max_size=30), st.integers(0, 10**12))
def test_the_interval_holds_what_was_seen_and_no_more_than_there_is(certain, sampled, beyond):
    sampled_from = sum(each.book for each in sampled) + beyond
    found = estimate(certain, sampled, sampled_from=sampled_from)

    assert found.observed <= found.low <= found.high <= found.certain + sampled_from
    assert found.low <= max(found.overstated, found.observed)
    assert found.overstated >= found.certain


@settings(deadline=None, max_examples=60)
@given(st.lists(audited, min_size=1, max_size=20), st.integers(0, 19), st.integers(1, 10**8))
def test_a_further_overstatement_never_lowers_a_bound(sampled, place, more):
    one = sampled[place % len(sampled)]
    worse = [Audited(each.book, max(0, each.true - more)) if each is one else each for each in sampled]
    before = estimate([], sampled, sampled_from=10**11)
    after = estimate([], worse, sampled_from=10**11)

    assert (after.overstated >= before.overstated, after.high >= before.high, after.low >= before.low) == (True,) * 3


def books(rng, count, true_of):
    """Deals of very unequal size with what is true of each."""
    amounts = [int(rng.lognormvariate(16, 1)) + 1 for _ in range(count)]
    return {f"d{number}": (amount, true_of(rng, amount)) for number, amount in enumerate(amounts)}


def rarely_nothing(rng, amount):
    return 0 if rng.random() < 0.03 else amount


def often_a_little(rng, amount):
    return amount - amount // 10 if rng.random() < 0.3 else amount


def doubled_at_times(rng, amount):
    return amount // 2 if rng.random() < 0.12 else amount


def anything(rng, amount):
    return int(amount * rng.random() * 1.2)


def sampled_once(known, seed):
    drawn = draw((Item(key, book) for key, (book, _true) in known.items()), seed=str(seed), size=50)
    strata = {stratum: [Audited(*known[p.id]) for p in drawn.picks if p.stratum is stratum] for stratum in Stratum}
    return estimate(strata[Stratum.CERTAIN], strata[Stratum.SAMPLED], sampled_from=drawn.sampled_from)


@pytest.mark.parametrize("true_of", [rarely_nothing, often_a_little, doubled_at_times, anything])
def test_the_interval_holds_in_at_least_ninety_five_of_a_hundred_samples(true_of):
    known = books(random.Random(11), 400, true_of)
    truth = sum(max(0, book - true) for book, true in known.values())
    found = [sampled_once(known, seed) for seed in range(300)]

    held = sum(each.low <= truth <= each.high for each in found)
    assert held >= 0.95 * len(found)
    middle = sum(each.overstated for each in found) / len(found)
    spread = (sum((each.overstated - middle) ** 2 for each in found) / len(found)) ** 0.5
    assert abs(middle - truth) < 4 * spread / len(found) ** 0.5


def test_each_bound_alone_holds_too():
    known = books(random.Random(12), 400, doubled_at_times)
    truth = sum(book - true for book, true in known.values())
    found = list(map(partial(sampled_once, known), range(300)))

    assert sum(each.high < truth for each in found) <= 0.025 * len(found)
    assert sum(each.low > truth for each in found) <= 0.025 * len(found)
