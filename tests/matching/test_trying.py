from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from matchmaker.matching.engine import Evidence, Match
from matchmaker.matching.trying import DEFAULT_TRIAL, FIRST, TrialRule, near_first, with_trials

EVERYBODY = frozenset(range(1, 41))


def scored(*scores):
    return [Match(firm, score, Evidence(())) for firm, score in enumerate(scores, start=1)]


def falling(count=30, step=20):
    return scored(*(9_000 - step * place for place in range(count)))


def firms(placed):
    return [one.match.firm_id for one in placed]


def test_one_firm_seldom_seen_and_nearly_as_good_takes_one_of_the_first_ten_places() -> None:
    matches = falling()

    placed = with_trials(matches, DEFAULT_TRIAL, seldom={14}, draw="a list")

    [tried] = [place for place, one in enumerate(placed) if one.is_trial]
    assert placed[tried].match == matches[13]
    assert 3 <= tried < FIRST
    assert [firm for firm in firms(placed) if firm != 14] == [match.firm_id for match in matches if match.firm_id != 14]


def test_the_same_list_draws_the_same_trial_and_another_seed_another() -> None:
    drawn = {seed: firms(with_trials(falling(), TrialRule(seed=seed), seldom=EVERYBODY, draw="x")) for seed in range(9)}

    assert drawn[4] == firms(with_trials(falling(), TrialRule(seed=4), seldom=EVERYBODY, draw="x"))
    assert len({tuple(order) for order in drawn.values()}) > 1


def test_a_firm_too_far_behind_is_not_tried() -> None:
    matches = scored(*[9_000] * 10, *[8_000] * 10)

    assert near_first(matches, DEFAULT_TRIAL) == []
    assert not any(one.is_trial for one in with_trials(matches, DEFAULT_TRIAL, seldom=EVERYBODY, draw="x"))


def test_a_firm_seen_often_is_not_tried() -> None:
    assert firms(with_trials(falling(), DEFAULT_TRIAL, seldom=frozenset(), draw="x")) == list(range(1, 31))


def test_a_short_list_has_no_trials() -> None:
    assert near_first(falling(10), DEFAULT_TRIAL) == []
    assert firms(with_trials(falling(10), DEFAULT_TRIAL, seldom=EVERYBODY, draw="x")) == list(range(1, 11))


def test_no_places_for_trials_leave_every_list_as_it_is() -> None:
    off = replace(DEFAULT_TRIAL, places=0)

    assert near_first(falling(), off) == []
    assert firms(with_trials(falling(), off, seldom=EVERYBODY, draw="x")) == list(range(1, 31))


@given(
    some.lists(some.integers(0, 10_000), max_size=30),
    some.integers(0, 7),
    some.integers(0, 10_000),
    some.sets(some.integers(1, 30)),
    some.text(max_size=5),
)
def test_a_list_with_trials_is_the_same_firms_with_the_same_scores_and_the_best_three_stay(
    scores, places, margin, seldom, draw
) -> None:
    matches = scored(*sorted(scores, reverse=True))
    rule = TrialRule(places=places, margin=margin)

    placed = with_trials(matches, rule, seldom=seldom, draw=draw)

    assert sorted(firms(placed)) == [match.firm_id for match in matches]
    assert [one.match for one in placed[:3]] == matches[:3]
    assert [one.match for one in placed if not one.is_trial] == [
        match for match in matches if match.firm_id not in {one.match.firm_id for one in placed if one.is_trial}
    ]
    tried = [place for place, one in enumerate(placed) if one.is_trial]
    assert len(tried) <= places
    assert all(place < FIRST and placed[place].match.firm_id in seldom for place in tried)
