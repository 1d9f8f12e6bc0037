from __future__ import annotations

from typing import get_args

import pytest

from matchmaker.matching.api.suggestions import Reason
from matchmaker.matching.engine import Part
from matchmaker.matching.grading import grade, is_lead, speaks_of
from matchmaker.matching.learning import EVERYTHING
from matchmaker.matching.models import Outcome, Verdict
from matchmaker.matching.words import REASONS


@pytest.mark.parametrize(
    ("verdict", "outcomes", "expected"),
    [
        (None, [], None),
        (Verdict.INTERESTED, [], 1),
        (Verdict.PARTNERS, [], 1),
        (Verdict.UNSUITABLE, [], 0),
        (None, [Outcome.ASKED], 1),
        (None, [Outcome.ASKED, Outcome.ACCEPTED], 2),
        (None, [Outcome.ASKED, Outcome.DECLINED], 1),
        (None, [Outcome.ASKED, Outcome.WITHDRAWN], None),
        (None, [Outcome.ASKED, Outcome.ACCEPTED, Outcome.NOTHING], 1),
        (None, [Outcome.ASKED, Outcome.ACCEPTED, Outcome.MISSED], 2),
        (None, [Outcome.ASKED, Outcome.ACCEPTED, Outcome.NOTHING, Outcome.INTENT], 3),
        (None, [Outcome.ASKED, Outcome.ACCEPTED, Outcome.INTENT, Outcome.NOTHING], 1),
        (None, [Outcome.ASKED, Outcome.ACCEPTED, Outcome.FOLLOW_UP, Outcome.DEAL], 3),
        (None, [Outcome.ASKED, Outcome.ACCEPTED, Outcome.FOLLOW_UP, Outcome.DEAL, Outcome.ENDED], 2),
        (Verdict.UNSUITABLE, [Outcome.ASKED, Outcome.ACCEPTED, Outcome.FOLLOW_UP], 0),
        (Verdict.UNSUITABLE, [Outcome.ASKED, Outcome.ACCEPTED, Outcome.INTENT, Outcome.DEAL], 3),
        (Verdict.INTERESTED, [Outcome.ASKED, Outcome.ACCEPTED], 2),
    ],
)
def test_the_furthest_step_says_most_and_of_a_step_the_latest_word_stands(verdict, outcomes, expected) -> None:
    assert grade(verdict, outcomes) == expected


def test_a_partner_known_already_is_no_lead_even_when_they_met() -> None:
    assert is_lead(Verdict.INTERESTED, [])
    assert is_lead(None, [Outcome.ASKED])
    assert not is_lead(None, [Outcome.ASKED, Outcome.WITHDRAWN])
    assert not is_lead(Verdict.PARTNERS, [])
    assert not is_lead(Verdict.PARTNERS, [Outcome.ASKED, Outcome.ACCEPTED])


def test_too_far_away_speaks_of_the_region_and_nothing_else() -> None:
    assert speaks_of(Verdict.UNSUITABLE, "distance") == {Part.REGION}
    assert speaks_of(Verdict.UNSUITABLE, "") == EVERYTHING
    assert speaks_of(Verdict.UNSUITABLE, "other") == frozenset()


def test_every_reason_offered_but_the_last_speaks_of_something() -> None:
    silent = [reason for reason in REASONS if not speaks_of(Verdict.UNSUITABLE, reason)]

    assert silent == ["other"]


def test_every_reason_people_may_give_is_offered_alike_on_the_page_and_to_programs():
    assert set(get_args(Reason)) == {"", *REASONS}


def test_what_a_refusal_speaks_of_is_a_reason_that_can_be_given():
    assert {reason for reason in REASONS if speaks_of(Verdict.UNSUITABLE, reason)} == set(REASONS) - {"other"}
