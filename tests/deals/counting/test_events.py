"""Which events count, and how many enterprises were there."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from matchmaker.deals.counting import (
    EnterpriseKind,
)
from tests.deals.counting.ledgers import (
    TWO_SIDES,
    checked_in,
    counted,
    event,
    event_reason,
    firm,
)


def test_an_event_with_both_sides_and_enough_enterprises_counts():
    assert event_reason(event(check_ins=TWO_SIDES)) == "counted"
    assert event_reason(event(check_ins=TWO_SIDES), floor=3) == "too_few"


def test_the_floor_is_ten_unless_the_programme_says_otherwise():
    nine, ten = [checked_in(codes, "buyer") + checked_in("A", "seller") for codes in ("ABCDEFGHI", "ABCDEFGHIJ")]
    result = counted(firms=[firm(code) for code in "ABCDEFGHIJ"], events=[event("9", nine), event("10", ten)])

    assert {id_: found.reason for id_, found in result.events.items()} == {"9": "too_few", "10": "counted"}


@pytest.mark.parametrize("side", ["buyer", "seller"])
def test_an_event_with_one_side_only_does_not_count(side):
    assert event_reason(event(check_ins=checked_in("AB", side))) == "one_sided"


def test_a_firm_on_both_sides_is_one_enterprise_and_serves_both_sides():
    both = checked_in("A", "buyer") + checked_in("A", "seller")

    assert event_reason(event(check_ins=both), floor=1) == "counted"
    assert event_reason(event(check_ins=both), floor=2) == "too_few"


@pytest.mark.parametrize("kind", ["institution", "university", "bank", "association"])
def test_only_enterprises_count_towards_the_floor_and_the_sides(kind):
    firms = [firm("A"), firm("B"), replace(firm("C"), kind=EnterpriseKind(kind))]

    assert event_reason(event(check_ins=checked_in("A") + checked_in("C", "seller")), firms, floor=2) == "too_few"
    assert event_reason(event(check_ins=checked_in("AB") + checked_in("C", "seller")), firms) == "one_sided"
    assert (
        counted(firms=firms, events=[event(check_ins=TWO_SIDES + checked_in("C"))], min_enterprises=1).attendances == 2
    )


def test_the_first_fault_of_an_event_is_its_reason():
    faults = {"held_on": date(2025, 1, 1), "approved": False, "own_matching": False}
    reasons = []
    for fault in (*faults, None):
        reasons.append(event_reason(event(check_ins=checked_in("A"), **faults)))
        if fault:
            del faults[fault]

    assert reasons == ["after_as_of", "not_approved", "no_own_matching", "too_few"]


def test_an_event_of_the_day_itself_has_been_held():
    held = event(check_ins=checked_in("AB") + checked_in("A", "seller"))

    assert event_reason(held, as_of=date(2024, 3, 19)) == "after_as_of"
    assert event_reason(held, as_of=date(2024, 3, 20)) == "counted"


def test_a_check_in_after_the_day_is_ignored():
    late = checked_in("B", "seller", "2024-03-21 00:00")
    in_time = checked_in("B", "seller", "2024-03-20 23:59:59.999999")

    assert event_reason(event(check_ins=checked_in("A") + late), as_of=date(2024, 3, 20)) == "too_few"
    assert event_reason(event(check_ins=checked_in("A") + in_time), as_of=date(2024, 3, 20)) == "counted"


def test_children_of_a_main_stage_count_by_their_own_check_ins():
    firms = [firm("A"), firm("B", None), firm("C")]
    result = counted(
        firms=firms,
        events=[
            event("main", TWO_SIDES + checked_in("C"), own_matching=False),
            event("east", TWO_SIDES, parent="main"),
            event("west", checked_in("A") + checked_in("AB", "seller"), parent="main"),
        ],
        min_enterprises=2,
    )

    assert result.events_counted == 2
    assert (result.enterprises, result.enterprises_in_province, result.attendances) == (2, 1, 4)
    assert result.events["main"].enterprises == {"A", "B", "C"}
