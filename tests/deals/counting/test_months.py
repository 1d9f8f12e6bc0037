"""Which month a deal and its withdrawal stand in."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from matchmaker.deals.counting import (
    DealKind,
    EventFacts,
    FrozenMonth,
    month_of,
    standing,
)
from tests.deals.counting.ledgers import (
    YI,
    agreed,
    counted,
    deal,
    entry,
    event,
    frozen,
    moment,
    only,
)


def test_the_own_month_is_the_events_or_the_first_common_consent():
    late_consent = agreed("2024-01-31", "2024-02-01 00:00")
    amended = [*late_consent, entry("amend", "buyer", "2024-05-01", 5), entry("confirm", "seller", "2024-05-02")]

    assert only(deal(entries=late_consent)).month == "2024-02"
    assert only(deal(entries=agreed("2024-01-31 23:59"))).month == "2024-01"
    assert only(deal(entries=amended)).month == "2024-02"
    assert (only(deal(entries=amended, event="E1"), events=[event()]).month) == "2024-03"


def test_a_deal_confirmed_strictly_before_the_freeze_stays_in_its_month():
    march = [frozen("2024-03", "2024-04-05 18:00")]
    given = {"events": [event()], "months": march}

    assert only(deal(event="E1", entries=agreed("2024-03-21", "2024-04-05 17:59")), **given).month == "2024-03"
    late = only(deal(event="E1", entries=agreed("2024-03-21", "2024-04-05 18:00")), **given)
    assert (late.month, late.late) == ("2024-04", True)


def test_a_late_deal_moves_past_every_frozen_month_and_stops_at_a_gap():
    months = [frozen("2024-03", "2024-04-01"), frozen("2024-04", "2024-05-01"), frozen("2024-06", "2024-07-01")]
    late = deal(event="E1", entries=agreed("2024-03-21", "2024-08-01"))

    assert only(late, events=[event()], months=months).month == "2024-05"
    closed = [*months, frozen("2024-05", "2024-06-01")]
    assert only(late, events=[event()], months=closed).month == "2024-07"


def test_a_late_deal_stays_in_the_month_that_froze_with_it():
    months = [frozen("2024-03", "2024-04-01"), frozen("2024-04", "2024-05-01"), frozen("2024-05", "2024-06-01")]

    assert (
        only(deal(event="E1", entries=agreed("2024-03-21", "2024-04-20")), events=[event()], months=months).month
        == "2024-04"
    )


def test_the_year_turns_after_december():
    december = event(held_on=date(2023, 12, 20))
    late = deal(event="E1", entries=agreed("2023-12-21", "2024-02-01"))

    assert only(late, events=[december], months=[frozen("2023-12", "2024-01-05")]).month == "2024-01"


def test_a_freeze_after_the_day_is_ignored():
    late = deal(event="E1", entries=agreed("2024-03-21", "2024-04-10"))
    given = {"events": [event()], "months": [frozen("2024-03", "2024-04-06")], "as_of": date(2024, 4, 10)}

    assert only(late, **given).month == "2024-04"
    assert only(late, **given | {"months": [frozen("2024-03", "2024-04-11")]}).month == "2024-03"


def test_what_happens_between_the_day_and_a_later_freeze_is_ignored():
    disputed = deal(
        entries=[*agreed(), entry("dispute", "buyer", "2024-04-11"), entry("resolve", "buyer", "2024-04-13")]
    )

    assert only(disputed, months=[frozen("2024-03", "2024-04-12")], as_of=date(2024, 4, 10)).month == "2024-03"


def test_a_verification_at_the_moment_of_the_freeze_comes_too_late_for_it():
    verified = deal(entries=[*agreed(), entry("verify", "office", "2024-04-05 18:00")], amount=10 * YI)

    assert only(verified, months=[frozen("2024-03", "2024-04-05 18:00")]).month == "2024-04"


@pytest.mark.parametrize("month_frozen_at", ["2024-03-25", "2024-04-05"])
def test_what_kept_a_deal_out_of_gross_at_the_freeze_makes_it_late(month_frozen_at):
    given = {"events": [event(held_on=date(2024, 3, 2))], "months": [frozen("2024-03", month_frozen_at)]}
    stopped, released = "2024-03-20", "2024-04-20"
    disputed = [*agreed(), entry("dispute", "buyer", stopped), entry("resolve", "buyer", released)]

    assert only(deal(event="E1", entries=disputed), **given).month == "2024-04"
    assert (
        only(deal(event="E1", entries=[*agreed(), entry("verify", "office", released)], amount=10 * YI), **given).month
        == "2024-04"
    )
    withdrawn_later = [*agreed(), entry("withdraw", "buyer", released)]
    assert only(deal(event="E1", entries=withdrawn_later), **given).month == "2024-03"
    withdrawn_before = [*agreed(), entry("withdraw", "buyer", stopped)]
    assert only(deal(event="E1", entries=withdrawn_before), **given).month == "2024-03"


def test_what_left_gross_after_the_freeze_and_came_back_is_not_late():
    came_back = [*agreed(), entry("dispute", "buyer", "2024-04-10"), entry("resolve", "buyer", "2024-05-10")]

    assert only(deal(entries=came_back), months=[frozen("2024-03", "2024-04-01")]).month == "2024-03"


def test_a_month_may_freeze_before_it_ends():
    early = [frozen("2024-03", "2024-03-15")]

    assert only(deal(entries=agreed("2024-03-14")), months=early).month == "2024-03"
    assert only(deal(entries=agreed("2024-03-16")), months=early).month == "2024-04"


def test_a_deal_of_an_event_not_yet_held_at_the_freeze_was_not_in_gross():
    before_the_event = deal(event="E1", entries=agreed("2024-03-10"))

    assert only(before_the_event, events=[event()], months=[frozen("2024-03", "2024-03-19 18:00")]).month == "2024-04"
    assert only(before_the_event, events=[event()], months=[frozen("2024-03", "2024-03-20 18:00")]).month == "2024-03"


def test_a_freeze_reads_the_amount_in_force_then():
    entries = [*agreed(), entry("amend", "buyer", "2024-03-11", 10 * YI), entry("confirm", "seller", "2024-03-12")]
    lowered = [*entries, entry("amend", "buyer", "2024-04-11", 5), entry("confirm", "seller", "2024-04-12")]

    assert only(deal(entries=lowered), months=[frozen("2024-03", "2024-04-01")]).month == "2024-04"


def withdrawn_in(at: str, *months: FrozenMonth, event_: EventFacts | None = None) -> str | None:
    withdrawn = deal(entries=[*agreed(), entry("withdraw", "buyer", at)], event=event_ and event_.id)
    return only(withdrawn, months=months, events=[event_] if event_ else []).withdrawn_in


def test_a_withdrawal_is_booked_to_its_own_month():
    assert withdrawn_in("2024-07-01 00:00") == "2024-07"
    assert withdrawn_in("2024-06-30 23:59") == "2024-06"


def test_a_withdrawal_moves_past_months_frozen_by_that_moment():
    freeze = frozen("2024-07", "2024-07-20 18:00")

    assert withdrawn_in("2024-07-20 17:59", freeze) == "2024-07"
    assert withdrawn_in("2024-07-20 18:00", freeze) == "2024-08"
    assert withdrawn_in("2024-07-21", freeze, frozen("2024-08", "2024-07-20")) == "2024-09"
    assert withdrawn_in("2024-07-21", freeze, frozen("2024-08", "2024-08-20")) == "2024-08"


def test_a_withdrawal_is_never_booked_before_the_deal_itself():
    assert withdrawn_in("2024-03-15", event_=event(held_on=date(2024, 6, 1))) == "2024-06"
    assert withdrawn_in("2024-03-15", frozen("2024-03", "2024-03-12"), frozen("2024-04", "2024-03-14")) == "2024-05"


def test_a_month_adds_what_came_in_and_takes_what_was_withdrawn():
    result = counted(
        deal("1", amount=100),
        deal("2", [*agreed("2024-03-10", "2024-04-20")], amount=20, event="E1"),
        deal("3", [*agreed("2024-04-02"), entry("withdraw", "buyer", "2024-04-03")], amount=7),
        deal("4", amount=1_000, kind=DealKind.CREDIT),
        events=[event()],
        months=[frozen("2024-03", "2024-04-15")],
    )

    found = {month: (m.on_time, m.late, m.withdrawn, m.net) for month, m in result.by_month.items()}
    assert found == {"2024-03": (100, 0, 0, 100), "2024-04": (7, 20, 7, 20)}


def test_the_month_shows_the_present_amount_restated():
    entries = [*agreed(), entry("amend", "buyer", "2024-05-01", 5), entry("confirm", "seller", "2024-05-02")]

    assert counted(deal(entries=entries), months=[frozen("2024-03", "2024-04-01")]).by_month["2024-03"].net == 5


def test_the_month_of_a_moment_is_shanghais():
    assert month_of(datetime(2024, 1, 31, 16, tzinfo=UTC)) == "2024-02"
    assert month_of(date(2024, 1, 31)) == "2024-01"


def test_the_standing_of_a_deal_can_be_asked_at_any_moment():
    amended = deal(
        entries=[*agreed(), entry("amend", "buyer", "2024-03-11", 5), entry("confirm", "seller", "2024-03-12")]
    )

    assert [standing(amended, moment(day)).amount for day in ("2024-03-10", "2024-03-12", "2024-03-13")] == [
        1_000_000,
        1_000_000,
        5,
    ]
    assert standing(amended, moment("2024-03-10")).declared is False
