from __future__ import annotations

import pytest

from matchmaker.matching.comparing import best_of


@pytest.mark.parametrize(
    ("values", "best"),
    [
        ([3, 1, 2], {0}),
        ([3, 3, 2], {0, 1}),
        ([None, 1, 2], {2}),
        ([2, 2, 2], set()),  # all alike: nobody is better
        ([None, 5, None], set()),  # the only one who says anything has not won
        ([None, None], set()),
    ],
)
def test_the_best_is_told_only_where_there_is_something_to_compare(values, best):
    assert best_of(values) == best


def test_of_days_and_distances_the_least_is_best():
    assert best_of([60, None, 20], least=True) == {2}
