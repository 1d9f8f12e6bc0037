"""What becomes of intents, on ledgers small enough to follow by hand."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.progress.conversion import Fate, Intent, Part, cohorts_of, fate_of, reasons_of, waiting_of, whole_of

AS_OF = date(2026, 12, 31)
START = date(2026, 1, 1)


def intent(agreed=0, *, news=None, contracted=None, withdrawn=None, amount=100, name="d", **said):
    """An intent by days since the first of January."""
    on = lambda day: None if day is None else START + timedelta(days=day)  # noqa: E731
    last = max(day for day in (agreed, news, contracted, withdrawn) if day is not None)
    return Intent(name, amount, on(agreed), on(last), on(contracted), on(withdrawn), **said)


@pytest.mark.parametrize(
    ("case", "fate"),
    [
        (intent(contracted=5, withdrawn=9), Fate.CONTRACTED),
        (intent(withdrawn=9), Fate.ENDED),
        (intent(news=364 - 59), Fate.TALKING),
        (intent(news=364 - 60), Fate.UNKNOWN),
        (intent(news=360, off_for="price"), Fate.OFF),
        (intent(off_for="price"), Fate.OFF),
        (intent(news=360, off_for="price", at_odds=True), Fate.UNKNOWN),
        (intent(withdrawn=9, off_for="price"), Fate.ENDED),
        (intent(contracted=5, off_for="price"), Fate.CONTRACTED),
    ],
)
def test_an_intent_is_in_the_slice_of_what_is_known_of_it(case, fate):
    assert fate_of(case, AS_OF) is fate


def test_a_month_is_split_by_number_and_by_money():
    intents = [intent(0, contracted=40, amount=300), intent(3, amount=200), intent(31, news=360, amount=50)]

    january, february = cohorts_of(intents, AS_OF)

    assert (january.month, january.whole.all) == ("2026-01", Part(2, 500))
    assert january.whole.parts[Fate.CONTRACTED] == Part(1, 300)
    assert january.whole.parts[Fate.UNKNOWN] == Part(1, 200)
    assert (february.month, february.whole.parts[Fate.TALKING]) == ("2026-02", Part(1, 50))


def test_reasons_are_counted_once_each_and_only_of_what_is_off():
    many = [intent(off_for="price"), intent(off_for="funds"), intent(off_for="price")]
    many += [intent(off_for="quality", withdrawn=9), intent(off_for="funds", at_odds=True), intent()]

    assert reasons_of(many, AS_OF) == {"price": 2, "funds": 1}


_DAYS = st.integers(0, 364)


@st.composite
def intents(draw):
    agreed = draw(_DAYS)
    later = st.none() | st.integers(agreed, 364)
    return intent(
        agreed,
        news=draw(later),
        contracted=draw(later),
        withdrawn=draw(later),
        amount=draw(st.integers(1, 10**12)),
        off_for=draw(st.none() | st.sampled_from(["price", "funds"])),
        at_odds=draw(st.booleans()),
    )


@settings(deadline=None)
@given(st.lists(intents(), max_size=40))
def test_slices_and_months_add_up_to_all(many):
    whole = whole_of(many, AS_OF)

    assert whole.all == Part(len(many), sum(each.amount for each in many))
    assert sum(part.count for part in whole.parts.values()) == whole.all.count
    assert sum(part.amount for part in whole.parts.values()) == whole.all.amount
    assert sum(reasons_of(many, AS_OF).values()) == whole.parts[Fate.OFF].count
    months = cohorts_of(many, AS_OF)
    assert sum(cohort.whole.all.count for cohort in months) == whole.all.count
    assert sum(cohort.whole.all.amount for cohort in months) == whole.all.amount


@settings(deadline=None, max_examples=60)
@given(st.lists(intents(), min_size=8, max_size=40))
def test_the_curve_never_falls_and_stays_between_nothing_and_all(many):
    waiting = waiting_of(many, AS_OF)

    shares = [share for _day, share in waiting.steps]
    assert waiting.steps[0] == (0, 0.0)
    assert all(before <= after + 1e-12 for before, after in itertools.pairwise(shares))
    assert all(-1e-12 <= share <= 1 + 1e-12 for share in shares)
    for mark in waiting.marks:
        if mark.low is not None and mark.high is not None:
            assert mark.low - 1e-9 <= mark.share <= mark.high + 1e-9


def test_those_still_waiting_are_not_taken_for_lost():
    """Four signed on day 10; four confirmed only five days ago say nothing of the tenth day."""
    many = [intent(0, contracted=10) for _ in range(4)] + [intent(0) for _ in range(4)]
    young = [intent(359) for _ in range(4)]

    assert waiting_of(many, AS_OF).steps[-1] == (364, pytest.approx(0.5))
    mark = waiting_of(many + young, AS_OF).marks[0]
    assert (mark.days, mark.waiting, mark.share) == (30, 4, pytest.approx(0.5))


def test_the_withdrawn_stay_among_those_who_were_not_contracted():
    signed = [intent(0, contracted=20) for _ in range(4)]
    gone = [intent(0, withdrawn=5) for _ in range(4)]

    waiting = waiting_of(signed + gone, AS_OF)

    assert waiting.marks[0].share == pytest.approx(0.5)
    assert waiting.half_in == 20


def test_kaplan_and_meier_by_hand():
    """8 intents: one signed on day 10 of 8 waiting, one on day 40 of 4 waiting (3 are younger)."""
    many = [intent(0, contracted=10), intent(0, contracted=40), *(intent(0) for _ in range(3))]
    many += [intent(364 - 20) for _ in range(3)]

    marks = {mark.days: mark for mark in waiting_of(many, AS_OF).marks}

    assert marks[30].share == pytest.approx(1 / 8)
    assert marks[60].share == pytest.approx(1 - (7 / 8) * (3 / 4))
    assert (marks[30].waiting, marks[60].waiting) == (4, 3)


def test_fewer_than_eight_have_no_curve():
    assert waiting_of([intent(0, contracted=3)] * 7, AS_OF) is None
    assert waiting_of([intent(0, contracted=3)] * 8, AS_OF).half_in == 3


def test_a_wait_longer_than_any_known_is_not_spoken_of():
    assert [mark.days for mark in waiting_of([intent(364 - 70)] * 8, AS_OF).marks] == [30, 60]
