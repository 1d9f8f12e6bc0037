"""What of a deal that counts is new (R13)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.deals.counting import Renewal
from matchmaker.deals.counting.increments import continued, increment, unknown
from matchmaker.money import MOST

amounts = st.integers(0, MOST)
renewals = st.none() | st.builds(Renewal, st.none() | amounts)


@pytest.mark.parametrize(
    ("counted", "renewal", "new", "going_on", "untold"),
    [
        (30_000_000, None, 30_000_000, 0, 0),
        (30_000_000, Renewal(10_000_000), 20_000_000, 10_000_000, 0),
        (30_000_000, Renewal(0), 30_000_000, 0, 0),
        (30_000_000, Renewal(30_000_000), 0, 30_000_000, 0),
        (30_000_000, Renewal(40_000_000), 0, 30_000_000, 0),
        (30_000_000, Renewal(None), 0, 0, 30_000_000),
        (0, Renewal(10_000_000), 0, 0, 0),
    ],
)
def test_of_a_renewal_what_exceeds_the_former_amount_is_new(counted, renewal, new, going_on, untold) -> None:
    assert (increment(counted, renewal), continued(counted, renewal), unknown(counted, renewal)) == (
        new, going_on, untold,
    )  # fmt: skip


@given(amounts, renewals)
def test_what_is_new_and_what_is_not_come_to_what_counts(counted, renewal) -> None:
    parts = [part(counted, renewal) for part in (increment, continued, unknown)]

    assert sum(parts) == counted
    assert min(parts) >= 0


@given(amounts, amounts, amounts)
def test_more_in_the_past_never_makes_more_new(counted, one, other) -> None:
    less, more = sorted((one, other))

    assert increment(counted, Renewal(less)) >= increment(counted, Renewal(more)) >= increment(counted, Renewal(None))
