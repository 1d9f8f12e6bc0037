from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from matchmaker.matching.engine import DEFAULT_WEIGHTS, FULL_SCORE, Part, Weights
from matchmaker.matching.engine.scoring import maxima, points
from matchmaker.matching.learning import AnsweredList, Place, Result, learn, taught
from matchmaker.matching.learning.fitting import LEAST, MOST
from matchmaker.matching.learning.pairs import folds, preferred, teaching_pairs
from tests.matching.learning import readers

HALF = dict.fromkeys(readers.SEEN, 0.5)


def lesson(lists, *, in_use=DEFAULT_WEIGHTS):
    return learn(lists, own=DEFAULT_WEIGHTS, in_use=in_use, seed=7)[0]


def one_list(*places, number=1, asker=1, at=readers.BEGAN):
    return AnsweredList(("need", number), asker, at, "search", readers.ROOM, places)


def test_where_certificates_decide_their_weight_grows_and_the_lists_held_back_are_better() -> None:
    found = lesson(readers.many(readers.certificates_matter))

    assert found.result is Result.LEARNED
    assert (found.questions, found.held_back) == (120, 36)
    grown = {part: found.weights[part] / (100 * own) for part, own in readers.OWN.items()}
    assert max(grown, key=grown.get) is Part.CERTIFICATE
    assert found.comparison.ndcg_learned > found.comparison.ndcg_in_use + 0.2
    assert found.comparison.gain[0] > 0.2
    assert taught([found], DEFAULT_WEIGHTS) == Weights(found.weights, DEFAULT_WEIGHTS.partner)


@pytest.mark.parametrize("seed", range(12))
def test_answers_at_random_teach_nothing(seed) -> None:
    found = lesson(readers.many(readers.any_at_all, seed=seed))

    assert found.result in (Result.NOT_BETTER, Result.CONTRADICTED)
    assert taught([found], DEFAULT_WEIGHTS) is None


def test_readers_who_see_it_as_the_engine_does_change_next_to_nothing() -> None:
    found = lesson(readers.many(readers.the_engines_own))

    assert found.result is Result.NOT_BETTER
    assert all(found.weights[part] == pytest.approx(100 * own, rel=0.1) for part, own in readers.OWN.items())


def test_answers_against_the_order_as_a_whole_are_refused() -> None:
    assert lesson(readers.many(readers.the_worst)).result is Result.CONTRADICTED


def test_what_was_learned_is_refused_when_the_weights_in_use_are_as_good() -> None:
    lists = readers.many(readers.certificates_matter)
    known = lesson(lists)

    again = lesson(lists, in_use=taught([known], DEFAULT_WEIGHTS))

    assert again.result is Result.NOT_BETTER
    assert again.comparison.gain == (0.0, 0.0)


def test_too_few_answers_are_refused_and_told_how_many_more_it_takes() -> None:
    found = lesson(readers.many(readers.certificates_matter, lists=33))

    assert (found.result, found.questions_lacking, found.askers_lacking) == (Result.TOO_FEW, 7, 0)


def test_many_answers_of_few_firms_are_too_few() -> None:
    lists = [replace(one, asker=one.asker % 3) for one in readers.many(readers.certificates_matter)]

    found = lesson(lists)

    assert (found.result, found.questions_lacking, found.askers_lacking) == (Result.TOO_FEW, 0, 5)


def test_the_same_answers_teach_the_same_weights() -> None:
    lists = readers.many(readers.certificates_matter)

    assert lesson(lists) == lesson(lists)


def test_no_weight_leaves_its_bounds_however_onesided_the_answers() -> None:
    found = lesson(readers.many(readers.certificates_matter, lists=300))

    for part, own in readers.OWN.items():
        assert LEAST * 100 * own - 1 <= found.weights[part] <= MOST * 100 * own + 1


def test_searches_and_partners_learn_apart() -> None:
    search, partner = learn(
        readers.many(readers.certificates_matter), own=DEFAULT_WEIGHTS, in_use=DEFAULT_WEIGHTS, seed=7
    )

    assert (search.result, partner.result) == (Result.LEARNED, Result.TOO_FEW)


def test_a_list_is_read_down_to_the_last_answer_and_one_more() -> None:
    places = [Place(firm, firm, HALF) for firm in range(1, 7)]
    places[2] = replace(places[2], grade=1, is_lead=True)

    found = {(one.firm, other.firm) for one, other in preferred(one_list(*places))}

    assert found == {(3, 1), (3, 2), (3, 4)}


def test_a_partner_known_already_passes_nobody_over_but_fits_better_than_a_refused_firm() -> None:
    places = [Place(1, 1, HALF), Place(2, 2, HALF, grade=0), Place(3, 3, HALF, grade=1, is_lead=False)]

    assert [(one.firm, other.firm) for one, other in preferred(one_list(*places))] == [(3, 2)]


def test_a_refusal_for_distance_speaks_of_the_region_alone() -> None:
    near = Place(1, 1, {Part.WORDING: 0.2, Part.REGION: 1.0}, grade=1, is_lead=True)
    far = Place(2, 2, {Part.WORDING: 0.9, Part.REGION: 0.2}, grade=0, speaks_of=frozenset({Part.REGION}))

    pairs = teaching_pairs([one_list(near, far)], readers.OWN)

    [told], [difference] = pairs.told, pairs.differences
    by_part = dict(zip(readers.OWN, told, strict=True))
    assert by_part.pop(Part.REGION) > 0
    assert set(by_part.values()) == {0.0}
    assert dict(zip(readers.OWN, difference, strict=True))[Part.WORDING] < 0


def test_a_refusal_for_something_the_engine_does_not_compute_teaches_nothing() -> None:
    liked = Place(1, 1, HALF, grade=1, is_lead=True)
    refused = Place(2, 2, {Part.WORDING: 0.9}, grade=0, speaks_of=frozenset())

    assert preferred(one_list(liked, refused)) == []


def test_no_asker_teaches_more_than_a_tenth() -> None:
    lists = readers.many(readers.certificates_matter, lists=200)
    loud = [replace(one, asker=0) if number < 100 else one for number, one in enumerate(lists)]

    pairs = teaching_pairs(loud, readers.OWN)

    by_list = [pairs.weight[pairs.group == number].sum() for number in range(len(loud))]
    own = sum(weight for weight, one in zip(by_list, loud, strict=True) if one.asker == 0)
    before = teaching_pairs([replace(one, asker=n) for n, one in enumerate(loud)], readers.OWN).weight.sum()
    assert own == pytest.approx(before / 10)


def test_the_newest_questions_are_held_back_with_all_their_lists() -> None:
    lists = readers.many(readers.certificates_matter, lists=10)
    again = replace(lists[0], at=lists[-1].at + timedelta(hours=1))

    older, newest = folds([*lists, again], 0.3)

    assert {one.question[1] for one in newest} == {0, 8, 9}
    assert {one.question[1] for one in older} == {1, 2, 3, 4, 5, 6, 7}


@settings(max_examples=200)
@given(
    some.lists(some.integers(1, 20_000), min_size=len(readers.OWN), max_size=len(readers.OWN)),
    some.sets(some.sampled_from(list(readers.OWN)), min_size=1),
    some.randoms(use_true_random=False),
)
def test_whatever_is_learned_parts_are_whole_and_their_maxima_are_the_full_score(weights, computable, draw) -> None:
    most = maxima(dict(zip(readers.OWN, weights, strict=True)), computable)
    gained = {part: int(points(draw.random(), room)) for part, room in most.items()}

    assert sum(most.values()) == FULL_SCORE
    assert all(0 <= gained[part] <= room for part, room in most.items())
    assert 0 <= sum(gained.values()) <= FULL_SCORE


def test_lists_of_made_up_readers_are_in_the_engines_order() -> None:
    places = readers.listed(random.Random(5))

    assert [place.rank for place in places] == list(range(1, 21))
