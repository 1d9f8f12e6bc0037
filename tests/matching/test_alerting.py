from __future__ import annotations

from datetime import UTC, datetime

import pytest

from matchmaker.enterprises.models import LineKind
from matchmaker.matching.alerting import WORTH_TELLING, Seen, last_round, sort_out
from matchmaker.matching.models import Frequency

LINE, FIRM, ASKED = (LineKind.CAPABILITY, 7), (LineKind.ENTERPRISE, 3), (LineKind.NEED, 9)


def seen(key="firm:3", score=WORTH_TELLING):
    return Seen(key, 3, "试样公司", "压铸模", 14, score, frozenset({LINE, FIRM}))


def keys(answers):
    return [each.key for each in answers]


@pytest.mark.parametrize("changed", [{LINE: 11}, {FIRM: 11}, {ASKED: 11}])
def test_an_answer_is_news_when_its_line_its_firm_or_the_question_has_changed(changed):
    result = sort_out([seen()], known=(), changed=changed, since=10, asked=frozenset({ASKED}))

    assert (keys(result.news), result.quiet) == (["firm:3"], ())


@pytest.mark.parametrize("changed", [{}, {LINE: 10}, {(LineKind.CAPABILITY, 8): 11}])
def test_an_answer_that_only_moved_up_the_list_is_remembered_in_silence(changed):
    result = sort_out([seen()], known=(), changed=changed, since=10)

    assert (result.news, keys(result.quiet)) == ((), ["firm:3"])


def test_the_first_look_only_learns_what_is_there():
    result = sort_out([seen()], known=(), changed={LINE: 11}, since=None)

    assert (result.news, keys(result.quiet)) == ((), ["firm:3"])


def test_what_is_known_is_neither_told_nor_remembered_twice():
    result = sort_out([seen()], known={"firm:3"}, changed={LINE: 11}, since=10)

    assert (result.news, result.quiet) == ((), ())


def test_an_answer_below_the_bar_is_not_remembered_so_that_it_is_news_once_it_is_better():
    result = sort_out([seen(score=WORTH_TELLING - 1)], known=(), changed={LINE: 11}, since=10)

    assert (result.news, result.quiet) == ((), ())


def test_the_best_news_comes_first():
    result = sort_out([seen("firm:1", 6_100), seen("firm:2", 9_000)], known=(), changed={LINE: 11}, since=10)

    assert keys(result.news) == ["firm:2", "firm:1"]


@pytest.mark.parametrize(
    ("frequency", "now", "round_"),
    [
        (Frequency.DAILY, datetime(2026, 3, 4, 0, 0, tzinfo=UTC), datetime(2026, 3, 4, 0, 0, tzinfo=UTC)),
        (Frequency.DAILY, datetime(2026, 3, 3, 23, 59, tzinfo=UTC), datetime(2026, 3, 3, 0, 0, tzinfo=UTC)),
        (Frequency.DAILY, datetime(2026, 3, 3, 16, 30, tzinfo=UTC), datetime(2026, 3, 3, 0, 0, tzinfo=UTC)),
        (Frequency.WEEKLY, datetime(2026, 3, 2, 0, 0, tzinfo=UTC), datetime(2026, 3, 2, 0, 0, tzinfo=UTC)),
        (Frequency.WEEKLY, datetime(2026, 3, 1, 23, 59, tzinfo=UTC), datetime(2026, 2, 23, 0, 0, tzinfo=UTC)),
        (Frequency.WEEKLY, datetime(2026, 3, 7, 12, 0, tzinfo=UTC), datetime(2026, 3, 2, 0, 0, tzinfo=UTC)),
    ],
)
def test_rounds_are_at_eight_in_the_morning_in_shanghai_weekly_on_mondays(frequency, now, round_):
    assert last_round(frequency, now) == round_
